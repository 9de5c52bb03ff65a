/**
 * Text formats on generated input: what a writer of the format wrote comes back; any bytes whatever end as
 * records or refused lines, each line in one of them; and how the input is cut into chunks makes no
 * difference.
 */
import assert from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import type { TextFormatChoice } from '../../src/formats/index.js';
import { scanText } from '../unit/formats/scan-text.js';

/** Texts with what the formats give a meaning to. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...'ab 0,"\\\t=-[]\'?%') },
    { weight: 1, arbitrary: fc.constantFrom('\n', '\r', 'æ', '😀', '\u0001', '""') },
  ),
  maxLength: 12,
});

const chunkBytes = fc.constantFrom(1, 7, 64, 65_536);
const clock = { nowMs: Date.UTC(2026, 10, 24) };

const choices: readonly TextFormatChoice[] = [
  { name: 'nginx' },
  { name: 'nginx', pattern: '$remote_addr [$time_iso8601] $upstream_response_time "$request"' },
  { name: 'apache', pattern: '%h %t "%r" %D' },
  { name: 'logfmt' },
  { name: 'syslog' },
  { name: 'csv' },
  { name: 'csv', columns: ['a', 'b'] },
  { name: 'tsv' },
];

const csvField = (value: string): string => `"${value.replaceAll('"', '""')}"`;

t.test('csv gives back what was written', (t) => {
  const table = fc
    .tuple(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.nat(5),
    )
    .filter(([names]) => names.every((name) => name.trim() !== '' && !name.includes('\0')))
    .chain(([names, height]) =>
      fc.tuple(
        fc.constant(names),
        fc.array(fc.tuple(...names.map(() => text)), { minLength: height, maxLength: height }),
      ),
    );
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), chunkBytes, ([names, rows], end, size) => {
      const written = [names, ...rows].map((row) => row.map(csvField).join(',') + end).join('');
      const { records, columns, refused } = scanText({ name: 'csv' }, written, {
        chunkBytes: size,
        paths: names.map((name) => [name]),
      });
      const expected = rows.map((row) =>
        Object.fromEntries(row.map((value, index) => [names[index]!, value])),
      );
      return (
        refused.length === 0 &&
        JSON.stringify(records.map((record) => Object.entries(record).sort())) ===
          JSON.stringify(expected.map((record) => Object.entries(record).sort())) &&
        JSON.stringify(columns) === JSON.stringify(rows)
      );
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('numbers are those that JSON takes, with the value that JSON gives them', (t) => {
  const spelling = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.tuple(fc.integer(), fc.nat(999_999)).map(([whole, fraction]) => `${whole}.${fraction}`),
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
    fc.string({ unit: fc.constantFrom(...'0123456789.-+eE'), minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(spelling, (word) => {
      const { texts, columns } = scanText({ name: 'csv', columns: ['a', 'b'] }, `${word},x\n`, {
        paths: [['a']],
      });
      let expected: unknown = word;
      try {
        expected = JSON.parse(word);
      } catch {
        // No number: it stays text.
      }
      assert.deepStrictEqual(columns[0]![0], expected);
      return texts[0] === `{"a":${typeof expected === 'number' ? word : JSON.stringify(word)},"b":"x"}`;
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('logfmt gives back what was written', (t) => {
  const key = fc.string({ unit: fc.constantFrom(...'abc_.-\\æ'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(key, text), { minLength: 1, maxLength: 5 }), chunkBytes, (pairs, size) => {
      // Go's %q and JSON agree on what logfmt writers use.
      const written = `${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join('  ')}\n`;
      const { records, refused } = scanText({ name: 'logfmt' }, written, { chunkBytes: size });
      assert.deepStrictEqual(records, [Object.fromEntries(pairs)]);
      return refused.length === 0;
    }),
    { numRuns: 300 },
  );
  t.end();
});

/** As nginx's default escaping writes a value. */
function nginxEscaped(value: string): string {
  return [...Buffer.from(value)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

t.test('nginx gives back what was written, whatever the variables hold', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }), chunkBytes, (pairs, size) => {
      const lines = pairs.map(
        ([agent, referrer]) =>
          `::1 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "${nginxEscaped(referrer)}" "${nginxEscaped(agent)}"\n`,
      );
      const { records, refused } = scanText({ name: 'nginx' }, lines.join(''), { chunkBytes: size });
      assert.deepStrictEqual(
        records.map((record) => [record['http_user_agent'], record['http_referer']]),
        pairs.map((pair) => pair.map((value) => (value === '-' ? null : value))),
      );
      return refused.length === 0;
    }),
    { numRuns: 300 },
  );
  t.end();
});

/** Lines that are nearly right, so that more than the first check of a format is reached. */
const nearly = fc.constantFrom(
  '::1 - bob [24/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "\\x22"',
  '::1 [2026-11-24T10:00:00Z] 0.1, 0.2 "GET /"',
  'h [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 123',
  'a=1 b="x y" c d="\\n" e=',
  '<34>Oct 11 22:14:15 host su[1]: m',
  '<165>1 2003-10-11T22:14:15.003Z h a p m [x y="z\\]"] text',
  'a,b',
  '"x ""y""",-1.5e3',
  'a\tb',
  '\\N\tx\\ty',
);

const anyLine = fc.oneof(
  nearly.map((line) => Buffer.from(line)),
  fc.tuple(nearly, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([line, at, byte]) => {
    const bytes = Buffer.from(line);
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
  fc.tuple(nearly, fc.nat()).map(([line, at]) => Buffer.from(line).subarray(0, at % line.length)),
  text.map((line) => Buffer.from(line)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

const anyInput = fc
  .array(anyLine, { maxLength: 8 })
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));

const paths = [['time'], ['path'], ['a'], ['b'], ['severity'], ['structured_data', 'x'], ['http_user_agent']];

for (const choice of choices) {
  t.test(
    `${choice.name} ${choice.pattern ?? choice.columns ?? ''}: any bytes are records or refused`,
    (t) => {
      fc.assert(
        fc.property(anyInput, chunkBytes, (bytes, size) => {
          let whole: ReturnType<typeof scanText>;
          try {
            whole = scanText(choice, bytes, { paths, clock });
          } catch (error) {
            // A header with two columns of one name is the one thing that stops a scan.
            return choice.name === 'csv' || choice.name === 'tsv' ? /are called/.test(String(error)) : false;
          }
          for (const [index, record] of whole.records.entries()) {
            paths.forEach(([first, second], column) => {
              const value =
                second === undefined ? record[first!] : (record[first!] as typeof record | null)?.[second];
              assert.deepStrictEqual(whole.columns[index]![column], value ?? null);
            });
          }
          assert.ok(whole.refused.every(({ reason, line }) => reason !== '' && line > 0));
          if (choice.name !== 'csv') {
            const lines = bytes.toString('latin1').split('\n');
            const blank = choice.name === 'tsv' ? /^\r?$/ : /^[ \t]*\r?$/;
            const filled = lines.filter((line) => !blank.test(line)).length;
            const header = choice.name === 'tsv' && filled > 0 ? 1 : 0;
            const taken = whole.records.length + whole.refused.length;
            if (taken !== filled && taken !== filled - header) return false;
          }
          assert.deepStrictEqual(scanText(choice, bytes, { paths, clock, chunkBytes: size }), whole);
          return true;
        }),
        { numRuns: 300 },
      );
      t.end();
    },
  );
}
