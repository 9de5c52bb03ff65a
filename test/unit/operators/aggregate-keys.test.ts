/** Groups: which records are one group, and how its key leaves. */
import fc from 'fast-check';
import t from 'tap';
import { calls, run } from './aggregate-run.js';

function groups(keys: readonly string[], by: readonly string[] = ['k'], batchRows = 3): string[] {
  const lines = keys.map((key) => (key === '' ? '{"t":0}' : `{"t":0,${key}}`));
  return run(lines, { calls: calls(['n', 'count']), by, batchRows }).lines;
}

t.test('equal values are one group however they are spelled; the first spelling leaves', (t) => {
  t.same(groups(['"k":1.50', '"k":1.5', '"k":15e-1', '"k":"1.5"']), [
    '{"k":1.50,"n":3}',
    '{"k":"1.5","n":1}',
  ]);
  t.same(groups(['"k":"a\\u0062"', '"k":"ab"']), ['{"k":"a\\u0062","n":2}']);
  t.same(groups(['"k":"ab"', '"k":"a\\u0062"']), ['{"k":"ab","n":2}']);
  t.same(groups(['"k":12345678901234567890', '"k":12345678901234567891']), [
    '{"k":12345678901234567890,"n":1}',
    '{"k":12345678901234567891,"n":1}',
  ]);
  t.same(groups(['"k":true', '"k":"true"', '"k":false', '"k":{"a": 1}', '"k":[ ]']).length, 5);
  t.same(groups(['"k":"\\ud800"', '"k":"\\ufffd"']), ['{"k":"\\ud800","n":1}', '{"k":"\\ufffd","n":1}']);
  t.end();
});

t.test('null and missing are one group', (t) => {
  t.same(groups(['', '"k":null', '"k":"null"', '']), ['{"k":null,"n":3}', '{"k":"null","n":1}']);
  t.same(groups(['"a":1', '"b":1', '"a":1,"b":null'], ['a', 'b']), [
    '{"a":1,"b":null,"n":2}',
    '{"a":null,"b":1,"n":1}',
  ]);
  t.end();
});

t.test('keys of several columns are told apart at the seams', (t) => {
  t.same(groups(['"a":"x","b":"yz"', '"a":"xy","b":"z"', '"a":"x","b":"yz"'], ['a', 'b']), [
    '{"a":"x","b":"yz","n":2}',
    '{"a":"xy","b":"z","n":1}',
  ]);
  t.end();
});

t.test('groups by several values of any kind, against a Map', (t) => {
  const value = fc.constantFrom(
    '1',
    '1.0',
    '"1"',
    'null',
    '"a"',
    '"\\u0061"',
    '"b"',
    'true',
    '{"a":1}',
    '-0',
    '0',
  );
  const same: Record<string, string> = { '1.0': '1', '"\\u0061"': '"a"', '-0': '0' };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      fc.boolean(),
      (pairs, batchRows, both) => {
        const expected = new Map<string, { first: string; n: number }>();
        for (const [a, b] of pairs) {
          const key = both ? `${same[a] ?? a} ${same[b] ?? b}` : (same[a] ?? a);
          const known = expected.get(key);
          if (known !== undefined) known.n++;
          else expected.set(key, { first: both ? `{"a":${a},"b":${b},` : `{"a":${a},`, n: 1 });
        }
        const by = both ? ['a', 'b'] : ['a'];
        const lines = groups(
          pairs.map(([a, b]) => `"a":${a},"b":${b}`),
          by,
          batchRows,
        );
        return (
          lines.join('\n') === [...expected.values()].map(({ first, n }) => `${first}"n":${n}}`).join('\n')
        );
      },
    ),
  );
  t.end();
});

t.test('computed keys', (t) => {
  const lines = ['"A"', '"a"', '"b\\n"', '5', 'null'].map((k) => `{"t":0,"k":${k}}`);
  const { lines: out } = run(lines, {
    calls: calls(['n', 'count']),
    by: [{ name: 'low', expression: 'LOWER(CAST(k AS STRING))' }],
  });
  t.same(out, ['{"low":"a","n":2}', '{"low":"b\\n","n":1}', '{"low":"5","n":1}', '{"low":null,"n":1}']);
  t.end();
});

t.test('a table of a window is used again for the next one without a trace', (t) => {
  const keys = (window: number): string[] =>
    Array.from({ length: window % 3 === 0 ? 3000 : 5 }, (_, n) => `${window}-${n % 7 === 0 ? 'x' : n}`);
  const lines: string[] = [];
  for (let window = 0; window < 12; window++) {
    for (const k of keys(window)) lines.push(JSON.stringify({ t: window * 10, k, v: window }));
  }
  const { rows } = run(lines, {
    calls: calls(
      ['n', 'count'],
      ['s', 'sum', 'v'],
      ['l', 'list', 'v'],
      ['big', 'sum', 'v + 9007199254740991'],
    ),
    by: ['k'],
    window: { shape: 'tumble', sizeMs: 10, offsetMs: 0 },
    batchRows: 1000,
  });
  let at = 0;
  const wrong: unknown[] = [];
  for (let window = 0; window < 12; window++) {
    const expected = new Map<string, number>();
    for (const k of keys(window)) expected.set(k, (expected.get(k) ?? 0) + 1);
    for (const [k, n] of expected) {
      const row = rows[at++]!;
      const list = row['l'] as unknown[];
      const right = row['k'] === k && row['n'] === n && row['s'] === n * window && list.length === n;
      if (!right || row['window_start'] !== window * 10) wrong.push(row);
    }
  }
  t.same([wrong, at], [[], rows.length]);
  t.end();
});
