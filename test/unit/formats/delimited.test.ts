import t from 'tap';
import { describeFormat, formatFieldNames } from '../../../src/formats/index.js';
import { problemOf } from './problem-of.js';
import { scanText } from './scan-text.js';

t.test('csv: the header names the fields, numbers are what JSON takes for one', (t) => {
  const { texts, columns } = scanText(
    { name: 'csv' },
    '\ufeffid,name,zip,x\r\n1,"Smith, ""J""",0123,-2.50\r\n12345678901234567890,,+1,1e3\r\n',
    { paths: [['name'], ['x'], ['other']] },
  );
  t.strictSame(texts, [
    '{"id":1,"name":"Smith, \\"J\\"","zip":"0123","x":-2.50}',
    '{"id":12345678901234567890,"name":null,"zip":"+1","x":1e3}',
  ]);
  t.strictSame(columns, [
    ['Smith, "J"', -2.5, null],
    [null, 1000, null],
  ]);
  t.end();
});

t.test('csv: a quoted field may span lines, and line numbers count them', (t) => {
  const text = 'a,b\n"one\n\ntwo\r\n",1\n2\n"x"y,1\n3,4\n';
  for (const chunkBytes of [1, 7, 65_536]) {
    const { records, refused } = scanText({ name: 'csv' }, text, { chunkBytes });
    t.strictSame(records, [
      { a: 'one\n\ntwo\r\n', b: 1 },
      { a: 3, b: 4 },
    ]);
    t.strictSame(
      refused.map(({ line, reason }) => [line, reason]),
      [
        [6, '1 field where 2 are expected'],
        [7, 'expected a comma behind the quote at column 4'],
      ],
    );
  }
  t.end();
});

t.test('csv: a quote that is never closed takes only its line with it', (t) => {
  const { records, refused } = scanText({ name: 'csv' }, 'a,b\n"open,1\n2,3\n', { chunkBytes: 7 });
  t.strictSame(records, [{ a: 2, b: 3 }]);
  t.strictSame(refused, [{ line: 2, reason: 'the quote at column 1 is not closed', text: '"open,1' }]);
  t.end();
});

t.test('csv: names can be given, empty ones are made, doubled ones refused', (t) => {
  t.strictSame(scanText({ name: 'csv', columns: ['x', 'y'] }, '1,2\n').records, [{ x: 1, y: 2 }]);
  t.strictSame(scanText({ name: 'csv' }, 'a,,"b ""c""",d""\n1,2,3,4\n').records, [
    { a: 1, column_2: 2, 'b "c"': 3, 'd""': 4 },
  ]);
  t.match(
    problemOf(() => scanText({ name: 'csv' }, 'a,a\n')),
    { code: 'format', hint: /--columns/ },
  );
  t.match(
    problemOf(() => scanText({ name: 'csv', columns: ['a', 'a'] }, '')),
    { code: 'format' },
  );
  t.strictSame(formatFieldNames({ name: 'csv', columns: ['x', 'y'] }), ['x', 'y']);
  t.equal(formatFieldNames({ name: 'csv' }), undefined);
  t.equal(describeFormat({ name: 'csv' }), 'csv with a header');
  t.equal(describeFormat({ name: 'tsv', columns: ['x', 'y'] }), 'tsv of x, y');
  t.end();
});

t.test('csv: each source has a header of its own', (t) => {
  const { records } = scanText({ name: 'csv' }, 'a,b\n1,2', {
    more: ['b,a\n3,4\n', 'b,a,c\n5,6,7\n'],
    paths: [['a']],
  });
  t.strictSame(records, [
    { a: 1, b: 2 },
    { b: 3, a: 4 },
    { b: 5, a: 6, c: 7 },
  ]);
  t.end();
});

t.test('tsv: escapes instead of quotes, spaces are data, \\N is null', (t) => {
  const { records } = scanText({ name: 'tsv' }, 'a\tb\n"1"\tx\\ty\\\\n\n\\N\t \n  \t\n\n', {
    paths: [['b']],
  });
  t.strictSame(records, [
    { a: '"1"', b: 'x\ty\\n' },
    { a: null, b: ' ' },
    { a: '  ', b: null },
  ]);
  t.end();
});
