/** Records on their way to a topic as lines: what is spelled in front of a value arrives at the producer. */
import fc from 'fast-check';
import t from 'tap';
import { type RecordHead, sendLines, spellHead } from '../../../src/connectors/kafka/topic-lines.js';
import type { Producer, Span } from '../../../src/kafka/index.js';

const nowMs = 1_700_000_000_000;

/** What a producer is given of some lines, in one piece for each record, and how many bytes were taken. */
function sent(text: string) {
  const records: unknown[] = [];
  const read = (span: Span | undefined): string | undefined =>
    span === undefined ? undefined : Buffer.from(span.bytes.subarray(span.start, span.end)).toString('utf8');
  const add: Producer['add'] = (topic, key, value, timestamp, headers) =>
    records.push([topic, read(key), read(value), timestamp, headers]);
  const bytes = Buffer.from(text);
  const taken = sendLines(bytes, bytes.length, { add } as Producer, 'sink', nowMs);
  return { records, taken, lengthBytes: bytes.length };
}

const key = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })));
const topic = fc.option(fc.constantFrom('a', 'b'));
const time = fc.option(fc.oneof(fc.nat(), fc.constantFrom(0, nowMs, nowMs + 1, 1.5, 2e21)));
const headers = fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 2 });
const head = fc.oneof(
  fc.tuple(key, fc.constant(null), time, fc.constant([])),
  fc.tuple(key, topic, time, headers),
);
const value = fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.integer()));

t.test('a head is spelled as JSON', (t) => {
  fc.assert(fc.property(head, (head) => spellHead(head) === `${JSON.stringify(head)}\t`));
  t.equal(spellHead([null, null, null, [], 'base64']), '[null,null,null,[],"base64"]\t');
  t.end();
});

t.test('any head and value arrive as they were', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(head, value), { maxLength: 5 }), fc.boolean(), (lines, encoded) => {
      const text = lines.map(([[key, topic, time, headers], value]) => {
        const json = JSON.stringify(value);
        const head: RecordHead = encoded
          ? [key, topic, time, headers, 'base64']
          : [key, topic, time, headers];
        return `${spellHead(head)}${encoded ? Buffer.from(json).toString('base64') : json}\n`;
      });
      const { records, taken, lengthBytes } = sent(text.join(''));
      const expected = lines.map(([[key, topic, time, headers], value]) => [
        topic ?? 'sink',
        key ?? undefined,
        JSON.stringify(value),
        Math.min(time ?? nowMs, nowMs),
        headers,
      ]);
      t.same(records, expected);
      return taken === lengthBytes;
    }),
  );
  t.end();
});

t.test('a line without a head is a value, and half a line waits', (t) => {
  const { records, taken } = sent('{"a":1}\n["k",null,5,[]]\t{"b"');
  t.same(records, [['sink', undefined, '{"a":1}', nowMs, []]]);
  t.equal(taken, 8);
  t.end();
});
