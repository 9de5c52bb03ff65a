import t from 'tap';
import { Tag } from '../../../src/record/index.js';
import { scanText } from './scan-text.js';

t.test('pairs become fields with types', (t) => {
  const { texts, refused } = scanText(
    { name: 'logfmt' },
    'ts=2026-11-24T10:00:00Z msg="a \\"b\\"\\n\\u00e6" dur=1.50 big=12345678901234567890 zip=0123 empty= none="" debug ok=false\n',
  );
  t.strictSame(refused, []);
  t.strictSame(texts, [
    '{"ts":"2026-11-24T10:00:00Z","msg":"a \\"b\\"\\næ","dur":1.50,"big":12345678901234567890,"zip":"0123","empty":"",' +
      '"none":"","debug":true,"ok":false}',
  ]);
  t.end();
});

t.test('of a key that comes twice the last counts', (t) => {
  const { texts, columns } = scanText({ name: 'logfmt' }, 'a=1 b=2 a=3\n', { paths: [['a'], ['b'], ['c']] });
  t.strictSame(texts, ['{"a":3,"b":2}']);
  t.strictSame(columns, [[3, 2, null]]);
  t.end();
});

t.test('quoted numbers are text, text without escapes stays a plain span', (t) => {
  const { tags } = scanText({ name: 'logfmt' }, 'a="1" b="x y" c=x\\y d=1e5 e="\\t"\n', {
    paths: [['a'], ['b'], ['c'], ['d'], ['e']],
  });
  t.strictSame(tags, [[Tag.text, Tag.text, Tag.raw, Tag.exact, Tag.boxed]]);
  t.end();
});

t.test('what is no logfmt is refused with its column', (t) => {
  const { refused } = scanText({ name: 'logfmt' }, 'a=1 =x\nb="open\nc="x"y\nd"e\n');
  t.strictSame(
    refused.map(({ reason }) => reason),
    [
      'expected a key at column 5',
      'the quote at column 3 is not closed',
      'expected a space behind the quote at column 6',
      "unexpected '\"' in a key at column 2",
    ],
  );
  t.end();
});

t.test('lines with many and with changing keys', (t) => {
  const many = Array.from({ length: 100 }, (_, index) => `k${index}=${index}`).join(' ');
  const { records } = scanText({ name: 'logfmt' }, `${many}\nx=1\n${many}\n`, { paths: [['k99']] });
  t.equal(Object.keys(records[0]!).length, 100);
  t.strictSame(records[1], { x: 1 });
  t.strictSame(records[2], records[0]);
  t.end();
});
