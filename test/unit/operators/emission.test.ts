/** Windows that give more than their results once: what is refused where they are built, and limits. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { runPlan } from '../../harness/run-plan.js';

const input = '{"t":1,"k":"a"}\n{"t":2,"k":"b"}\n{"t":25,"k":"c"}\n';
const run = (text: string) => runPlan(parsePipeline(text), { input });

t.test('a select that loses the event time is refused', async (t) => {
  const { said, status } = await run(
    'from - --time t | window tumble 10s --fill zero | select k, window_start, window_end | aggregate count(*) --by k',
  );
  t.equal(status, 2);
  t.match(said[0], '3-select: the window gives results by event time, and without t');
});

t.test('what only an aggregate can give is refused in a process of its own', async (t) => {
  const first = await runPlan(parsePipeline('from - --time t | window tumble 10s --emit changes'), {
    input,
    piped: true,
  });
  t.match(first.output, '"emission":{"emit":{"kind":"changes"}}');
  const second = await runPlan(parsePipeline('from - | top 1 --by t'), { input: first.output });
  t.equal(second.status, 2);
  t.match(second.said[0], 'which top cannot give');
});

t.test('what cannot stand behind a window is refused in a process of its own', async (t) => {
  const { output } = await runPlan(parsePipeline('from - --time t | window tumble 10s'), {
    input,
    piped: true,
  });
  for (const [text, message] of [
    ['window tumble 20s', 'the records are in a window already'],
    ['window tumble 20s | aggregate count(*) as n', 'the records are in a window already'],
    ['fill --every 1s --by k', 'the records are in windows, and what is missing is not known yet'],
  ] as const) {
    const { status, said } = await runPlan(parsePipeline(`from - | ${text}`), { input: output });
    t.equal(status, 2, text);
    t.match(said[0], message);
  }
});

t.test('keys that were seen are limited', async (t) => {
  const text = 'from - --time t | window tumble 10s --fill zero | aggregate count(*) as n --by k';
  const { said } = await run(`${text} --max-groups 3`);
  t.match(said[0], 'more than 3 groups');
  t.equal((await run(`${text} --max-groups 9`)).status, 0);
});

t.test('by the clock there are changes', async (t) => {
  const { output } = await run(
    'from - | window tumble 1h --processing-time --emit changes | aggregate count(*) as n | select op, n',
  );
  t.equal(output.split('\n')[0], '{"op":"+I","n":1}');
});

t.test('what sessions that are told before they close cannot do is refused where it is known', async (t) => {
  const back = 'aggregate count(*) as n';
  const asked = 'from - --time t | window session 5s --by k --emit changes';
  for (const [text, why] of [
    [`${asked} | ${back} --by t`, 'cannot be aggregated by another'],
    [`${asked} | select t, window_start, window_end | ${back}`, 'the sessions are of k'],
  ] as const) {
    const { said, status } = await run(text);
    t.equal(status, 2);
    t.match(said[0], why);
  }
  const first = await runPlan(parsePipeline(asked), { input, piped: true });
  for (const [text, why] of [
    ['from - | filter t > 1', 'filter does not pass on every record'],
    [`from - | ${back} --emit early 2s`, 'are asked for at the window'],
  ] as const) {
    const { said, status } = await runPlan(parsePipeline(text), { input: first.output });
    t.equal(status, 2);
    t.match(said[0], why);
  }
  const waiting = await runPlan(parsePipeline('from - --time t | window session 5s'), { input, piped: true });
  const late = await runPlan(parsePipeline(`from - | ${back} --emit changes`), { input: waiting.output });
  t.match(late.said[0], 'are asked for at the window');
});

t.test('sessions by the clock can give every change', async (t) => {
  const { output } = await run(
    'from - | window session 1h --processing-time --emit changes | aggregate count(*) as n | select op, n',
  );
  t.equal(output.split('\n')[0], '{"op":"+I","n":1}');
  t.equal(output.split('\n').at(-2)?.slice(-6), '"n":3}');
});
