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
