/** What is said of fields that no record has: for each way to ask for one, and when nothing is to be said. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { type PlanInput, runPlan } from '../../harness/run-plan.js';
import { runShell, temporaryFolder } from '../../harness/shell.js';

const folder = temporaryFolder();
const users = path.join(folder, 'users.ndjson');
fs.writeFileSync(users, '{"name":"ann","plan":"free"}\n');

const clicks = [
  '{"ts":1000,"user":"ann","page":"/a","price":3,"tags":["x"],"from":{"city":"Oslo"}}',
  '{"ts":2000,"user":"bob","page":"/b","price":null,"tags":[],"from":null,"ref":"/a"}',
  '{"ts":9000,"user":"ann","page":"/b","price":1,"tags":["y"],"from":{"city":"Rome"}}',
]
  .map((line) => `${line}\n`)
  .join('');
const names = 'ts, user, page, price, tags, from';

/** What is said of a pipeline over the clicks. */
async function said(text: string, input: PlanInput = {}): Promise<readonly string[]> {
  const result = await runPlan(parsePipeline(text), { input: clicks, ...input });
  t.equal(result.status, 0, `${text}: the exit status stays`);
  return result.said;
}

const near = (field: string, step: string, meant: string, has: string = names): string =>
  `leat: no record has a field ${field} (${step}); did you mean ${meant}? the first record has: ${has}`;

const uses: readonly (readonly [string, ...string[]])[] = [
  ["from - | filter usr = 'ann'", near('usr', 'filter', 'user')],
  ['from - | filter price > 1 and pgae is null', near('pgae', 'filter', 'page')],
  ['from - | select usr, price as p', near('usr', 'select', 'user')],
  ['from - | select *, prise * 2 as twice', near('prise', 'select', 'price')],
  ['from - | keyby usr', near('usr', 'keyby', 'user')],
  ['from - | flatten tag', near('tag', 'flatten', 'tags')],
  [
    'from - | aggregate sum(prise) --by usr',
    near('usr', 'aggregate', 'user'),
    near('prise', 'aggregate', 'price'),
  ],
  ['from - | aggregate count(*) filter (where prise > 1)', near('prise', 'aggregate', 'price')],
  ['from - --time ts | window tumble 1s --by usr | aggregate count(*)', near('usr', 'aggregate', 'user')],
  ['from - --time ts | window session 1s --by usr', near('usr', 'window', 'user')],
  ['from - | sort --by prise', near('prise', 'sort', 'price')],
  ['from - | top 1 --by prise --per usr', near('usr', 'top', 'user'), near('prise', 'top', 'price')],
  ['from - | head-by-key 1 --by usr', near('usr', 'head-by-key', 'user')],
  ['from - | dedup --by usr', near('usr', 'dedup', 'user')],
  ['from - | fill --every 1s --time ts --by usr', near('usr', 'fill', 'user')],
  [
    'from - --time ts | over sum(prise) as s --by usr --rows 2',
    near('usr', 'over', 'user'),
    near('prise', 'over', 'price'),
  ],
  [
    "from - | filter from.town = 'Oslo'",
    'leat: no record has a field from.town (filter); the first record has in from: city',
  ],
  [
    'from - | select from.ciyt as c',
    'leat: no record has a field from.ciyt (select); did you mean from.city? the first record has in from: city',
  ],
  ['from - | sample 50% --by usr', near('usr', 'sample', 'user')],
  [`from - | lookup ${users} --on usr = name`, near('usr', 'lookup', 'user')],
  [`from - | tee ${folder}/copies.ndjson --when prise > 1`, near('prise', 'tee', 'price')],
  // Behind what makes records anew.
  ['from - | sort --by price | filter usr = 1', near('usr', 'filter', 'user', `${names}, ref`)],
  [
    'from - | flatten tags --as tag | filter tagg = 1',
    near('tagg', 'filter', 'tag', 'ts, user, page, price, from, tag'),
  ],
];

for (const [text, ...sentences] of uses) {
  t.test(text, async (t) => {
    t.same(await said(text), sentences);
    t.same(await said(text, { chunkBytes: 7 }), sentences, 'in small chunks');
  });
}

t.test('each field is said once, with all that asks for it', async (t) => {
  t.same(await said('from - | filter usr = 1 or usr = 2 | select usr'), [
    near('usr', 'filter, select', 'user'),
  ]);
  t.same(await said('from - | filter usr is null | sort --by price | filter usr is null'), [
    near('usr', 'filter', 'user'),
  ]);
});

t.test('inputs that meet are looked at by themselves', async (t) => {
  const files = {
    'orders.ndjson': '{"ts":1000,"id":1}\n',
    'payments.ndjson': '{"ts":1000,"id":1,"sum":5}\n',
  };
  const join = 'from orders.ndjson --time ts | join payments.ndjson';
  t.same(await said(`${join} --on id = idd --within 1s`, { files }), [
    'leat: no record of payments.ndjson has a field idd (join); did you mean id? the first record has: ts, id, sum',
  ]);
  t.same(await said(`${join} --on id --within 1s --prefix p_ | filter summ > 1`, { files }), [
    near('summ', 'filter', 'sum', 'ts, id, p_ts, sum'),
  ]);
  t.same(await said('from orders.ndjson | union payments.ndjson | filter sum > 1', { files }), []);
  t.same(await said('from orders.ndjson | union payments.ndjson | filter summ > 1', { files }), [
    'leat: no record has a field summ (filter); the first record has: ts, id',
  ]);
});

t.test('nothing is said of a field that a record has', async (t) => {
  t.same(await said("from - | filter ref = '/x' and price > 100 | select *, from.city as c"), []);
  t.same(await said('from - | filter a is null', { input: '{"a":null}\n' }), [], 'null');
  t.same(await said('from - | filter a = 1', { input: '' }), [], 'without records');
  const thousands = `${'{"b":1}\n'.repeat(9000)}{"a":1}\n`;
  t.same(await said('from - | filter a = 1', { input: thousands }), [], 'the last one of many has it');
  t.same(await said('from - --time ts | aggregate count(*) | top 1 --by count'), [], 'nor of bounds');
});

t.test('text formats have fields too', async (t) => {
  t.same(await said('from - --format logfmt | filter levle = 1', { input: 'level=info n=1\n' }), [
    near('levle', 'filter', 'level', 'level, n'),
  ]);
  t.same(await said('from - --format csv | filter levle = 1', { input: 'level,n\ninfo,1\n' }), [
    near('levle', 'filter', 'level', 'level, n'),
  ]);
});

t.test('an output asks for fields by which it is divided', async (t) => {
  const result = await runShell(
    `printf '{"user":"ann"}\\n' | leat to ${folder}/by-user/ --partition 'user={usr}'`,
  );
  t.equal(result.stderr, `${near('usr', 'to', 'user', 'user')}\n`);
});

t.test('many names are cut short', async (t) => {
  const wide = `${JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, n])))}\n`;
  t.same(await said('from - | filter xyz = 1', { input: wide }), [
    'leat: no record has a field xyz (filter); the first record has: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11 and 8 more',
  ]);
  t.same(await said('from - | filter xyz = 1', { input: '{}\n' }), [
    'leat: no record has a field xyz (filter); the first record has no fields',
  ]);
});

t.test('a stream that goes on says it so far', async (t) => {
  const line = '{"user":"ann"}\n';
  let nowMs = 0;
  const clock = (): number => {
    nowMs += 1000;
    return nowMs;
  };
  const input = { clock, chunkBytes: line.length };
  const soFar =
    'leat: no record so far has a field usr (filter); did you mean user? the first record has: user';
  t.same(await said('from - | filter usr = 1', { ...input, input: line.repeat(300) }), [soFar]);
  t.same(
    await said('from - | filter usr = 1', { ...input, input: line.repeat(99) }),
    [soFar.replace(' so far', '')],
    'not of a few',
  );
});
