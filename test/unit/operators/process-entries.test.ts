/** Entries of programs: what they show, what comes of a changed one, how a job begins with some, and what is refused. */
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { refusalOf, shownOf } from '../../harness/edited-entries.js';
import { runResumed } from '../../harness/resumed-run.js';
import { root } from '../../harness/shell.js';

const program = path.join(root, 'test/cases/process/sums/program.mjs');
const text = `from - --time t | process ${program} --by k --uid it`;
const lines = [
  '{"t":1,"k":"a","v":3}',
  '{"t":2,"k":"b","v":1}',
  '{"t":3,"k":"a","v":4}',
  '{"t":4,"k":"a","v":1}',
];
const input = `${lines.join('\n')}\n`;
/** The operators are replaced when this much was read. */
const chunkBytes = lines.slice(0, 3).join('\n').length + 1;

t.test('a changed entry is what the program finds', async (t) => {
  const shown: string[][] = [];
  const change = (all: readonly string[], resumed: number): readonly string[] => {
    shown.push([...all]);
    if (resumed > 0) return all;
    return all.map((line) =>
      line.replace(/"value":.*"state":/, '"state":').replace('"values":{"sum":7', '"values":{"sum":100'),
    );
  };
  const { output } = await runResumed(parsePipeline(text), { input, chunkBytes, edited: true, change });
  t.same(shown[0], [
    '{"operator":"it","key":{"k":"a"},"value":{"values":{"sum":7,"values":[3,4],"counts":[["3",1],["4",1]]},"event_timers":[5],"processing_timers":[]},"state":{"number":1,"values":{"sum":7,"values":[3,4],"counts":[["3",1],["4",1]]},"event_timers":[5000],"processing_timers":[]}}\n',
    '{"operator":"it","key":{"k":"b"},"value":{"values":{"sum":1,"values":[1],"counts":[["1",1]]},"event_timers":[5],"processing_timers":[]},"state":{"number":2,"values":{"sum":1,"values":[1],"counts":[["1",1]]},"event_timers":[5000],"processing_timers":[]}}\n',
  ]);
  t.equal(
    output,
    '{"t":5,"k":"a","v":101,"w":3,"kind":"sum","values":[3,4,1]}\n{"t":5,"k":"b","v":1,"w":1,"kind":"sum","values":[1]}\n',
  );
});

const entry = (more: object): string => JSON.stringify({ operator: 'it', ...more });

t.test('a job begins with entries that somebody wrote', async (t) => {
  const given = [
    entry({ key: { k: 'new' }, state: { values: { sum: 1 } } }),
    entry({ key: { k: 'ö' }, state: { number: 6, values: { 2: 'b', 1: null }, event_timers: [-5, 1e300] } }),
    entry({ key: { k: 7 }, state: { processing_timers: [1432108800000] } }),
  ];
  t.same(await shownOf(text, given), [
    '{"operator":"it","key":{"k":"ö"},"value":{"values":{"1":null,"2":"b"},"event_timers":[-5,1e+300],"processing_timers":[]},"state":{"number":6,"values":{"1":null,"2":"b"},"event_timers":[-5,1e+300],"processing_timers":[]}}',
    '{"operator":"it","key":{"k":"new"},"value":{"values":{"sum":1},"event_timers":[],"processing_timers":[]},"state":{"number":7,"values":{"sum":1},"event_timers":[],"processing_timers":[]}}',
    '{"operator":"it","key":{"k":7},"value":{"values":{},"event_timers":[],"processing_timers":["2015-05-20T08:00:00.000Z"]},"state":{"number":8,"values":{},"event_timers":[],"processing_timers":[1432108800000]}}',
  ]);
});

t.test('what does not fit is refused', async (t) => {
  const good = { key: { k: 'a' }, state: { values: { sum: 1 }, event_timers: [5000] } };
  const cases: readonly (readonly [string, RegExp])[] = [
    [entry({ ...good, key: {} }), /its key has no k \| a key is of k/],
    [entry({ ...good, key: { k: 'a', l: 1 } }), /it has another key/],
    [entry({ ...good, window_start: 1, window_end: 2 }), /a program has no windows/],
    [
      entry({ ...good, state: { sum: 1 } }),
      /its state has "sum" \| a state of this operator has key, number/,
    ],
    [entry({ ...good, state: { values: [1] } }), /state\.values is no object/],
    [entry({ ...good, state: { event_timers: ['soon'] } }), /state\.event_timers are no times/],
    [entry({ ...good, state: { event_timers: 5000 } }), /state\.event_timers are no times/],
    [entry({ ...good, state: { processing_timers: [5, 5] } }), /has a time twice/],
    [entry({ ...good, state: { values: {}, event_timers: [] } }), /a key that keeps nothing is forgotten/],
    [entry({ ...good, state: { ...good.state, number: -1 } }), /-1 is not a number of the order/],
    [entry({ ...good, state: { ...good.state, key: 'AAAA' } }), /not what the bytes in state\.key say/],
    [
      entry({ ...good, value: { values: { sum: 2 } } }),
      /but its state gives \{"sum":1\} \| the state is what/,
    ],
    [entry({ ...good, value: { sum: 1 } }), /value has a field sum \| a value of this operator has values,/],
  ];
  for (const [line, wanted] of cases) {
    const refusal = await refusalOf(text, [entry({ ...good, key: { k: 'b' } }), line]);
    t.match(refusal, wanted, line);
    t.match(refusal, /^stdin:2: /);
  }
  t.equal(await refusalOf(text, [entry(good)]), 'taken');
  t.match(await refusalOf(text, [entry(good), entry(good)]), /^stdin:2: there is an entry of this key/);
  const numbered = (k: string): string => entry({ key: { k }, state: { ...good.state, number: 3 } });
  t.match(await refusalOf(text, [numbered('a'), numbered('b')]), /^stdin:2: the number 3 is there twice/);
  const timeless = `from - | process ${program} --by k --uid it`;
  t.match(await refusalOf(timeless, [entry(good)]), /timers of event time, and the records have none/);
});

t.test('a key may have the name of what is shown of it', async (t) => {
  const named = `from - --time t | process ${program} --by values --uid it`;
  const line =
    '{"operator":"it","key":{"values":"a"},"value":{"values_":{"sum":1},"event_timers":[],"processing_timers":[]},"state":{"number":0,"values":{"sum":1},"event_timers":[],"processing_timers":[]}}';
  t.same(await shownOf(named, [line]), [line]);
});
