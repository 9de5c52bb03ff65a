import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { parseAggregateList } from '../../../src/expression/index.js';
import { aggregateTable, defaultName, findAggregate, resolveAggregates } from '../../../src/plan/index.js';

function resolve(text: string, keys: string[] = []) {
  return resolveAggregates(parseAggregateList(text), { text, keys });
}

function refusal(text: string, keys: string[] = []) {
  try {
    resolve(text, keys);
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

t.test('fields without a name are called after their function and argument', (t) => {
  const text =
    'count(*), sum(bytes), P95(ms), avg(a.b), SUM(price * 2), count(distinct user), quantile(x, 0.9)';
  t.strictSame(
    resolve(text).map((call) => call.name),
    ['count', 'sum_bytes', 'p95_ms', 'avg_a_b', 'sum_price_2', 'count_distinct_user', 'quantile_x_0_9'],
  );
  t.equal(resolve('count(*) filter (where status >= 500)')[0]!.name, 'count_filter_where_status_500');
  t.equal(defaultName('***'), 'value');
  t.equal(defaultName('größe + 1'), 'größe_1');
  t.end();
});

t.test('shorthands and aliases become canonical functions with constant arguments', (t) => {
  const canonical = (text: string) => {
    const [call] = resolve(text);
    return [call!.function, ...call!.arguments];
  };
  t.strictSame(canonical('p95(x)'), ['quantile', 'x', '0.95']);
  t.strictSame(canonical('p5(x)'), ['quantile', 'x', '0.05']);
  t.strictSame(canonical('p50(x)'), ['quantile', 'x', '0.5']);
  t.strictSame(canonical('p999(x)'), ['quantile', 'x', '0.999']);
  t.strictSame(canonical('p0(x)'), ['quantile', 'x', '0']);
  t.strictSame(canonical('p100(x)'), ['quantile', 'x', '1']);
  t.strictSame(canonical('median(x)'), ['quantile', 'x', '0.5']);
  t.strictSame(canonical('median_exact(x)'), ['quantile_exact', 'x', '0.5']);
  t.strictSame(canonical('quantile(x, 0.90)'), ['quantile', 'x', '0.9']);
  t.strictSame(canonical('stddev(x)'), ['stddev_samp', 'x']);
  t.strictSame(canonical('Variance(x)'), ['var_samp', 'x']);
  t.strictSame(canonical('top(x, 3)'), ['top', 'x', '3']);
  t.strictSame(canonical('max_by(page, ms)'), ['argmax', 'page', 'ms']);
  t.strictSame(canonical('count(*)'), ['count']);
  t.strictSame(canonical('rate(*)'), ['rate']);
  t.end();
});

t.test('distinct and filter are kept, in canonical text', (t) => {
  t.strictSame(resolve('count(distinct user) filter (where status>=500) as users'), [
    { name: 'users', function: 'count', arguments: ['user'], distinct: true, filter: 'status >= 500' },
  ]);
  t.end();
});

t.test('a function that does not exist is shown with the nearest one', (t) => {
  const details = refusal('count(*), coutn(x)');
  t.equal(details.code, 'unknown-name');
  t.equal(details.hint, 'did you mean count?');
  t.match(details.place, { kind: 'text', start: 10, end: 15 });
  t.end();
});

t.test('a function of one record is not taken for a misspelt aggregate', (t) => {
  t.match(refusal('round(avg(x), 1)').hint, 'round is a function of one record');
  t.end();
});

t.test('arguments are counted and constants are held to their range', (t) => {
  t.match(refusal('sum()').message, 'does not take no arguments');
  t.match(refusal('sum(*)').message, 'cannot be called with *');
  t.match(refusal('sum(a, b)').message, 'does not take 2 arguments');
  t.match(refusal('argmax(a)').message, 'does not take 1 argument');
  t.match(refusal('quantile(x, 95)').message, 'between 0 and 1');
  t.match(refusal('quantile(x, y)').message, 'between 0 and 1');
  t.match(refusal('top(x, 0)').message, 'at least 1');
  t.match(refusal('p95(x, 2)').message, 'p95');
  t.match(refusal('min(distinct x)').message, 'DISTINCT');
  t.end();
});

t.test('a clash of names asks for as', (t) => {
  t.match(refusal('count(*), count(*)'), {
    code: 'plan',
    hint: 'give it another name: count(*) as other_count',
  });
  t.match(refusal('count(*) as page', ['page']).code, 'plan');
  t.match(refusal('min(ts) as window_start').code, 'plan');
  t.end();
});

t.test('no name or alias stands for two functions', (t) => {
  for (const definition of aggregateTable) {
    for (const name of [definition.name, ...definition.aliases])
      t.equal(findAggregate(name), definition, name);
  }
  t.end();
});
