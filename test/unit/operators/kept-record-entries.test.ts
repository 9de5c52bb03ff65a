/** Entries of sort and fill: the records that they keep, what comes of changed ones, and what is refused. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { refusalOf, shownOf } from '../../harness/edited-entries.js';
import { runResumed } from '../../harness/resumed-run.js';

const entry = (more: object): string => JSON.stringify({ operator: 'it', ...more });
const timed = 'from - --time t --delay 5s | sort --uid it';
const valued = 'from - | sort --by v, v + 1 as w --uid it';
const filled = 'from - --time t | fill --every 1s --by k --with zero --uid it';

/** What comes of an input whose last line is read after an edit. */
async function changed(text: string, lines: readonly string[], change: (line: string) => string) {
  const chunkBytes = lines.slice(0, -1).join('\n').length + 1;
  const { output } = await runResumed(parsePipeline(text), {
    input: `${lines.join('\n')}\n`,
    chunkBytes,
    edited: true,
    change: (all, resumed) =>
      resumed === 0 ? all.map((line) => change(line)).filter((line) => line !== '') : all,
  });
  return output.split('\n').slice(0, -1);
}

t.test('entries come back as they went', async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      timed,
      [
        '{"operator":"it","key":{},"value":{"record":{"t":2,"v":1.0}},"state":{"number":0,"time":2000,"source":"a","record":"{\\"t\\":2,\\"v\\":1.0}"}}',
        '{"operator":"it","key":{},"value":{"record":{"t":1}},"state":{"number":3,"time":1000,"source":"a","record":{"t":1}}}',
      ],
    ],
    [
      valued,
      [
        '{"operator":"it","key":{},"value":{"record":{"v":7}},"state":{"number":0,"by":[7,8],"source":"a","record":{"v":7}}}',
        '{"operator":"it","key":{},"value":{"record":{"v":"1.20"}},"state":{"number":1,"by":["1.20",null],"source":"a","record":{"v":"1.20"}}}',
      ],
    ],
    [
      filled,
      [
        '{"operator":"it","key":{"k":"a"},"value":{"record":{"t":2,"k":"a"}},"state":{"number":4,"time":2000,"source":"a","record":{"t":2,"k":"a"}}}',
      ],
    ],
  ];
  for (const [text, lines] of cases) t.same(await shownOf(text, lines), lines, text);
});

t.test('a record that is changed leaves changed, and one that is taken out does not leave', async (t) => {
  const change = (line: string): string =>
    line.includes('"t":2') ? '' : line.replace(/"value":.*"state":/, '"state":').replace('"v":3', '"v":30');
  const lines = ['{"t":3,"v":3}', '{"t":2,"v":2}', '{"t":1,"v":1}'];
  t.same(await changed(timed, lines, change), ['{"t":1,"v":1}', '{"t":3,"v":30}']);
  const byValue = (line: string): string => change(line).replace('"by":[3,4]', '"by":[30,-9]');
  t.same(await changed(valued, lines, byValue), ['{"t":1,"v":1}', '{"t":3,"v":30}']);
});

t.test('a gap begins where the entry says', async (t) => {
  const change = (line: string): string =>
    line
      .replace(/"value":.*"state":/, '"state":')
      .replace('"time":1000', '"time":3000')
      .replace('"t":1', '"t":3');
  const lines = ['{"t":1,"k":"a","v":1}', '{"t":5,"k":"a","v":5}'];
  const wanted = [lines[0], '{"t":4,"k":"a","v":0}', lines[1]];
  t.same(await changed(filled, lines, change), wanted);
});

t.test('what does not fit is refused', async (t) => {
  const state = { time: 1000, record: { t: 1, k: 'a', v: 1 } };
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [timed, entry({ key: { k: 'a' }, state }), /it has a key .* \| an entry of a sort is a record/],
    [timed, entry({ key: {}, state: { ...state, by: [] } }), /its state has "by"/],
    [timed, entry({ key: {}, state: { record: state.record } }), /has no time/],
    [timed, entry({ key: {}, state: { ...state, record: 5 } }), /5 is no record/],
    [timed, entry({ key: {}, state: { ...state, source: 5 } }), /its source is no text/],
    [timed, entry({ key: {}, state, value: { record: {} } }), /value\.record is \{\}, but its state gives/],
    [valued, entry({ key: {}, state }), /nothing is not an array of 2/],
    [valued, entry({ key: {}, state: { ...state, by: [2, 3] } }), /by says 2, and v of its record is 1/],
    [filled, entry({ key: { k: 'b' }, state }), /its record has another key/],
    [filled, entry({ key: {}, state }), /its key has no k/],
    [filled, entry({ key: { k: 'a' }, state, window_start: 1, window_end: 2 }), /the bounds of a window/],
  ];
  for (const [text, line, wanted] of cases) {
    t.match(await refusalOf(text, [line]).catch((error: Error) => error.message), wanted, line);
  }
  const good = entry({ key: { k: 'a' }, state });
  t.match(await refusalOf(filled, [good, good]), /^stdin:2: there is an entry of this key already/);
  const two = [good, entry({ key: { k: 'b' }, state: { ...state, record: { k: 'b' } } })];
  t.match(await refusalOf(filled.replace('--uid', '--max-keys 1 --uid'), two), /^stdin:2: more than 1 keys/);
});

t.test('what has left does not come back', async (t) => {
  const lines = ['{"t":30}', '{"t":20}', '{"t":28}'];
  const late = (line: string): string =>
    line.replace(/"value":.*"state":/, '"state":').replace('30000', '2000');
  await t.rejects(changed(timed, lines, late), /behind the watermark: later ones have left/);
});
