import t from 'tap';
import type { StateEntry } from '../../../src/backends/local/index.js';
import { differences, entryLine, hasKey, readKey } from '../../../src/cli/tools/state-entries.js';
import { ageText, sizeText } from '../../../src/terminal/index.js';

const entry = (user: string, n: string): StateEntry => ({
  operator: 'hits',
  window: [['window_start', '0']],
  key: [['user', user]],
  value: [['n', n]],
  state: () => ({ n: 1 }),
});

t.test('an entry is a record, with values as they are spelled', (t) => {
  t.equal(
    entryLine(entry('"a"', '12345678901234567890')),
    '{"operator":"hits","window_start":0,"key":{"user":"a"},"value":{"n":12345678901234567890}}\n',
  );
  t.end();
});

t.test('differences: what came, what changed, what went', (t) => {
  const before = [entry('"a"', '1'), entry('"b"', '2'), entry('"c"', '3'), entry('"c"', '4')];
  const after = [entry('"b"', '2'), entry('"c"', '3'), entry('"c"', '5'), entry('"d"', '1')];
  const changes = [...differences(before, after)].map((line) => JSON.parse(line) as Record<string, unknown>);
  t.match(changes, [
    { change: '~', key: { user: 'c' }, before: { n: 4 }, value: { n: 5 } },
    { change: '+', key: { user: 'd' }, value: { n: 1 } },
    { change: '-', key: { user: 'a' }, value: { n: 1 } },
  ]);
  t.equal(changes.length, 3);
  t.same([...differences(after, after)], []);
  t.end();
});

t.test('a key is found by some of its fields, whatever their kind', (t) => {
  const one = { ...entry('null', '1'), key: [['user', 'null'] as const, ['at', '{"x":[1,"2"]}'] as const] };
  t.ok(hasKey(one, {}));
  t.ok(hasKey(one, { user: null }));
  t.ok(hasKey(one, { at: { x: [1, '2'] } }));
  t.notOk(hasKey(one, { at: { x: [1, 2] } }));
  t.notOk(hasKey(one, { at: { x: { 0: 1, 1: '2' } } }));
  t.notOk(hasKey(one, { other: null }));
  t.same(readKey('{"user":"a"}'), { user: 'a' });
  for (const text of ['user', '[]', '"a"', '1', 'null']) t.throws(() => readKey(text), /not a JSON object/);
  t.end();
});

t.test('ages and sizes for people', (t) => {
  t.same([-5, 999, 1000, 59_999, 60_000, 7_200_000, 200_000_000].map(ageText), [
    'now',
    'now',
    '1 s ago',
    '59 s ago',
    '1 m ago',
    '2 h ago',
    '2 d ago',
  ]);
  t.same([0, 999, 1000, 1440, 15_000, 999_400, 999_900, 2_500_000_000].map(sizeText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '1.4 kB',
    '15 kB',
    '999 kB',
    '1.0 MB',
    '2.5 GB',
  ]);
  t.end();
});
