import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { checkPlan, explainPlan, planFromJson, planToJson } from '../../../src/plan/index.js';

const planOf = (window: string, aggregate: string) =>
  parsePipeline(
    `from a.ndjson --time ts | window tumble 1m --by user ${window} | aggregate count(*) as n ${aggregate}`,
  );

t.test('a uid is part of the plan, of its file and of what is explained', (t) => {
  const plan = planOf('--uid minutes', '--uid hits');
  t.same(
    plan.nodes.map(({ uid }) => uid),
    [undefined, 'minutes', 'hits'],
  );
  t.same(planFromJson(planToJson(plan)), plan);
  t.match(explainPlan(plan), 'state: hits');
  t.same(checkPlan(plan), []);
  t.same(checkPlan(planOf('', '')), []);
  t.end();
});

t.test('uids that two operators have, or that cannot be spelled', (t) => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['--uid a', '--uid a', /3-aggregate: the uid a is that of 2-window already/],
    ['', '--uid 2-window', /3-aggregate: the uid 2-window is that of 2-window already/],
    ['', '--uid 1.a', /cannot be a uid/],
    ['--uid ../a', '', /cannot be a uid/],
  ];
  for (const [window, aggregate, says] of wrong) {
    const [first, ...more] = checkPlan(planOf(window, aggregate));
    t.match(first?.message, says);
    t.equal(more.length, 0);
  }
  t.end();
});
