/**
 * The SIMD scanner, in AssemblyScript: what json-scanner.ts does, for the lines that make up nearly all of any input.
 * Whatever is rare (escaped or very long keys, deep nesting, lines that are wrong in any way) it does not judge: it
 * stops before the line and leaves it to the TypeScript scanner. So it must never accept a line that the grammar
 * refuses, but it may decline any line it likes. UTF-8 is checked outside, over the whole chunk.
 *
 * One instance serves one chunk buffer. Memory, from the heap base up: shape, wanted names, columns, lines, chunk.
 * Every line ends in a newline and 64 bytes behind the last one can be read, hence nothing here looks for the end.
 * The keys of a line are expected to be those of the line before (Li et al., Mison, 2017) and compared by 16 bytes.
 */
import {
  escaped,
  exact,
  isDigit,
  skipNested,
  skipNumber,
  skipSpace,
  skipString,
  skipWord,
  value,
} from './grammar.as';
import { hashBytes } from './hash.as';

// Why scan() stopped; the TypeScript side knows these numbers (wasm-scanner.ts).
const STOP_RANGE: i32 = 0;
const STOP_FULL: i32 = 1;
const STOP_CONTROL: i32 = 2;
const STOP_DECLINED: i32 = 3;

// Tags of column.ts.
const TAG_NULL: u8 = 1;
const TAG_FALSE: u8 = 2;
const TAG_TRUE: u8 = 3;
const TAG_NUMBER: u8 = 4;
const TAG_EXACT: u8 = 5;
const TAG_TEXT: u8 = 6;
const TAG_ESCAPED: u8 = 7;
const TAG_OBJECT: u8 = 9;
const TAG_ARRAY: u8 = 10;

const MAX_TOKENS: i32 = 64;
const TOKEN_STRIDE: usize = 64;
const MAX_TOKEN_BYTES: i32 = 48;
const TOLERATED_SURPRISES: i32 = 2;
/** Length, head and padding of a token, behind its bytes in the same 64: one cache line a token. */
const TOKEN_LENGTH: usize = 48;
const TOKEN_HEAD: usize = 52;
/** A wanted name: 48 bytes, then its length and whether its texts are hashed. */
const NAME_STRIDE: usize = 64;
const NAME_LENGTH: usize = 48;
const NAME_HASHED: usize = 52;

let tokens: usize = 0;
let tokenCount: i32 = 0;
let surprises: i32 = 0;
let names: usize = 0;
let headCount: i32 = 0;
/** Some wanted name is too long for us: keys as long as that must be declined. */
let longNames: bool = false;
let columns: usize = 0;
let columnBytes: usize = 0;
let capacity: usize = 0;
let lineStarts: usize = 0;
let lineEnds: usize = 0;
let chunk: usize = 0;

/**
 * Where the last scan stopped: an offset in the chunk, and how far the batch and the count of lines have
 * come.
 */
export let position: usize = 0;
export let row: i32 = 0;
export let lines: i32 = 0;

/**
 * Lays memory out for `heads` columns of `rows` rows and a chunk; returns where the chunk is, 0 without
 * memory.
 */
export function init(rows: i32, heads: i32, chunkBytes: i32): usize {
  capacity = rows;
  headCount = heads;
  tokens = (__heap_base + 63) & ~63;
  names = tokens + MAX_TOKENS * TOKEN_STRIDE;
  columns = names + <usize>heads * NAME_STRIDE;
  // Numbers first, for their alignment: 8 bytes, then starts, lengths, hashes, twins of 4, then tags.
  columnBytes = (capacity * 25 + 63) & ~63;
  lineStarts = columns + <usize>heads * columnBytes;
  lineEnds = lineStarts + capacity * 4;
  chunk = (lineEnds + capacity * 4 + 63) & ~63;
  const pages = <i32>((chunk + <usize>chunkBytes + 64 + 0xffff) >>> 16);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return chunk;
}

/** Where the arrays of a head begin; they follow each other as said in init. */
export function columnAt(head: i32): usize {
  return columns + <usize>head * columnBytes;
}

/** Where the line starts are; the ends follow. */
export function linesAt(): usize {
  return lineStarts;
}

/** Where to write the bytes of a head's name; then call setName. */
export function nameAt(head: i32): usize {
  return names + <usize>head * NAME_STRIDE;
}

/** Says how long a name is; one that does not fit must be told here as well, but not be written. */
export function setName(head: i32, length: i32, hashed: bool): void {
  const at = names + <usize>head * NAME_STRIDE;
  store<i32>(at + NAME_LENGTH, length);
  store<i32>(at + NAME_HASHED, <i32>hashed);
  if (length > MAX_TOKEN_BYTES) longNames = true;
}

// @ts-ignore: decorator
@inline
function differences(p: usize, token: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(p), v128.load(token)));
}

/** Whether the bytes at `p` begin with a token; sixteen at a time. */
// @ts-ignore: decorator
@inline
function begins(p: usize, token: usize): bool {
  const length = load<i32>(token + TOKEN_LENGTH);
  const first = differences(p, token);
  if (length <= 16) return (first & ((1 << length) - 1)) == 0;
  if (first != 0) return false;
  const second = differences(p + 16, token + 16);
  if (length <= 32) return (second & ((1 << (length - 16)) - 1)) == 0;
  return second == 0 && (differences(p + 32, token + 32) & ((1 << (length - 32)) - 1)) == 0;
}

/** The head of the key whose opening quote is at `p` and closing one at `end`, or -1. */
function findHead(p: usize, end: usize): i32 {
  const length = <i32>(end - p - 1);
  for (let head = 0; head < headCount; head++) {
    const name = names + <usize>head * NAME_STRIDE;
    if (load<i32>(name + NAME_LENGTH) == length && memory.compare(name, p + 1, length) == 0) return head;
  }
  return -1;
}

/** Puts the key token in the bytes p..colon at the end of the shape. */
function learn(p: usize, length: i32, head: i32): void {
  const token = tokens + <usize>tokenCount * TOKEN_STRIDE;
  memory.copy(token, p, length);
  store<i32>(token + TOKEN_LENGTH, length);
  store<i32>(token + TOKEN_HEAD, head);
  tokenCount++;
}

// What a key that was not foreseen turned out to be: lookUp returns the position behind its colon.
let foundHead: i32 = 0;
let foundToken: i32 = 0;

/**
 * A key that is not token number `expected`: one of the two behind it, or found among the names. 0 declines.
 */
function lookUp(p: usize, expected: i32): usize {
  const to = min(expected + 3, tokenCount);
  for (let index = expected + 1; index < to; index++) {
    const token = tokens + <usize>index * TOKEN_STRIDE;
    if (begins(p, token)) {
      foundHead = load<i32>(token + TOKEN_HEAD);
      foundToken = index;
      return p + load<i32>(token + TOKEN_LENGTH);
    }
  }
  if (load<u8>(p) != 0x22) return 0;
  const end = skipString(p + 1);
  if (end == 0 || escaped) return 0;
  const colon = skipSpace(end + 1);
  if (load<u8>(colon) != 0x3a) return 0;
  const length = <i32>(colon + 1 - p);
  if (length > MAX_TOKEN_BYTES && longNames) return 0;
  foundHead = findHead(p, end);
  foundToken = expected - 1;
  if (expected == tokenCount && expected < MAX_TOKENS && length <= MAX_TOKEN_BYTES && colon == end + 1) {
    learn(p, length, foundHead);
    foundToken = expected;
  } else surprises++;
  return colon + 1;
}

/** Puts a value into row `r` of a head's column. */
// @ts-ignore: decorator
@inline
function put(head: i32, r: usize, tag: u8, start: usize, length: u32): void {
  const column = columns + <usize>head * columnBytes;
  if (tag == TAG_NUMBER) store<f64>(column + (r << 3), value);
  store<u32>(column + capacity * 8 + (r << 2), <u32>(start - chunk));
  store<u32>(column + capacity * 12 + (r << 2), length);
  if (tag == TAG_TEXT && load<i32>(names + <usize>head * NAME_STRIDE + NAME_HASHED) != 0) {
    store<u32>(column + capacity * 16 + (r << 2), hashBytes(start, length));
  }
  store<u8>(column + capacity * 24 + r, tag);
}

/** Scans a line from its opening brace into row `r`; returns the position of its newline, or 0 to decline. */
// @ts-ignore: decorator
@inline
function scanLine(p: usize, r: usize): usize {
  let expected = 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x7d) p++;
  else {
    while (true) {
      let head: i32;
      const token = tokens + <usize>expected * TOKEN_STRIDE;
      if (expected < tokenCount && begins(p, token)) {
        head = load<i32>(token + TOKEN_HEAD);
        p += load<i32>(token + TOKEN_LENGTH);
        expected++;
      } else {
        p = lookUp(p, expected);
        if (p == 0) return 0;
        head = foundHead;
        expected = foundToken + 1;
      }
      let byte: u32 = load<u8>(p);
      if (byte <= 0x20) {
        p = skipSpace(p);
        byte = load<u8>(p);
      }
      let start = p;
      let length: u32;
      let tag: u8;
      if (byte == 0x22) {
        start++;
        p = skipString(start);
        if (p == 0) return 0;
        length = <u32>(p - start);
        p++;
        tag = escaped ? TAG_ESCAPED : TAG_TEXT;
      } else {
        if (byte == 0x2d || isDigit(byte)) {
          p = skipNumber(p);
          tag = exact ? TAG_EXACT : TAG_NUMBER;
        } else if (byte == 0x7b || byte == 0x5b) {
          p = skipNested(p);
          tag = byte == 0x7b ? TAG_OBJECT : TAG_ARRAY;
        } else {
          p = skipWord(p, byte);
          tag = byte == 0x6e ? TAG_NULL : byte == 0x74 ? TAG_TRUE : TAG_FALSE;
        }
        if (p == 0) return 0;
        length = <u32>(p - start);
      }
      if (head >= 0) put(head, r, tag, start, length);
      byte = load<u8>(p);
      if (byte <= 0x20) {
        p = skipSpace(p);
        byte = load<u8>(p);
      }
      p++;
      if (byte == 0x2c) {
        if (load<u8>(p) <= 0x20) p = skipSpace(p);
        continue;
      }
      if (byte == 0x7d) break;
      return 0;
    }
  }
  store<u32>(lineEnds + (r << 2), <u32>(p - chunk));
  p = skipSpace(p);
  return load<u8>(p) == 0x0a ? p : 0;
}

/** `"$leat":` and `{"$leat"` as little-endian words. */
const CONTROL_KEY: u64 = 0x3a22_7461_656c_2422;
const CONTROL_HEAD: u64 = 0x2274_6165_6c24_227b;

/** Clears row `r` of every column, which a line that was declined half-way may have filled. */
function clearRow(r: usize): void {
  for (let head = 0; head < headCount; head++) {
    store<u8>(columns + <usize>head * columnBytes + capacity * 24 + r, 0);
  }
}

/** Whether rows `a` and `b` of a column hold the same bytes. */
// @ts-ignore: decorator
@inline
function isSameText(column: usize, a: usize, b: usize): bool {
  const starts = column + capacity * 8;
  const lengths = column + capacity * 12;
  const length = load<u32>(lengths + (a << 2));
  if (length != load<u32>(lengths + (b << 2))) return false;
  const first = chunk + load<u32>(starts + (a << 2));
  const second = chunk + load<u32>(starts + (b << 2));
  for (let at: u32 = 0; at < length; at += 16) {
    const left = length - at;
    const different = differences(first + at, second + at);
    if ((left < 16 ? different & ((1 << left) - 1) : different) != 0) return false;
  }
  return true;
}

/**
 * Fills the twins of rows [0, count) of a head: a row before with the same text, one of the last two different ones,
 * or the row itself. Rows that hold no text are their own.
 */
export function pair(head: i32, count: i32): void {
  const column = columns + <usize>head * columnBytes;
  const twins = column + capacity * 20;
  const tags = column + capacity * 24;
  let last: i32 = -1;
  let other: i32 = -1;
  for (let r = 0; r < count; r++) {
    let twin = r;
    if (load<u8>(tags + r) == TAG_TEXT) {
      if (last >= 0 && isSameText(column, last, r)) twin = last;
      else if (other >= 0 && isSameText(column, other, r)) {
        twin = other;
        other = last;
        last = twin;
      } else {
        other = last;
        last = r;
      }
    }
    store<u32>(twins + (<usize>r << 2), twin);
  }
}

/** Makes every row of every column missing. */
export function clear(): void {
  for (let head = 0; head < headCount; head++) {
    memory.fill(columns + <usize>head * columnBytes + capacity * 24, 0, capacity);
  }
}

/**
 * Scans the lines of the chunk from offset `from` to `to` into rows firstRow and up, at most to `limit` rows. Leaves
 * where it stopped in `position`, the next row in `row`, and how many lines it took in `lines`.
 */
export function scan(from: usize, to: usize, firstRow: i32, limit: i32, controlLines: bool): i32 {
  let p = chunk + from;
  const end = chunk + to;
  let r = firstRow;
  let taken = 0;
  let stop = STOP_RANGE;
  while (p < end) {
    if (r == limit) {
      stop = STOP_FULL;
      break;
    }
    let start = p;
    if (load<u8>(p) != 0x7b) {
      start = skipSpace(p);
      const byte = load<u8>(start);
      if (byte == 0x0a) {
        p = start + 1;
        taken++;
        continue;
      }
      if (byte != 0x7b) {
        stop = STOP_DECLINED;
        break;
      }
    } else if (controlLines) {
      if (load<u64>(p) == CONTROL_HEAD && load<u8>(p, 8) == 0x3a) {
        stop = STOP_CONTROL;
        break;
      }
      if (load<u8>(p, 1) == 0x20 && load<u64>(skipSpace(p + 1)) == CONTROL_KEY) {
        stop = STOP_DECLINED;
        break;
      }
    }
    if (surprises > TOLERATED_SURPRISES) tokenCount = 0;
    surprises = 0;
    const newline = scanLine(start, r);
    if (newline == 0) {
      clearRow(r);
      stop = STOP_DECLINED;
      break;
    }
    store<u32>(lineStarts + (r << 2), <u32>(start - chunk));
    r++;
    taken++;
    p = newline + 1;
  }
  position = p - chunk;
  row = r;
  lines = taken;
  return stop;
}
