/** Which plans make the same again of the same input; in doubt a plan is none of them. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { repeatsItself } from '../../../src/plan/index.js';

const from = 'from in.ndjson --time ts';

t.test('what follows from the records alone repeats itself', (t) => {
  const texts = [
    `${from} --delay 2s | window tumble 1m | aggregate count(*) as n, p95(ms) filter (where ok) --by user`,
    `${from} | window session 5m --by user --late late.ndjson | aggregate sum(v) --by user | top 3 --by sum_v`,
    `${from} | filter v > 2 and lower(k) like 'a%' | select *, v * 2 as w | keyby k | sort | to out.csv`,
    `${from} | over count(*) as n --by k | dedup --by k --within 7s | fill --every 10s --by k`,
    `${from} | sample 10 --seed 3 | flatten tags | head-by-key 2 --by tag | tee copy.ndjson --when v > 1`,
    'gen clicks --count 5 --time ts | window tumble 1s | aggregate count(*)',
    'from access.log --format nginx | filter status >= 500',
  ];
  for (const text of texts) t.equal(repeatsItself(parsePipeline(text)), true, text);
  t.end();
});

t.test('what asks the clock, chance, other inputs or programs does not', (t) => {
  const texts = [
    `${from} | filter ts > now()`,
    `${from} | select *, coalesce(id, uuid()) as id`,
    `${from} | window tumble 1m | aggregate sum(v) filter (where rand() < 0.5) as s`,
    `${from} | tee copy.ndjson --when rand() < 0.1`,
    `${from} --max-skew 1h | filter v > 2`,
    `${from} --idle 5s | window tumble 1m | aggregate count(*)`,
    'from in.ndjson | window tumble 1m --processing-time | aggregate count(*)',
    `${from} | union other.ndjson`,
    `${from} | join other.ndjson --on k --within 5s`,
    `${from} | lookup table.csv --on k`,
    `${from} | via -- sort`,
  ];
  for (const text of texts) t.equal(repeatsItself(parsePipeline(text)), false, text);
  t.end();
});
