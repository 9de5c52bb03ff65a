/**
 * The two NDJSON scanners against JSON.parse: on lines that are spelled in every way JSON allows, and on such lines
 * damaged byte by byte, both accept exactly what JSON.parse takes (objects in strict UTF-8), with the same
 * values, and their batches are alike in every span, tag, number and hash.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import {
  type Batch,
  createJsonScanner,
  createWasmScanner,
  exactOf,
  hashBytes,
  type Path,
  type Scanner,
  Tag,
  textOf,
} from '../../src/record/index.js';
import { layoutOf, lineBatch } from '../unit/record/scanned.js';

const longName = 'a name longer than the forty-eight bytes of a token';
const paths: readonly Path[] = [
  ['a'],
  ['b'],
  ['b', 'a'],
  ['a', 0],
  ['é'],
  ['c', 'b', 1, 'a'],
  [longName],
  ['$leat'],
  ['\ud800'],
];
const hashed = [0, 2, 4];

const blank = fc.constantFrom('', '', '', '', ' ', '\t', '\r', '  ');
const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'ab1"{}[],:é€😀 /'.replace('"', '')) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0061', '\\u00E9', '\\ud83d\\ude00'),
  },
  { weight: 1, arbitrary: fc.constantFrom('\\ud800', '\\uDC00', '\u007f', '\ufffd', '\u2028') },
);
const text = fc.oneof(
  fc.array(character, { maxLength: 40 }).map((parts) => `"${parts.join('')}"`),
  fc.constantFrom('""', '"plain"', `"${'x'.repeat(33)}"`, `"${'x'.repeat(15)}"`, `"${'x'.repeat(16)}"`),
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt().map(String),
  fc.constantFrom(
    '0',
    '-0',
    '1.0',
    '1e3',
    '-1.5E-7',
    '1E+2',
    '123456789012345',
    '1234567890123456',
    '0.30000000000000004',
  ),
  fc.constantFrom(
    '9007199254740993',
    '0.000000000000001',
    '12345678901234567890',
    '1e400',
    '999999999999999.5',
  ),
);
const word = fc.constantFrom('true', 'false', 'null');
const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['a', 'b', 'c', 'é', '$leat', '\\u0061', '\\ud800', longName, `${longName}?`],
    ),
  },
  { weight: 1, arbitrary: text.map((quoted) => quoted.slice(1, -1)) },
);

const spelled = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    word,
    tie('object'),
    tie('array'),
  ),
  object: fc
    .array(fc.tuple(blank, key, blank, blank, tie('value'), blank), { maxLength: 5 })
    .map(
      (members) =>
        `{${members.map(([b1, name, b2, b3, value, b4]) => `${b1}"${name}"${b2}:${b3}${value}${b4}`).join(',')}}`,
    ),
  array: fc
    .array(fc.tuple(blank, tie('value'), blank), { maxLength: 4 })
    .map((elements) => `[${elements.map((parts) => parts.join('')).join(',')}]`),
}));

const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(blank, spelled.object, blank).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: spelled.value },
  { weight: 1, arbitrary: blank },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{}', '{ }', '{"a":01}', '{"a":1,}', '{"a":+1}', '{"a":.5}', '{"a":1.}'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"a":nul}',
      '{"a":"\t"}',
      "{'a':1}",
      '{"a":1}{}',
      '{"a" 1}',
      '{,}',
      '{"a":1e}',
    ),
  },
);

interface Damage {
  readonly at: number;
  readonly kind: 'cut' | 'put' | 'replace' | 'truncate';
  readonly byte: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(400),
  kind: fc.constantFrom('cut', 'put', 'replace', 'replace', 'truncate'),
  byte: fc.oneof(
    fc.constantFrom(...Buffer.from('"\\{}[],:0-.eEtfnu \t\r\n\u0000\u001f')),
    fc.integer({ min: 0, max: 255 }),
  ),
});

function damaged(content: Buffer, damages: readonly Damage[]): Buffer {
  let bytes = content;
  for (const { at, kind, byte } of damages) {
    if (bytes.length === 0) break;
    const place = at % bytes.length;
    const rest = bytes.subarray(kind === 'put' ? place : place + 1);
    if (kind === 'truncate') bytes = bytes.subarray(0, place);
    else bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(kind === 'cut' ? [] : [byte]), rest]);
  }
  return bytes;
}

/** What JSON.parse makes of a line: a record, a refusal, or nothing for a blank line. */
function expected(bytes: Buffer): { record: Record<string, unknown> } | 'refused' | 'blank' {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (/^[ \t\r]*$/.test(text)) return 'blank';
    const value: unknown = JSON.parse(text);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? { record: value as Record<string, unknown> } : 'refused';
  } catch {
    return 'refused';
  }
}

function follow(record: unknown, path: Path): { value: unknown } | undefined {
  let value = record;
  for (const step of path) {
    const leads =
      typeof step === 'number' ? Array.isArray(value) : typeof value === 'object' && !Array.isArray(value);
    if (!leads || value === null || !Object.hasOwn(value as object, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return { value };
}

/** A value of a batch, read as an expression would read it. */
function read(batch: Batch, column: number, row: number): unknown {
  const filled = batch.columns[column]!;
  switch (filled.tags[row]) {
    case Tag.text:
    case Tag.escaped:
      return textOf(filled, row);
    case Tag.number:
    case Tag.exact: {
      const exact = exactOf(filled, row);
      const spelling = textOf({ ...filled, tags: filled.tags.map(() => Tag.exact) }, row);
      if (/^-?\d+$/.test(spelling)) assert.equal(BigInt(exact), BigInt(spelling));
      return Number(exact);
    }
    default:
      return JSON.parse(textOf(filled, row));
  }
}

/** Everything of a batch that a consumer may look at. */
function snapshot(batch: Batch): unknown {
  return {
    lines: Array.from({ length: batch.count }, (_, row) => [
      batch.starts[row],
      batch.ends[row],
      batch.selection[row],
    ]),
    rejected: batch.rejected.map(({ line, reason, bytes }) => [
      line,
      reason,
      Buffer.from(bytes).toString('hex'),
    ]),
    columns: batch.columns.map(({ tags, starts, lengths, numbers, hashes }, column) =>
      Array.from({ length: batch.count }, (_, row) => {
        const tag = tags[row];
        if (tag === Tag.missing) return tag;
        const hash = tag === Tag.text && hashed.includes(column) ? hashes[row] : undefined;
        return [tag, starts[row], lengths[row], tag === Tag.number ? numbers[row] : undefined, hash];
      }),
    ),
  };
}

interface Rig {
  readonly scanner: Scanner;
  readonly chunk: Uint8Array;
  readonly batch: Batch;
}

function rigOf(scanner: Scanner): Rig {
  const chunkBytes = 1 << 18;
  return {
    scanner,
    chunk: scanner.allocate?.(chunkBytes) ?? new Uint8Array(chunkBytes),
    batch: lineBatch(7),
  };
}

const layout = layoutOf(paths, hashed);
// One rig for all runs: what a scanner has learned from earlier lines must not change what it makes of later ones.
const plain = rigOf(createJsonScanner(layout));
const wasm = rigOf(createWasmScanner(layout));

function checkRow(batch: Batch, row: number, record: unknown): void {
  paths.forEach((path, column) => {
    const found = follow(record, path);
    const filled = batch.columns[column]!;
    if (found === undefined) assert.equal(filled.tags[row], Tag.missing, `no ${path.join('.')}`);
    else assert.deepEqual(read(batch, column, row), found.value, path.join('.'));
    if (filled.tags[row] === Tag.text && hashed.includes(column)) {
      assert.equal(filled.hashes[row], hashBytes(filled.bytes, filled.starts[row]!, filled.lengths[row]!));
    }
  });
}

/** Scans the content with both, and holds them against each other and against JSON.parse. */
function check(content: Buffer, controlLines: boolean): void {
  const whole = content.at(-1) === 10 ? content : Buffer.concat([content, Buffer.from('\n')]);
  for (const { chunk, scanner, batch } of [plain, wasm]) {
    chunk.set(whole);
    scanner.controlLines = controlLines;
    batch.firstLine = 1;
  }
  const lines: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const end = whole.indexOf(10, at);
    lines.push(whole.subarray(at, end));
    at = end + 1;
  }
  let taken = 0;
  for (let at = 0; at < whole.length; ) {
    const next = plain.scanner.scan(plain.chunk, at, whole.length, true, plain.batch);
    assert.equal(wasm.scanner.scan(wasm.chunk, at, whole.length, true, wasm.batch), next);
    assert.deepEqual(snapshot(wasm.batch), snapshot(plain.batch));
    assert.equal(wasm.scanner.stop, plain.scanner.stop);
    assert.equal(wasm.scanner.lines, plain.scanner.lines);
    const { batch, scanner } = plain;
    const refused = new Set(batch.rejected.map((rejected) => rejected.line - 1));
    let row = 0;
    for (let index = taken; index < taken + scanner.lines; index++) {
      const wanted = expected(lines[index]!);
      assert.equal(refused.has(index), wanted === 'refused', `line ${index + 1}`);
      if (typeof wanted === 'object') checkRow(batch, row++, wanted.record);
    }
    assert.equal(row, batch.count);
    taken += scanner.lines;
    for (const rig of [plain, wasm]) rig.batch.firstLine += scanner.lines;
    if (scanner.stop === 'control') {
      assert.ok(lines[taken]!.toString().startsWith('{"$leat":'));
      taken++;
      for (const rig of [plain, wasm]) rig.batch.firstLine++;
      at = whole.indexOf(10, next) + 1;
    } else {
      assert.ok(next > at, 'the scan goes on');
      at = next;
    }
  }
  assert.equal(taken, lines.length);
}

/** Throws with the seed and the smallest counterexample. */
function holds<Ts>(
  t: { pass(message: string): void; end(): void },
  property: fc.IProperty<Ts>,
  numRuns: number,
): void {
  fc.assert(property, { numRuns });
  t.pass(`held in ${numRuns} runs`);
  t.end();
}

t.test('lines in every spelling of JSON', (t) => {
  const property = fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, controlLines) => {
    check(Buffer.from(lines.join('\n')), controlLines);
  });
  holds(t, property, 1000);
});

t.test('lines damaged byte by byte', (t) => {
  const property = fc.property(
    fc.array(line, { minLength: 1, maxLength: 6 }),
    fc.array(damage, { minLength: 1, maxLength: 6 }),
    (lines, damages) => check(damaged(Buffer.from(lines.join('\n')), damages), false),
  );
  holds(t, property, 3000);
});

t.test('each byte of a record replaced by each of the bytes that matter', (t) => {
  const record = Buffer.from('{"a":{"b":[1,"é\\u00e9"]},"b":-1.5e3,"é":null,"x":"\\n","c":true}');
  const bytes = [...Buffer.from('"\\{}[],:0-.eu \n\u0000'), 0x80, 0xc3, 0xed, 0xff];
  for (let at = 0; at < record.length; at++) {
    for (const byte of bytes) {
      const copy = Buffer.from(record);
      copy[at] = byte;
      check(Buffer.concat([record, Buffer.from('\n'), copy, Buffer.from('\n'), record]), false);
    }
  }
  t.pass('each alike');
  t.end();
});

t.test('each prefix of a record', (t) => {
  const record = Buffer.from(
    `{"a":"${'x'.repeat(20)}\\u0041","b":[[{"a":-0.5E+1}],true,null,false],"é":"€😀","c":12}`,
  );
  for (let length = 0; length <= record.length; length++) check(record.subarray(0, length), false);
  t.pass('each alike');
  t.end();
});

t.test('UTF-8 as strict as RFC 3629: every sequence of two bytes, and the edges of longer ones', (t) => {
  const sequences: number[][] = [
    [0xe0, 0x9f, 0xbf],
    [0xe0, 0xa0, 0x80],
    [0xed, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xef, 0xbf, 0xbf],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf0, 0x90, 0x80, 0x80],
    [0xf4, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x98],
  ];
  for (let lead = 0x80; lead < 0x100; lead += 3)
    for (let next = 0x20; next < 0x100; next += 13) sequences.push([lead, next]);
  for (const sequence of sequences) {
    check(
      Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from(sequence), Buffer.from('"}\n{"a":2}')]),
      false,
    );
  }
  t.pass('each alike');
  t.end();
});

t.test('depth: what is too deep for the one is left to the other', (t) => {
  for (const depth of [1, 62, 63, 64, 65, 66, 1000]) {
    check(
      Buffer.from(
        `{"b":${'['.repeat(depth)}${']'.repeat(depth)},"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
      ),
      false,
    );
    check(Buffer.from(`{"b":${'['.repeat(depth)}${']'.repeat(depth - 1)}}`), false);
  }
  t.pass('each alike');
  t.end();
});
