/** Windows of every shape under aggregation. Time lines are drawn with one character a second. */
import fc from 'fast-check';
import t from 'tap';
import type { WindowShape } from '../../../src/plan/index.js';
import { calls, type RunOptions, run } from './aggregate-run.js';

const tumble = (sizeMs: number): WindowShape => ({ shape: 'tumble', sizeMs, offsetMs: 0 });
const counted = calls(['n', 'count'], ['s', 'sum', 'v']);

/** Records at times with keys, valued 1, 2, 4, ... */
function records(...at: readonly (readonly [number, string?])[]): string[] {
  return at.map(([time, key], index) =>
    JSON.stringify({ t: time, v: 2 ** index, ...(key === undefined ? {} : { k: key }) }),
  );
}

t.test('tumbling windows fire when the watermark passes their last millisecond', (t) => {
  // 0....5....10...15
  // a  b |  a  |       windows of 5 ms
  const { flow } = run(records([0, 'a'], [3, 'b'], [8, 'a'], [14, 'b']), {
    calls: counted,
    by: ['k'],
    window: tumble(5),
    batchRows: 1,
  });
  t.same(flow, [
    0,
    // Two ms behind the next result, which has the time 4; and behind that of 9.
    2,
    '{"window_start":0,"window_end":5,"k":"a","n":1,"s":1}',
    '{"window_start":0,"window_end":5,"k":"b","n":1,"s":2}',
    7,
    // 14 is the last ms of its own window, which fires at once.
    '{"window_start":5,"window_end":10,"k":"a","n":1,"s":4}',
    '{"window_start":10,"window_end":15,"k":"b","n":1,"s":8}',
    14,
    Number.POSITIVE_INFINITY,
  ]);
  t.end();
});

t.test('a record is judged by the watermark as it was before it', (t) => {
  // The watermark stands at 4 when 2 comes: [0, 5) has fired. 9 comes at 4, so its own window is open; 6 comes at 9.
  const lines = records([1], [4], [2], [9], [6]);
  const { rows, late } = run(lines, { calls: counted, window: tumble(5) });
  t.same(late, [lines[2], lines[4]]);
  t.same(rows, [
    { window_start: 0, window_end: 5, n: 2, s: 3 },
    { window_start: 5, window_end: 10, n: 1, s: 8 },
  ]);
  t.end();
});

t.test('with a delay, out-of-order records go back and forth between windows', (t) => {
  const lines = records([4], [6], [3], [7], [2], [12], [4], [9]);
  const { rows, late } = run(lines, { calls: counted, window: tumble(5), delayMs: 6 });
  t.same(late, [lines[6]], '4 came when the watermark was at 6');
  t.same(rows, [
    { window_start: 0, window_end: 5, n: 3, s: 1 + 4 + 16 },
    { window_start: 5, window_end: 10, n: 3, s: 2 + 8 + 128 },
    { window_start: 10, window_end: 15, n: 1, s: 32 },
  ]);
  t.end();
});

t.test('a hopping record late for some windows counts in the others', (t) => {
  // Windows of 10 ms every 5 ms: [-5,5) [0,10) [5,15) ...; at watermark 5 the first has fired.
  const lines = records([5], [3], [14], [3]);
  const { rows, late } = run(lines, {
    calls: counted,
    window: { shape: 'hop', sizeMs: 10, slideMs: 5, offsetMs: 0 },
  });
  t.same(late, [lines[3]], 'at 14, [0, 10) has fired too');
  t.same(rows, [
    { window_start: 0, window_end: 10, n: 2, s: 3 },
    { window_start: 5, window_end: 15, n: 2, s: 5 },
    { window_start: 10, window_end: 20, n: 1, s: 4 },
  ]);
  t.end();
});

t.test('with a slide longer than the size, what falls between windows is neither counted nor late', (t) => {
  const { rows, late } = run(records([1], [7], [11], [12]), {
    calls: counted,
    window: { shape: 'hop', sizeMs: 5, slideMs: 10, offsetMs: 0 },
  });
  t.same(late, []);
  t.same(rows, [
    { window_start: 0, window_end: 5, n: 1, s: 1 },
    { window_start: 10, window_end: 15, n: 2, s: 12 },
  ]);
  t.end();
});

t.test('cumulating windows share their start and grow by the step', (t) => {
  // [0,2) [0,4) [0,6), then again from 6
  const { rows } = run(records([1], [3], [5], [7]), {
    calls: counted,
    window: { shape: 'cumulate', maxMs: 6, stepMs: 2, offsetMs: 0 },
  });
  t.same(
    rows.map(({ window_start, window_end, s }) => [window_start, window_end, s]),
    [
      [0, 2, 1],
      [0, 4, 3],
      [0, 6, 7],
      [6, 8, 8],
      [6, 10, 8],
      [6, 12, 8],
    ],
  );
  t.end();
});

t.test('days in a zone have 23 hours when summer time begins', (t) => {
  const hour = 3_600_000;
  const spring = Date.UTC(2026, 2, 29) - hour;
  const { rows } = run(records([spring], [spring + 22 * hour], [spring + 23 * hour]), {
    calls: calls(['n', 'count']),
    window: { shape: 'tumble', sizeMs: 24 * hour, offsetMs: 0, zone: 'Europe/Oslo' },
  });
  t.same(rows, [
    { window_start: spring, window_end: spring + 23 * hour, n: 2 },
    { window_start: spring + 23 * hour, window_end: spring + 47 * hour, n: 1 },
  ]);
  t.end();
});

const session = (gapMs: number): WindowShape => ({ shape: 'session', gapMs });

t.test('a session ends when nothing came for the gap; touching records are one session', (t) => {
  // a:  0    5 |      11    touching: 0 + 5 = 5; 5 + 5 = 10 < 11
  // b:    2        |        fires at 7
  const { rows } = run(records([0, 'a'], [2, 'b'], [5, 'a'], [11, 'a']), {
    calls: counted,
    window: session(5),
    windowBy: ['k'],
    delayMs: 20,
  });
  t.same(rows, [
    { window_start: 2, window_end: 7, k: 'b', n: 1, s: 2 },
    { window_start: 0, window_end: 10, k: 'a', n: 2, s: 5 },
    { window_start: 11, window_end: 16, k: 'a', n: 1, s: 8 },
  ]);
  t.end();
});

t.test('two sessions grow together; every aggregate is merged in the order of arrival', (t) => {
  // arrival:   1st   3rd   2nd
  // time:      0-----4-----8-----
  const lines = [
    '{"t":8,"k":"a","v":5}',
    '{"t":0,"k":"a","v":1}',
    '{"t":20,"k":"a","v":0}',
    '{"t":4,"k":"a","v":3}',
  ];
  const { lines: out } = run(lines, {
    calls: [
      ...calls(
        ['n', 'count'],
        ['s', 'sum', 'v'],
        ['a', 'avg', 'v'],
        ['lo', 'min', 'v'],
        ['hi', 'max', 'v'],
        ['f', 'first', 'v'],
        ['l', 'last', 'v'],
        ['list', 'list', 'v'],
        ['set', 'set', 'v'],
        ['top', 'top', 'v', '2'],
        ['var', 'var_pop', 'v'],
        ['med', 'quantile_exact', 'v', '0.5'],
        ['ad', 'approx_distinct', 'v'],
        ['am', 'argmax', 't', 'v'],
        ['mode', 'mode', 'v'],
      ),
      { name: 'sd', function: 'sum', arguments: ['v'], distinct: true },
    ],
    window: session(5),
    windowBy: ['k'],
    delayMs: 100,
  });
  t.equal(
    out[0],
    '{"window_start":0,"window_end":13,"k":"a","n":3,"s":9,"a":3,"lo":1,"hi":5,"f":5,"l":3,"list":[5,1,3],' +
      '"set":[5,1,3],"top":[5,3],"var":2.6666666666666665,"med":3,"ad":3,"am":8,"mode":5,"sd":9}',
  );
  t.equal(out.length, 2);
  t.end();
});

t.test('a late record that merges into a session still open survives', (t) => {
  // watermark 12 after the third record: [4, 14) is open; 5 lies in it. 1 would be a session of its own, [1, 6): late.
  const lines = records([4, 'a'], [9, 'a'], [12, 'b'], [5, 'a'], [1, 'b'], [0, 'a']);
  const { rows, late } = run(lines, { calls: counted, window: session(5), windowBy: ['k'] });
  t.same(late, [lines[4]]);
  t.same(rows, [
    { window_start: 0, window_end: 14, k: 'a', n: 4, s: 1 + 2 + 8 + 32 },
    { window_start: 12, window_end: 17, k: 'b', n: 1, s: 4 },
  ]);
  t.end();
});

t.test('sessions of many keys that come and go', (t) => {
  // More than the number of keys at which those without sessions are dropped.
  const lines = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ t: n, v: 1, k: `key ${n >> 1}` }));
  const { rows } = run(lines, { calls: counted, window: session(10), windowBy: ['k'] });
  t.equal(rows.length, 10_000);
  t.same(
    rows.filter(
      ({ n, k, window_end }, index) => n !== 2 || k !== `key ${index}` || window_end !== 2 * index + 11,
    ),
    [],
  );
  t.end();
});

t.test('sessions of one key aggregated by another are two stages', (t) => {
  const lines = [
    '{"t":0,"u":"a","c":"x"}',
    '{"t":0,"u":"b","c":"x"}',
    '{"t":1,"u":"a","c":"y"}',
    '{"t":1,"u":"b","c":"x"}',
  ];
  const { rows } = run(lines, {
    calls: calls(['n', 'count']),
    window: session(5),
    windowBy: ['u'],
    by: ['c'],
  });
  t.same(rows, [
    { window_start: 0, window_end: 6, c: 'x', n: 3 },
    { window_start: 0, window_end: 6, c: 'y', n: 1 },
  ]);
  t.end();
});

t.test('a key computed by the window is a field for the aggregate', (t) => {
  const lines = ['{"t":0,"u":"a"}', '{"t":1,"u":"A"}'];
  const { rows } = run(lines, {
    calls: calls(['n', 'count'], ['l', 'min', 'lu']),
    window: session(5),
    windowBy: [{ name: 'lu', expression: 'LOWER(u)' }],
    by: ['lu'],
  });
  t.same(rows, [{ window_start: 0, window_end: 6, lu: 'a', n: 2, l: 'a' }]);
  t.end();
});

t.test('count windows fire at every n-th record of a key and have no bounds', (t) => {
  const lines = records([0, 'a'], [0, 'b'], [0, 'a'], [0, 'a'], [0, 'b']);
  const { rows } = run(lines, {
    calls: counted,
    window: { shape: 'count', size: 2, slide: 2 },
    windowBy: ['k'],
  });
  t.same(rows, [
    { k: 'a', n: 2, s: 5 },
    { k: 'b', n: 2, s: 18 },
  ]);
  t.end();
});

t.test('sliding count windows hold the last records, at first fewer', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      (size, slide, keys, batchRows) => {
        const lines = keys.map((k, v) => JSON.stringify({ t: 0, v, k }));
        const { rows } = run(lines, {
          calls: calls(['l', 'list', 'v']),
          window: { shape: 'count', size, slide },
          windowBy: ['k'],
          batchRows,
        });
        const expected: unknown[] = [];
        const seen = new Map<string, number[]>();
        keys.forEach((k, v) => {
          const list = [...(seen.get(k) ?? []), v];
          seen.set(k, list);
          if (list.length % slide === 0) expected.push({ k, l: list.slice(-size) });
        });
        return JSON.stringify(rows) === JSON.stringify(expected);
      },
    ),
  );
  t.end();
});

t.test('records that carry their bounds are grouped by them and fire in the same order', (t) => {
  const lines = [
    '{"t":1,"window_start":0,"window_end":10,"k":"a"}',
    '{"t":1,"window_start":0,"window_end":5,"k":"a"}',
    '{"t":2,"window_start":2,"window_end":10,"k":"b"}',
    '{"t":3,"window_start":0,"window_end":10,"k":"b"}',
    '{"t":3,"window_start":0,"window_end":10,"k":"a"}',
    '{"t":3,"window_start":7,"window_end":3,"k":"a"}',
    '{"t":6,"window_start":"x","window_end":10,"k":"a"}',
    '{"t":4,"window_start":0,"window_end":5,"k":"late"}',
  ];
  const { rows, late, rejected } = run(lines, {
    calls: calls(['n', 'count']),
    by: ['k'],
    window: tumble(5),
    carried: true,
  });
  t.same(late, [lines[7]]);
  t.equal(rejected.length, 2);
  t.same(rows, [
    { window_start: 0, window_end: 5, k: 'a', n: 1 },
    { window_start: 0, window_end: 10, k: 'a', n: 2 },
    { window_start: 0, window_end: 10, k: 'b', n: 1 },
    { window_start: 2, window_end: 10, k: 'b', n: 1 },
  ]);
  t.end();
});

t.test('without a window groups leave when the input ends, in order of first arrival', (t) => {
  const { flow } = run(['{"t":5,"k":"b"}', '{"t":1,"k":"a"}', '{"t":1,"k":"b"}'], {
    calls: calls(['n', 'count']),
    by: ['k'],
  });
  t.same(flow, ['{"k":"b","n":2}', '{"k":"a","n":1}', Number.POSITIVE_INFINITY]);
  t.same(run([], { calls: calls(['n', 'count']) }).rows, [], 'no record, no row');
  t.end();
});

t.test('the time of a result is the last millisecond of its window', (t) => {
  const { times } = run(records([1], [6]), { calls: counted, window: tumble(5) });
  t.same(times, [4, 9]);
  t.end();
});

t.test('more open groups than allowed end the run, wherever batches are cut', (t) => {
  // Three keys in each window, the last of which brings it to fire; with a delay the next window opens before.
  const at = (time: number) =>
    [
      [time, 'a'],
      [time, 'b'],
      [time + 4, 'c'],
    ] as const;
  const lines = records(...at(0), ...at(5), ...at(10));
  const options: RunOptions = { calls: counted, by: ['k'], window: tumble(5), maxGroups: 3 };
  for (const batchRows of [1, 2, 100]) {
    t.equal(run(lines, { ...options, batchRows }).rows.length, 9);
    t.throws(() => run(lines, { ...options, batchRows, delayMs: 1 }), /groups are open/);
    t.throws(() => run(lines, { ...options, batchRows, maxGroups: 2 }), /groups are open/);
  }
  t.end();
});

const shapes: readonly WindowShape[] = [
  tumble(7),
  { shape: 'hop', sizeMs: 9, slideMs: 4, offsetMs: 1 },
  { shape: 'cumulate', maxMs: 12, stepMs: 3, offsetMs: 2 },
  { shape: 'hop', sizeMs: 7_200_000, slideMs: 3_600_000, offsetMs: 0, zone: 'Europe/Oslo' },
  session(4),
];

t.test('the answer does not depend on how the input is cut into batches', (t) => {
  const record = fc.record({
    t: fc.integer({ min: 0, max: 60 }),
    k: fc.constantFrom('a', 'b', null, 1),
    v: fc.constantFrom(1, 2.5, null, 9007199254740991),
  });
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 60 }),
      fc.constantFrom(...shapes),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 1, max: 9 }),
      (list, shape, delayMs, batchRows) => {
        const lines = list.map((one) => JSON.stringify(one));
        const options: RunOptions = {
          calls: calls(['n', 'count'], ['s', 'sum', 'v'], ['l', 'list', 'v'], ['last', 'last', 'v']),
          window: shape,
          windowBy: ['k'],
          delayMs,
        };
        const whole = run(lines, options);
        const cut = run(lines, { ...options, batchRows });
        return (
          whole.lines.join('\n') === cut.lines.join('\n') && whole.late.join('\n') === cut.late.join('\n')
        );
      },
    ),
  );
  t.end();
});
