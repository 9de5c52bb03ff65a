/** Streams of a program: the plans they make, their types, and running them. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import {
  aggregate,
  avg,
  count,
  countDistinct,
  countOf,
  first,
  from,
  list,
  max,
  quantile,
  type RowKind,
  session,
  sum,
  tumble,
  type WindowBounds,
} from '../../../src/index.js';
import { temporaryFolder } from '../../harness/shell.js';

interface Click {
  readonly ts: number;
  readonly user: string;
  readonly country: string | null;
  readonly bytes: number;
}

const folder = temporaryFolder();
const clicks = path.join(folder, 'clicks.ndjson');
const written = Array.from(
  { length: 3000 },
  (_, i): Click => ({
    ts: 1_760_000_000_000 + i * 100,
    user: `u${i % 7}`,
    country: i % 3 === 0 ? null : 'NO',
    bytes: i,
  }),
);
fs.writeFileSync(clicks, written.map((click) => `${JSON.stringify(click)}\n`).join(''));

t.test('a stream makes the plan of the same question as text', (t) => {
  const other = from('b.csv', { format: 'csv', time: 'at' }).filter('ok');
  const pairs: readonly (readonly [unknown, string])[] = [
    [
      from<Click>('a', { time: 'ts', delay: '2s' })
        .filter("country = 'NO'")
        .window(tumble('10s'))
        .aggregate({ n: count(), b: sum('bytes'), q: quantile('bytes', 0.9) }, { by: ['country', 'user'] })
        .plan(),
      "from a --time ts --delay 2s | filter country = 'NO' | window tumble 10s | aggregate count(*) as n, sum(bytes) as b, quantile(bytes, 0.9) as q --by country, user",
    ],
    [
      from('a')
        .window(session('5m'), { time: 'ts', by: ['user'] })
        .aggregate({ 'a b': countDistinct('x y') })
        .plan(),
      'from a | window session 5m --time ts --by user | aggregate count(distinct `x y`) as `a b`',
    ],
    [
      from('a')
        .window(countOf(3, 1))
        .aggregate({ l: list('v') })
        .plan(),
      'from a | window count 3 1 | aggregate list(v) as l',
    ],
    [
      from('a', { time: 'ts' })
        .join(other, { on: ['id', 'x = y'], within: '1m', kind: 'left' })
        .to('out.csv')
        .plan(),
      'b = from b.csv --format csv --time at | filter ok\nfrom a --time ts | join b --on id, x = y --within 1m --kind left | to out.csv',
    ],
    [
      from('a', { time: 'ts' })
        .union(from('c', { time: 'ts' }))
        .pipe('dedup --by id --within 1h')
        .plan(),
      'c = from c --time ts\nfrom a --time ts | union c | dedup --by id --within 1h',
    ],
    [
      from('a', { maxSkew: '1h', follow: true, time: 't' }).pick('a', 'b c').plan(),
      'from a --time t --max-skew 1h --follow | select a, `b c`',
    ],
    [
      from('a', { time: 't' })
        .via(['sed', '-e', 's/a b/c/'])
        .via(['jq', '-c', '.'], { settle: 'count', ok: [0, 1], untimed: true })
        .plan(),
      "from a --time t | via -- sed -e 's/a b/c/' | via --settle count --ok 0,1 --untimed -- jq -c .",
    ],
    [
      from('a')
        .exec(['expr', '{n}', '/', '2'], { as: 'half', jobs: 2, retries: 3, ok: [0, 1], uid: 'x' })
        .exec(['cat'])
        .plan(),
      'from a | exec --as half --jobs 2 --retries 3 --ok 0,1 --uid x -- expr {n} / 2 | exec -- cat',
    ],
    [
      from('a', { time: 't' }).window(tumble('1m')).exec(['sort', '-u'], { per: 'window' }).plan(),
      'from a --time t | window tumble 1m | exec --per window -- sort -u',
    ],
    [
      from('a', { time: 't' })
        .window(tumble('1m'), { emit: 'early 10s', allowedLateness: '5m', fill: 'zero', by: ['k'] })
        .aggregate({ n: count() })
        .plan(),
      'from a --time t | window tumble 1m --emit early 10s --allowed-lateness 5m --fill zero --by k | aggregate count(*) as n',
    ],
    [
      from('a', { time: 't' }).window(tumble('1m'), { atMost: 100 }).aggregate({ n: count() }).plan(),
      'from a --time t | window tumble 1m --at-most 100 | aggregate count(*) as n',
    ],
    [
      from('a')
        .aggregate({ n: count() }, { by: ['k'], emit: 'changes' })
        .plan(),
      'from a | aggregate count(*) as n --by k --emit changes',
    ],
  ];
  const reserved = from('a')
    .pick('order', 'case')
    .aggregate({ end: count('order') }, { by: ['case'] });
  t.match(reserved.plan().nodes.at(-1), { by: [{ name: 'case' }], calls: [{ name: 'end' }] }, 'words of SQL');
  for (const [plan, text] of pairs) t.strictSame(plan, parsePipeline(text), text);
  t.end();
});

t.test('results come as records, typed', async (t) => {
  const perCountry = from<Click>(clicks, { time: 'ts' })
    .window(tumble('1m'))
    .aggregate({ n: count(), most: max('bytes'), mean: avg('bytes') }, { by: ['country'] });
  let n = 0;
  for await (const row of perCountry.run()) {
    const country: string | null = row.country;
    const most: number | null = row.most;
    const bound: string | number = row.window_start;
    t.ok(country === null || country === 'NO');
    t.ok(most !== null && bound !== '');
    n += row.n;
  }
  t.equal(n, written.length);
});

t.test('names of fields are checked by the compiler', (t) => {
  const stream = from<Click>('a', { time: 'ts' });
  // @ts-expect-error Click has no field byte.
  stream.aggregate({ n: sum('byte') });
  // @ts-expect-error Click has no field land.
  stream.aggregate({ n: count() }, { by: ['land'] });
  // @ts-expect-error Click has no field at.
  from<Click>('a', { time: 'at' });
  // @ts-expect-error Click has no field x.
  stream.pick('user', 'x');
  const picked = stream.pick('user', 'bytes');
  // @ts-expect-error country was left out.
  picked.aggregate({ n: count('country') });
  // Where no type is given, any name will do.
  from('a').aggregate({ n: sum('byte'), x: aggregate('sum(a * b)') }, { by: ['land'] });
  t.end();
});

t.test('changes have op in their type, and in what comes', async (t) => {
  const stream = from<Click>(clicks, { time: 'ts' });
  const calls = { n: count(), most: max('bytes') };
  const early = stream.window(tumble('1m'), { emit: 'early 10s' }).aggregate(calls, { by: ['country'] });
  const corrected = stream.window(tumble('1m'), { allowedLateness: '10s' }).filter('true').aggregate(calls);
  const running = stream.aggregate({ n: count() }, { emit: 'changes' });
  const asked = stream.window(tumble('1m')).aggregate({ n: count() }, { emit: 'changes' });
  for (const changes of [early, corrected, running, asked]) {
    const rows = await changes.run().all();
    const kinds: readonly RowKind[] = rows.map(({ op }) => op);
    t.ok(kinds.includes('+I'));
    t.equal(kinds.length, rows.filter(({ n }) => typeof n === 'number').length);
  }
  const [first] = await early.run().all();
  const most: number | null = first!.most;
  const bound: string | number = first!.window_start;
  const country: string | null = first!.country;
  t.strictSame([country, most, bound], [null, 99, 1_759_999_980_000]);

  const plain = stream.window(tumble('1m'), { fill: 'zero' }).aggregate({ n: count() }).run();
  const full = stream.window(tumble('1m'), { atMost: 10 }).aggregate({ n: count() }).run();
  for (const row of [...(await plain.all()), ...(await full.all())]) {
    // @ts-expect-error Rows that are final have no op.
    t.equal(row.op, undefined);
  }
  const options: { emit?: 'changes' } = {};
  const either = stream.window(tumble('1m'), options).aggregate({ n: count() });
  for (const row of await either.run().all()) {
    const kind: RowKind | undefined = row.op;
    t.equal(kind, undefined, 'where nobody knows, it may be missing');
  }
});

t.test('what windows and aggregates are asked for is checked by the compiler', (t) => {
  const stream = from<Click>('a', { time: 'ts' });
  // @ts-expect-error No such way to emit.
  t.throws(() => stream.window(tumble('1m'), { emit: 'often' }), /--emit cannot be often/);
  // @ts-expect-error Keys are filled with zero.
  t.throws(() => stream.window(tumble('1m'), { fill: 'one' }), /--fill cannot be one/);
  // @ts-expect-error Click has no field land.
  stream.window(tumble('1m'), { emit: 'changes', by: ['land'] });
  // @ts-expect-error Click has no field land.
  stream.aggregate({ n: count() }, { emit: 'changes', by: ['land'] });
  // @ts-expect-error Click has no field byte.
  stream.aggregate({ n: sum('byte') }, { emit: 'changes' });
  // @ts-expect-error The steps of a via are of three kinds.
  t.throws(() => stream.via(['cat'], { settle: 'soon' }), /--settle cannot be soon/);
  t.throws(() => stream.via([]), /via needs a command/);
  const both = stream.window(tumble('1m'), { emit: 'changes', atMost: 3 }).aggregate({ n: count() });
  t.throws(() => both.run(), /rows of --at-most are final/);
  t.end();
});

t.test('records through programs of others, typed', async (t) => {
  const stream = from<Click>(clicks, { time: 'ts' }).filter('bytes < 4');
  const doubled = stream.exec(['expr', '{bytes}', '*', '2'], { as: 'twice', jobs: 2, ok: [0, 1] });
  const twice: readonly [number, string][] = (await doubled.run().all()).map((row) => [row.bytes, row.twice]);
  t.strictSame(
    twice,
    [0, 1, 2, 3].map((n) => [n, String(n * 2)]),
  );
  // A text takes the place of a number.
  const texts: readonly string[] = (await stream.exec(['echo', 'x'], { as: 'bytes' }).run().all()).map(
    ({ bytes }) => bytes,
  );
  t.strictSame(texts, ['x', 'x', 'x', 'x']);
  const users = await stream
    .via<{ readonly ts: number; readonly who: string }>(['sed', '-e', 's/"user"/"who"/'])
    .window(tumble('1m'))
    .aggregate({ first: first('who'), n: count() })
    .run()
    .all();
  const who: string | null | undefined = users[0]?.first;
  t.strictSame([who, users[0]?.n], ['u0', 4]);
  const printed = await stream.exec<{ readonly n: number }>(['echo', '{"n":{bytes}}']).run().all();
  const numbers: readonly number[] = printed.map(({ n }) => n);
  t.strictSame(numbers, [0, 1, 2, 3]);
  // @ts-expect-error What a program gives is not known without a type.
  const unknown: readonly number[] = (await stream.via(['cat']).run().all()).map(({ bytes }) => bytes);
  t.strictSame(unknown, [0, 1, 2, 3]);
  await t.rejects(stream.via(['false']).run().all(), /false/);
  const changes = stream
    .window(tumble('1m'), { emit: 'changes' })
    .via<Click & WindowBounds>(['cat'])
    .aggregate({ n: count() });
  const kinds: readonly RowKind[] = (await changes.run().all()).map(({ op }) => op);
  t.equal(kinds.length, 7, 'windows hold behind a program');
});

t.test('leaving the loop ends the run, and a slow reader holds it up', async (t) => {
  const big = path.join(folder, 'big.ndjson');
  fs.writeFileSync(big, `${JSON.stringify({ v: 1, text: 'x'.repeat(100) })}\n`.repeat(200_000));
  const results = from(big).run();
  let seen = 0;
  for await (const _ of results) if (++seen === 10) break;
  const { outcome, totals } = await results.finished;
  t.equal(outcome, 'stopped');
  t.ok(totals.recordsIn < 200_000, `read ${totals.recordsIn}, which is not all of it`);
});

t.test('the same as a stream of Node, and all at once', async (t) => {
  const stream = from<Click>(clicks).filter('bytes < 3').run().stream();
  const bytes: number[] = [];
  for await (const click of stream as unknown as AsyncIterable<Click>) bytes.push(click.bytes);
  t.same(bytes, [0, 1, 2]);
  const all = await from<Click>(clicks).filter('bytes >= 2998').run().all();
  t.same(all, written.slice(2998));
});

t.test('an output, and what was counted', async (t) => {
  const said: string[] = [];
  const file = path.join(folder, 'bad.ndjson');
  fs.writeFileSync(file, '{"v":1}\nno record\n');
  const out = path.join(folder, 'out.csv');
  const { totals } = await from(file)
    .to(out)
    .run({ say: (line) => said.push(line) });
  t.equal(fs.readFileSync(out, 'utf8'), 'v\n1\n');
  t.equal(totals.rejected, 1);
  t.ok(said.length > 0);
});

t.test('what is wrong is thrown where it is seen', async (t) => {
  t.throws(() => from('a').window(tumble('soon')), { message: /soon/ });
  t.throws(() => from('a').filter('x ='), { message: /expected a value/ });
  t.throws(() => from('a').window(tumble('1m')).window(tumble('1m')).run(), /in a window already/);
  await t.rejects(from(path.join(folder, 'none')).run().all(), /no such file/);
  await t.rejects(from(path.join(folder, 'none')).to(path.join(folder, 'x')).run(), /no such file/);
});
