/** Entries of over: results so far, records of coming frames and those that wait; changed ones, and what is refused. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { refusalOf, shownOf } from '../../harness/edited-entries.js';
import { runResumed } from '../../harness/resumed-run.js';

const entry = (more: object): string => JSON.stringify({ operator: 'it', ...more });
const growing = 'from - --time t | over count(*) as n, sum(v) as s --by k --uid it';
const rows = 'from - --time t | over sum(v) as s --rows 3 --by k --uid it';
const range = 'from - --time t | over sum(v) as s --range 10s --by k --uid it';
const waits = '{"number":2,"time":3000,"source":"a","record":{"t":3,"k":"a","v":5},"values":[5]}';
const keeps = '{"number":0,"time":1000,"values":[1]},{"number":1,"time":2000,"values":[{"double":"-0"}]}';

t.test('entries come back as they went', async (t) => {
  const shown = '{"t":3,"k":"a","v":5}';
  const bounded = `{"operator":"it","key":{"k":"a"},"value":{"kept":2,"waiting":[${shown}]},"state":{"first":4,"kept":[${keeps}],"waiting":[${waits}]}}`;
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      growing,
      [
        `{"operator":"it","key":{"k":"a"},"value":{"n":2,"s":3.5,"waiting":[${shown}]},"state":{"so_far":{"count":2,"sum v":[3,0.5]},"waiting":[${waits}]}}`,
        `{"operator":"it","key":{"k":"b"},"value":{"waiting":[{"k":"b"}]},"state":{"waiting":[{"number":9,"time":5000,"source":"a","record":{"k":"b"},"values":[null]}]}}`,
      ],
    ],
    [rows, [bounded]],
    [range, [bounded]],
  ];
  for (const [text, lines] of cases) t.same(await shownOf(text, lines), lines, text);
});

t.test('what is changed is what the next record adds to', async (t) => {
  const lines = ['{"t":1,"k":"a","v":1}', '{"t":2,"k":"a","v":2}', '{"t":4,"k":"a","v":4}'];
  const chunkBytes = lines.slice(0, 2).join('\n').length + 1;
  const results = async (text: string, from: string, to: string): Promise<readonly number[]> => {
    const change = (all: readonly string[], resumed: number): readonly string[] =>
      resumed > 0 ? all : all.map((line) => line.replace(/"value":.*"state":/, '"state":').replace(from, to));
    const { output } = await runResumed(parsePipeline(text), {
      input: `${lines.join('\n')}\n`,
      chunkBytes,
      edited: true,
      change,
    });
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { s: number }).s);
  };
  t.same(await results(growing, '"sum v":1', '"sum v":100'), [1, 102, 106]);
  t.same(await results(rows, '"values":[1]', '"values":[100]'), [1, 102, 106]);
  t.same(await results(range, '"v":2},"values":[2]', '"v":20},"values":[20]'), [1, 21, 25]);
});

t.test('what does not fit is refused', async (t) => {
  const key = { k: 'a' };
  const waiting = [{ time: 3000, record: { k: 'a', v: 5 }, values: [5] }];
  const kept = [{ time: 1000, values: [1] }];
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [growing, entry({ key, state: {} }), /it keeps nothing/],
    [growing, entry({ key, state: { kept } }), /its state has "kept" \| .* has key, so_far, waiting/],
    [growing, entry({ key, state: { so_far: 5 } }), /5 is not what is accumulated so far/],
    [growing, entry({ key, state: { so_far: { count: 1 } } }), /state says nothing of "sum v"/],
    [
      growing,
      entry({ key, state: { waiting: [{ ...waiting[0], values: [6] }] } }),
      /values says 6, and v of its/,
    ],
    [growing, entry({ key, state: { waiting: [{ ...waiting[0], values: [] }] } }), /is not an array of 1/],
    [growing, entry({ key: { k: 'b' }, state: { waiting } }), /its record has another key/],
    [growing, entry({ key, state: { waiting: 5 } }), /state\.waiting is no list/],
    [growing, entry({ key, state: { waiting }, window_start: 1, window_end: 2 }), /an over has no windows/],
    [rows, entry({ key, state: { kept: [] } }), /it keeps no records/],
    [rows, entry({ key, state: { kept: [{ time: 5 }] } }), /is not an array/],
    [
      rows,
      entry({ key, state: { kept: [{ time: 6, values: [1] }, ...[{ time: 5, values: [1] }]] } }),
      /order of time/,
    ],
    [rows, entry({ key, state: { kept, waiting: [{ ...waiting[0], time: 1000 }] } }), /is not after those/],
    [rows, entry({ key, state: { kept, first: -1 } }), /-1 is not a whole number/],
    [rows, entry({ key, state: { kept }, value: { kept: 2 } }), /value\.kept is 2, but its state gives 1/],
  ];
  for (const [text, line, wanted] of cases) t.match(await refusalOf(text, [line]), wanted, line);
  const good = entry({ key, state: { kept, waiting } });
  t.match(await refusalOf(rows, [good, good]), /^stdin:2: there is an entry of this key already/);
  const other = entry({ key: { k: 'b' }, state: { kept } });
  const few = rows.replace('--uid', '--max-keys 1 --uid');
  t.match(await refusalOf(few, [good, other]), /^stdin:2: more than 1 keys are remembered/);
});
