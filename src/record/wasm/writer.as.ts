/**
 * Writes rows of a batch as NDJSON, in AssemblyScript: lines with a tail put before their closing brace, and
 * records made of columns. It does what encode.ts and encode-fields.ts do, for rows that need nothing but
 * copying and plain numbers; it stops before any other row and leaves it to them. So it must never write
 * anything that they would write differently, but it may stop before any row it likes.
 *
 * The TypeScript side (wasm-writer.ts) lays out the memory and says where things are. Copies go by 16 bytes,
 * past the end of what is copied: 64 bytes behind every source can be read, and behind the room written.
 */

const QUOTE: u8 = 0x22;
const SPACE: u8 = 0x20;
const OPEN: u8 = 0x7b;

// Tags of column.ts.
const TAG_NULL: u8 = 1;
const TAG_FALSE: u8 = 2;
const TAG_TRUE: u8 = 3;
const TAG_NUMBER: u8 = 4;
const TAG_TEXT: u8 = 6;
const TAG_RAW: u8 = 8;
const TAG_ARRAY: u8 = 10;

/** `null`, `true`, `fals` as little-endian words. */
const NULL_WORD: u32 = 0x6c6c_756e;
const TRUE_WORD: u32 = 0x6575_7274;
const FALS_WORD: u32 = 0x736c_6166;

/** Where the last call stopped writing, and before which row. */
export let written: usize = 0;
export let done: i32 = 0;

/** Copies bytes by 16, up to 15 more than asked for. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

/** Whether the object at `p` begins with a key that begins like the one of control lines. */
// @ts-ignore: decorator
@inline
function mayBeControlKin(p: usize): bool {
  p++;
  while (load<u8>(p) == SPACE) p++;
  return load<u16>(p) == 0x2422;
}

/**
 * Writes lines k of [from, count), each [starts[k], ends[k]) behind `chunk`, with tail number picks[k] in the place of
 * the closing brace and the white space before it, and a newline. A tail is `stride` bytes, the last four its
 * length. Stops before a line that is an empty object, with `escapes` also before kin of control lines.
 */
export function extend(
  chunk: usize,
  starts: usize,
  ends: usize,
  picks: usize,
  from: i32,
  count: i32,
  tails: usize,
  stride: usize,
  escapes: bool,
  out: usize,
  limit: usize,
): void {
  let p = out;
  let k: usize = from;
  for (; k < <usize>count; k++) {
    const start = chunk + load<u32>(starts + (k << 2));
    if (escapes && mayBeControlKin(start)) break;
    let end = chunk + load<u32>(ends + (k << 2)) - 1;
    while (load<u8>(end - 1) <= SPACE) end--;
    if (load<u8>(end - 1) == OPEN && end - 1 == start) break;
    const tail = tails + <usize>load<u8>(picks + k) * stride;
    const tailLength = <usize>load<u32>(tail + stride - 4);
    if (p + (end - start) + tailLength >= limit) break;
    copy(p, start, end - start);
    p += end - start;
    copy(p, tail, tailLength);
    p += tailLength;
    store<u8>(p++, 0x0a);
  }
  written = p;
  done = <i32>k;
}

/** Appends the digits of an integer at `p`; returns the position behind them. */
function putDigits(p: usize, value: u64): usize {
  let digits = 1;
  let bound: u64 = 10;
  while (value >= bound) {
    digits++;
    bound *= 10;
  }
  const end = p + digits;
  let at = end;
  while (value > 0xffff_ffff) {
    store<u8>(--at, 0x30 + <u8>(value % 10));
    value /= 10;
  }
  let small = <u32>value;
  while (at > p) {
    store<u8>(--at, 0x30 + <u8>(small % 10));
    small /= 10;
  }
  return end;
}

/** Appends an integer or a number of up to three decimals and 15 digits; 0 leaves another one to TypeScript. */
function putNumber(p: usize, value: f64): usize {
  const magnitude = abs(value);
  if (!(magnitude < 1e15)) return 0;
  const whole = <u64>magnitude;
  if (<f64>whole == magnitude) {
    if (value < 0) store<u8>(p++, 0x2d);
    return putDigits(p, whole);
  }
  const rounded = nearest(magnitude * 1000);
  if (!(rounded < 1e15) || rounded / 1000 != magnitude) return 0;
  const thousandths = <u64>rounded;
  if (value < 0) store<u8>(p++, 0x2d);
  p = putDigits(p, thousandths / 1000);
  const fraction = <u32>(thousandths % 1000);
  store<u8>(p, 0x2e);
  store<u8>(p, 0x30 + <u8>(fraction / 100), 1);
  store<u8>(p, 0x30 + <u8>((fraction / 10) % 10), 2);
  store<u8>(p, 0x30 + <u8>(fraction % 10), 3);
  p += 4;
  while (load<u8>(p - 1) == 0x30) p--;
  return p;
}

/** Copies text that nothing in needs an escape in JSON; returns whether it was such a text. */
// @ts-ignore: decorator
@inline
function copyPlain(to: usize, from: usize, length: usize): bool {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  for (let at: usize = 0; at < length; at += 16) {
    const bytes = v128.load(from + at);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)),
      i8x16.lt_u(bytes, space),
    );
    let mask = i8x16.bitmask(special);
    if (length - at < 16) mask &= (1 << (<i32>(length - at))) - 1;
    if (mask != 0) return false;
    v128.store(to + at, bytes);
  }
  return true;
}

// A field as wasm-writer.ts describes it, in words: its arrays by row, what its spans are spans of, its key.
const FIELD_BYTES: usize = 28;
const FIELD_NUMBERS: usize = 0;
const FIELD_STARTS: usize = 4;
const FIELD_LENGTHS: usize = 8;
const FIELD_TAGS: usize = 12;
const FIELD_SPANS: usize = 16;
const FIELD_KEY: usize = 20;
const FIELD_KEY_LENGTH: usize = 24;

/** Appends the value of row `r` of a field; 0 leaves it to TypeScript. */
// @ts-ignore: decorator
@inline
function putValue(p: usize, field: usize, r: usize, tag: u8, limit: usize): usize {
  if (tag >= TAG_NUMBER && tag <= TAG_ARRAY) {
    const length = <usize>load<u32>(<usize>load<u32>(field + FIELD_LENGTHS) + (r << 2));
    if (tag == TAG_NUMBER && length == 0) {
      return putNumber(p, load<f64>(<usize>load<u32>(field + FIELD_NUMBERS) + (r << 3)));
    }
    if (p + length >= limit) return 0;
    const start =
      <usize>load<u32>(field + FIELD_SPANS) +
      <usize>load<u32>(<usize>load<u32>(field + FIELD_STARTS) + (r << 2));
    if (tag >= TAG_TEXT && tag <= TAG_RAW) {
      store<u8>(p++, QUOTE);
      if (tag != TAG_RAW) copy(p, start, length);
      else if (!copyPlain(p, start, length)) return 0;
      p += length;
      store<u8>(p++, QUOTE);
      return p;
    }
    copy(p, start, length);
    return p + length;
  }
  if (tag <= TAG_NULL) {
    store<u32>(p, NULL_WORD);
    return p + 4;
  }
  if (tag == TAG_TRUE) {
    store<u32>(p, TRUE_WORD);
    return p + 4;
  }
  if (tag == TAG_FALSE) {
    store<u32>(p, FALS_WORD);
    store<u8>(p, 0x65, 4);
    return p + 5;
  }
  return 0;
}

/**
 * Writes rows rows[k], k of [from, count), as records: the lead, then the fields with their keys, brace and newline.
 * Stops before a row with a value that is more than copying, and where the room ends. `fixed` is more than all keys,
 * the lead and the numbers of a row can take.
 */
export function compose(
  rows: usize,
  from: i32,
  count: i32,
  lead: usize,
  leadLength: usize,
  fields: usize,
  fieldCount: i32,
  fixed: usize,
  out: usize,
  limit: usize,
): void {
  let p = out;
  let k: usize = from;
  const last = fields + <usize>fieldCount * FIELD_BYTES;
  for (; k < <usize>count; k++) {
    const r = <usize>load<u32>(rows + (k << 2));
    if (p + fixed >= limit) break;
    let at = p;
    copy(at, lead, leadLength);
    at += leadLength;
    for (let field = fields; field < last; field += FIELD_BYTES) {
      const tag = load<u8>(<usize>load<u32>(field + FIELD_TAGS) + r);
      const keyLength = <usize>load<u32>(field + FIELD_KEY_LENGTH);
      copy(at, <usize>load<u32>(field + FIELD_KEY), keyLength);
      at = putValue(at + keyLength, field, r, tag, limit - fixed);
      if (at == 0) break;
    }
    if (at == 0) break;
    store<u16>(at, 0x0a7d);
    p = at + 2;
  }
  written = p;
  done = <i32>k;
}
