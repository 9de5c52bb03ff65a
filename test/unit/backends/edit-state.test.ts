/** Entries as lines: what comes back exactly, and what is refused with its line and a remedy. */
import t from 'tap';
import { idleServices, operatorsOfPlan } from '../../../src/backends/local/inspect.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import { refusalOf, shownOf } from '../../harness/edited-entries.js';
import { editUnchanged, runResumed } from '../../harness/resumed-run.js';

const entry = (more: object): string => JSON.stringify({ operator: 'it', ...more });

t.test('values of every kind come back as they went', async (t) => {
  const text = `from x --time ts | aggregate sum(a) as s, min(b) as low, first(c) as f, last(c) as l, list(d) as all, set(d) as kinds, top(d, 2) as best, argmax(c, d) as high, quantile_exact(e, 0.5) as q, stddev(e) as dev --by k --uid it`;
  const lines = [
    `{"operator":"it","key":{"k":"a\\"ö"},"value":{"s":3.5,"low":null,"f":null,"l":null,"all":null,"kinds":null,"best":null,"high":null,"q":null,"dev":null},"state":{"sum a":[3,0.5],"min b":"Infinity","first c":-1,"last c":-1,"sequence d":null,"members d":null,"greatest 2 d":null,"argmax c d":null,"numbers e":null,"moments e":"-0"}}`,
    `{"operator":"it","key":{"k":12345678901234567890},"value":{"s":12345678901234567890.25,"low":"2026-11-01","f":[1, 2],"l":"x","all":[1,12345678901234567890,true],"kinds":[1.20],"best":["b","a"],"high":"x","q":2,"dev":1},"state":{"sum a":{"numbers":"NaN","kept":{"integer":"12345678901234567890","decimal":{"decimal":"0.25"}}},"min b":{"numbers":"NaN","kept":{"date":[1793491200000,0]}},"first c":{"numbers":3,"kept":{"json":"[1, 2]"}},"last c":{"numbers":9,"kept":"x"},"sequence d":[[1,3],[{"integer":"12345678901234567890"},4],[true,5]],"members d":[[{"decimal":"1.20"},2,7]],"greatest 2 d":["b","a"],"argmax c d":[7,"x",8],"numbers e":[1,2,3],"moments e":[3,2,2]}}`,
  ];
  t.same(await shownOf(text, lines), lines);
});

t.test(
  'bounds that event time cannot spell, and keys that are no field of JSON, are in the state',
  async (t) => {
    const input = Array.from({ length: 40 }, (_, n) => `{"ts":${1760000000 + n},"k":${n % 3}}\n`).join('');
    const plans = [
      'from - --time ts | window tumble 1500ms --by k | aggregate count(*) as n',
      'from - --time ts | window tumble 2s | aggregate count(*) as n --by k | aggregate sum(n) as m, count(*) as c --by window_start',
      'from - --time ts | window session 1500ms | aggregate count(*) as n --by k',
    ];
    for (const text of plans) {
      const plan = parsePipeline(text);
      const wanted = await runResumed(plan, { input, chunkBytes: 1 << 16 });
      const got = await runResumed(plan, { input, chunkBytes: 60, edited: true });
      t.equal(got.output, wanted.output, text);
    }
  },
);

const summed = 'from x --time ts | aggregate count(*) as n, sum(v) as s --by k, j --uid it';
const good = { key: { k: 'a', j: 1 }, state: { count: 2, 'sum v': 3 } };

t.test('lines that do not fit are refused with their number and a remedy', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{', /it is no JSON \| each line is an entry/],
    ['[1]', /it is no object/],
    ['{"key":{}}', /does not say of which operator it is \| operators with entries are: it/],
    ['{"operator":"i","state":{}}', /no operator "i" is edited/],
    [entry({ ...good, change: '+' }), /an entry has no member "change" \| its members are operator/],
    [entry({ key: good.key }), /it has no state, .* --exact/],
    [entry({ ...good, key: { k: 'a' } }), /its key has the fields k \| the key of this operator has k, j/],
    [entry({ ...good, key: { k: 'a', j: 1, l: 2 } }), /its key has the fields k, j, l/],
    [entry({ ...good, key: 'a' }), /its key is no object/],
    [entry({ ...good, window_start: 1 }), /one bound of a window alone/],
    [entry({ ...good, window_start: 1, window_end: 2 }), /has no windows of time/],
    [entry({ ...good, state: { count: 2 } }), /says nothing of "sum v" \| the parts are "count", "sum v"/],
    [entry({ ...good, state: { ...good.state, sum: 2 } }), /state has no part "sum"/],
    [entry({ ...good, state: { count: '2', 'sum v': 3 } }), /state\["count"\]: "2" is not a number/],
    [entry({ ...good, state: { count: [1, 2], 'sum v': 3 } }), /state\["count"\]: \[1,2\] is not 1 numbers/],
    [entry({ ...good, state: { count: 2, 'sum v': 'NaN' } }), /its number is NaN, and nothing is kept/],
    [entry({ ...good, state: { count: 2, 'sum v': { numbers: 1, kept: {} } } }), /with something kept/],
    [entry({ ...good, value: { n: 3 } }), /value\.n is 3, but its state gives 2 \| the state is what counts/],
    [entry({ ...good, value: { m: 3 } }), /value has a field m \| the results of this operator are n, s/],
    [
      entry({ ...good, state: { ...good.state, key: { bytes: 'AA==', forms: ['', ''] } } }),
      /stored bytes end/,
    ],
  ];
  for (const [line, wanted] of cases) {
    const refusal = await refusalOf(summed, [entry({ ...good, key: { k: 'b', j: 1 } }), '', line]);
    t.match(refusal, wanted, line);
    t.match(refusal, /^stdin:3: /);
  }
  t.match(await refusalOf(summed, [entry(good), entry(good)]), /^stdin:2: there is an entry of this key/);
  t.equal(await refusalOf(summed, [entry({ ...good, value: { s: 3, n: 2.0 } })]), 'taken');
});

t.test('windows and sessions are those of the operator', async (t) => {
  const tumbling = 'from x --time ts | window tumble 1m | aggregate count(*) as n --uid it';
  const one = (start: unknown, end: unknown) =>
    entry({ window_start: start, window_end: end, key: {}, state: { count: 1 } });
  t.match(await refusalOf(tumbling, [entry({ key: {}, state: { count: 1 } })]), /says nothing of its window/);
  t.match(await refusalOf(tumbling, [one('then', 'now')]), /are not the bounds of a window/);
  const at = ['2026-11-01T00:00:00Z', '2026-11-01T00:01:00Z', '2026-11-01T00:02:00Z'];
  t.match(
    await refusalOf(tumbling, [one(at[0], at[2])]),
    /not those of a window of this operator \| it has tumbling windows of 1m/,
  );
  t.equal(await refusalOf(tumbling, [one(at[0], at[1])]), 'taken');
  const sessions = 'from x --time ts | window session 1m --by k | aggregate count(*) as n --uid it';
  const session = (k: string, start: string, end: string) =>
    entry({ window_start: start, window_end: end, key: { k }, state: { count: 1 } });
  t.match(await refusalOf(sessions, [session('a', at[0]!, '2026-11-01T00:00:30Z')]), /shorter than the gap/);
  const two = [session('a', at[0]!, at[1]!), session('b', at[1]!, at[2]!)];
  t.equal(await refusalOf(sessions, two), 'taken');
  t.match(
    await refusalOf(sessions, [...two, session('a', at[1]!, at[2]!)]),
    /^stdin:3: .*overlaps or touches/,
  );
});

t.test('count windows are numbered by the records of their key', async (t) => {
  const text = 'from x | window count 4 2 --by k | aggregate count(*) as n --uid it';
  const one = (k: string, state: object) => entry({ key: { k }, state });
  t.equal(
    await refusalOf(text, [one('a', { seen: 3, window: 2, count: 3 }), one('b', { seen: 1 })]),
    'taken',
  );
  t.match(await refusalOf(text, [one('a', { seen: 3, window: 1, count: 3 })]), /window 1 is not under way/);
  t.match(await refusalOf(text, [one('a', { window: 1, count: 3 })]), /nothing is not a whole number/);
  t.match(await refusalOf(text, [one('a', { seen: 3, count: 3 })]), /has "count" and says no window/);
  const twice = [one('a', { seen: 3, window: 2, count: 3 }), one('a', { seen: 4, window: 3, count: 1 })];
  t.match(await refusalOf(text, twice), /^stdin:2: seen is 4, and 3 in another entry/);
});

t.test('kept records say the same as their entry', async (t) => {
  const text = 'from x --time ts | window session 1m --by k --uid it | select *, 1 as one';
  const record = {
    number: 4,
    time: 1793491200000,
    source: 's',
    record: '{"ts":"2026-11-01T00:00:00Z","k":"a"}',
  };
  const bounds = { window_start: '2026-11-01T00:00:00Z', window_end: '2026-11-01T00:01:00Z' };
  const one = (k: string, records: unknown, more: object = {}) =>
    entry({ ...bounds, key: { k }, ...more, state: { records } });
  t.equal(await refusalOf(text, [one('a', [record], { value: { records: 1 } })]), 'taken');
  const cases: readonly (readonly [string, RegExp])[] = [
    [one('b', [record]), /one of its records has another key/],
    [one('a', []), /its state is not of records/],
    [one('a', [record, record]), /4 is not a number of one record alone/],
    [one('a', [{ ...record, record: 'x' }]), /no JSON object on one line/],
    [one('a', [{ ...record, time: null }]), /has no time/],
    [one('a', [{ ...record, time: 5 }]), /its bounds are not those of its records/],
    [one('a', [record], { value: { records: 2 } }), /value\.records is 2, but its state gives 1/],
  ];
  for (const [line, wanted] of cases) t.match(await refusalOf(text, [line]), wanted, line);
  const counted = 'from x | window count 2 --by k --uid it | select *, 1 as one';
  const in_ = (since: unknown) =>
    entry({ key: { k: 'a' }, state: { records: [{ ...record, since_firing: since }] } });
  t.equal(await refusalOf(counted, [in_(1)]), 'taken');
  t.match(await refusalOf(counted, [in_(2)]), /since_firing is a number from 0 to 1/);
});

t.test('nothing is left of what there was', async (t) => {
  const plan = parsePipeline(summed);
  const named = await operatorsOfPlan(plan, {}, () => idleServices);
  const before = await editUnchanged({ named });
  t.equal(before.length, 2);
  const shown = await shownOf(summed, [entry(good)]);
  t.same(shown, [
    `{"operator":"it","key":{"k":"a","j":1},"value":{"n":2,"s":3},"state":{"count":2,"sum v":3}}`,
  ]);
});
