/**
 * The tools on stores that real processes made: savepoints are taken of a job that runs, it is stopped, looked at, and
 * gone on with, from its store and from savepoints, with the same pipeline and with a changed one.
 */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import {
  killShell,
  runShell,
  type ShellResult,
  startShell,
  temporaryFolder,
  until,
} from '../harness/shell.js';

t.setTimeout(600_000);

const clicks = '--time ts --delay 2s --checkpoint 30ms';
const windowed = `window tumble 5s --by country | aggregate count(*) as n, sum(bytes) as bytes`;

interface Place {
  readonly folder: string;
  run(script: string): Promise<ShellResult>;
  read(file: string): string;
}

/** A folder with an input; commands run in it. */
function place(): Place {
  const folder = temporaryFolder();
  return {
    folder,
    run: (script) => runShell(script, { cwd: folder, deadlineMs: 120_000 }),
    read: (file) => fs.readFileSync(path.join(folder, file), 'utf8'),
  };
}

const records = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Whether a store has a checkpoint of this number or a later one. */
function hasCheckpoint(folder: string, store: string, least: number): boolean {
  const where = path.join(folder, store, 'checkpoints');
  if (!fs.existsSync(where)) return false;
  const complete = fs
    .readdirSync(where)
    .filter((name) => fs.existsSync(path.join(where, name, 'manifest.json')))
    .map((name) => Number.parseInt(name, 10));
  return Math.max(0, ...complete) >= least;
}

/** Starts a job that does not end by itself. */
function endless({ folder }: Place, script: string): { shell: ChildProcess; ended: Promise<void> } {
  const shell = startShell(script, { cwd: folder });
  shell.stdout!.resume();
  shell.stderr!.resume();
  const ended = new Promise<void>((resolve) => shell.on('close', () => resolve()));
  t.teardown(() => killShell(shell));
  return { shell, ended };
}

async function ok(t: Test, at: Place, script: string): Promise<ShellResult> {
  const result = await at.run(script);
  t.equal(result.status, 0, `${script}\n${result.stderr}`);
  return result;
}

t.test('a running job: status, list, savepoint, stop', async (t) => {
  const at = place();
  const job = endless(
    at,
    `leat gen clicks --rate 2000 --seed 1 ${clicks} --state st | leat window tumble 1m --by country | leat aggregate 'count(*) as n' >> out.ndjson`,
  );
  await until('there are checkpoints', () => hasCheckpoint(at.folder, 'st', 3), 60_000);

  const [status] = records((await ok(t, at, 'leat job status --state st --json')).stdout);
  t.match(status, { job: 'st', run: 'running', generation: 1, finished: false, stages: 3 });
  t.ok((status!['checkpoint'] as number) >= 3);
  t.match((await ok(t, at, 'leat job status --state st')).stdout, /^run +running: run 1, pid \d+ on /m);
  t.match((await ok(t, at, 'leat job list')).stdout, /^st +running +\d+ .* st$/m);
  t.same(
    records((await ok(t, at, 'leat job list st . --json')).stdout).map(({ store }) => store),
    [path.join(at.folder, 'st'), path.join(at.folder, 'st')],
    'a store itself, and a folder of stores',
  );

  const taken = await ok(t, at, 'leat savepoint take one --state st --json');
  t.match(records(taken.stdout)[0], { savepoint: 'one', job: 'st', finished: false });
  await ok(t, at, 'leat savepoint take --to elsewhere/two --state st');
  t.ok(fs.existsSync(path.join(at.folder, 'elsewhere/two/manifest.json')));
  const again = await at.run('leat savepoint take one --state st');
  t.equal(again.status, 1, 'a name is used once');
  t.match(again.stderr, 'there is a savepoint one already');

  const unstopped = await at.run('leat job stop --state st --savepoint one');
  t.equal(unstopped.status, 1);
  t.match(unstopped.stderr, 'the job was not stopped');
  const stopped = await ok(t, at, 'leat job stop --state st --savepoint end --json');
  await job.ended;
  const [end] = records(stopped.stdout);
  const [now] = records((await ok(t, at, 'leat job status --state st --json')).stdout);
  t.match(now, { run: 'stopped', checkpoint: end!['checkpoint'] }, 'the savepoint is of the last checkpoint');

  const idle = await at.run('leat job stop --state st');
  t.equal(idle.status, 1, 'what does not run cannot be stopped');
  t.match(idle.stderr, 'the job st is not running');

  const list = records((await ok(t, at, 'leat savepoint list --state st --json')).stdout);
  t.same(list.map(({ savepoint }) => savepoint).sort(), ['end', 'one']);
  t.match((await ok(t, at, 'leat savepoint list --state st')).stdout, /^one +st +\d+ +.*B$/m);
  const kept = records((await ok(t, at, 'leat state checkpoints --state st --json')).stdout);
  t.match(kept.at(-1), { checkpoint: end!['checkpoint'], run: 1, state: 'complete', stages: 3 });

  await ok(t, at, 'leat savepoint delete one --state st');
  t.equal(records((await ok(t, at, 'leat savepoint list --state st --json')).stdout).length, 1);
  t.equal((await at.run('leat savepoint delete one --state st')).status, 1);
});

/** A job over a file that was stopped half way, with a savepoint of that moment. */
async function halfDone(t: Test, at: Place, pipeline = windowed): Promise<{ readonly whole: string }> {
  await ok(t, at, 'leat gen clicks --count 40000 --seed 3 > all.ndjson');
  const lines = at.read('all.ndjson').split('\n');
  fs.writeFileSync(path.join(at.folder, 'in.ndjson'), `${lines.slice(0, 20_000).join('\n')}\n`);
  const job = endless(
    at,
    `tail -n +1 -f in.ndjson | leat run "from - --time ts --delay 2s | ${pipeline} | to out.ndjson" --checkpoint 30ms --state st`,
  );
  const read = (): number => {
    const where = path.join(at.folder, 'st/checkpoints');
    if (!fs.existsSync(where)) return 0;
    const parts = fs.readdirSync(where).map((name) => path.join(where, name, 'part-0.json'));
    const counts = parts.map((file) => {
      try {
        return Number(/"recordsIn":(\d+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 0);
      } catch {
        return 0;
      }
    });
    return Math.max(0, ...counts);
  };
  await until('all is in a checkpoint', () => read() >= 20_000, 60_000);
  await ok(t, at, 'leat job stop --state st --savepoint half');
  killShell(job.shell);
  await job.ended;
  await ok(t, at, `leat run "from all.ndjson --time ts --delay 2s | ${pipeline} | to whole.ndjson"`);
  return { whole: at.read('whole.ndjson') };
}

const goOn = (pipeline: string, options: string, to = 'out.ndjson'): string =>
  `leat run "from - --time ts --delay 2s | ${pipeline} | to ${to}" --checkpoint 30ms ${options} < all.ndjson`;

t.test('a savepoint starts a job: with its output, with another, after more was written', async (t) => {
  const at = place();
  const { whole } = await halfDone(t, at);
  const before = at.read('out.ndjson');
  t.ok(before.length > 0 && whole.startsWith(before), 'a part of the answer is there');
  await ok(t, at, goOn(windowed, '--state st'));
  t.equal(at.read('out.ndjson'), whole, 'going on from the store');

  const back = await ok(t, at, goOn(windowed, '--state st --from-savepoint half'));
  t.match(back.stderr, 'the job st starts from the savepoint half');
  t.match(back.stderr, /out\.ndjson is cut back to where the savepoint has it: \d+ bytes came after/);
  t.equal(at.read('out.ndjson'), whole, 'an output that went on is cut back');

  const done = await ok(t, at, goOn(windowed, '--state st --from-savepoint half'));
  t.match(done.stderr, 'is complete', 'the same line again goes on from its newest checkpoint');
  t.equal(at.read('out.ndjson'), whole);

  await ok(t, at, 'leat savepoint take --to moved/half --state st');
  await ok(t, at, 'rm -r moved && cp -r st/savepoints/half moved');
  const other = await ok(t, at, goOn(windowed, '--state new --from-savepoint ./moved', 'rest.ndjson'));
  t.match(other.stderr, 'rest.ndjson is empty or new, so it begins with what comes after the savepoint');
  t.equal(before + at.read('rest.ndjson'), whole, 'another output begins anew');

  fs.writeFileSync(path.join(at.folder, 'foreign.ndjson'), 'x'.repeat(100_000));
  const foreign = await at.run(goOn(windowed, '--state other --from-savepoint ./moved', 'foreign.ndjson'));
  t.equal(foreign.status, 1, 'a file that holds something else is no output of the job');
  t.match(foreign.stderr, 'does not hold what the checkpoint committed');
  t.equal(at.read('foreign.ndjson'), 'x'.repeat(100_000), 'and stays as it is');
});

t.test('a restored store goes on under its name', async (t) => {
  const at = place();
  const { whole } = await halfDone(t, at);
  const restored = await ok(t, at, 'leat savepoint restore half --state st --to twin --json');
  t.match(records(restored.stdout)[0], { store: path.join(at.folder, 'twin'), job: 'st', savepoint: 'half' });
  t.equal((await at.run('leat savepoint restore half --state st --to twin')).status, 1, 'there is a store');
  await ok(t, at, goOn(windowed, '--state twin'));
  t.equal(at.read('out.ndjson'), whole);
  const [status] = records((await ok(t, at, 'leat job status --state twin --json')).stdout);
  t.match(status, { job: 'st', run: 'complete', finished: true, records: 40_000 });
  await ok(t, at, 'leat savepoint restore ./st/savepoints/half --to named --job named');
  t.match(records((await ok(t, at, 'leat job status --state named --json')).stdout)[0], { job: 'named' });
});

t.test('words that are wrong', async (t) => {
  const at = place();
  const wrong: readonly (readonly [string, number, RegExp])[] = [
    ['leat savepoint tkae x', 2, /did you mean take\?/],
    ['leat job', 2, /leat job list\|status\|stop/],
    ['leat state checkpoints x', 2, /does not know what to do with x/],
    ['leat job status --savepoint x', 2, /job status has no option --savepoint/],
    ['leat savepoint take', 2, /a savepoint has a name/],
    ['leat savepoint delete ../x', 2, /cannot be the name of a savepoint/],
    ['leat job status --state nowhere', 1, /there is no state of a job here/],
    ['leat savepoint list --state nowhere', 1, /there is no state of a job here/],
    ['leat state checkpoints --state nowhere', 1, /there is no state of a job here/],
    ['leat savepoint restore x --state nowhere', 2, /needs a place/],
    ['leat savepoint restore x --state nowhere --to y', 1, /there is no savepoint here/],
  ];
  for (const [script, status, says] of wrong) {
    const result = await at.run(script);
    t.equal(result.status, status, script);
    t.match(result.stderr, says, script);
  }
  t.equal((await ok(t, at, 'leat job list --json')).stdout, '', 'no stores are no jobs');
  await ok(t, at, 'leat gen clicks --count 10 --time ts --state whole > out.ndjson');
  await ok(t, at, 'mkdir broken && echo x > broken/job.json');
  const list = await at.run('leat job list --json');
  t.equal(list.status, 1, 'a store that cannot be read is said, and does not hide the others');
  t.match(list.stderr, `${path.join(at.folder, 'broken')}: `);
  t.match(records(list.stdout), [{ job: 'whole', run: 'complete', records: 10 }]);
});

const kinds = `window tumble 10s --by country | aggregate count(*) as n, sum(bytes) as bytes, p95(ms), last(page) as page`;

t.test('state: operators, entries, keys, differences', async (t) => {
  const at = place();
  await halfDone(t, at, `${kinds} --uid perCountry`);
  const operators = records((await ok(t, at, 'leat state list --state st --json')).stdout);
  t.match(operators, [
    { operator: '1-from.time', shape: /^event time of ts/ },
    { operator: 'perCountry', shape: /^aggregate count/ },
  ]);
  const exported = records((await ok(t, at, 'leat state export --state st')).stdout);
  t.equal(exported.length, operators[1]!['entries']);
  t.ok(exported.length > 10);

  // The entries are what a run that ends there would write for the windows that are still open.
  await ok(t, at, `leat run "from in.ndjson --time ts --delay 2s | ${kinds} | to ended.ndjson"`);
  const written = at.read('out.ndjson').length;
  const open = records(at.read('ended.ndjson').slice(written));
  t.same(
    exported.map(({ window_start, window_end, key, value }) => ({
      window_start,
      window_end,
      ...(key as object),
      ...(value as object),
    })),
    open,
  );

  const unread = await at.run('(leat state export --state st; echo $? > status) | true');
  t.equal(at.read('status'), '0\n', `a reader that has gone: ${unread.stderr}`);

  const [first] = exported;
  const key = JSON.stringify(first!['key']);
  const found = records((await ok(t, at, `leat state get perCountry --key '${key}' --state st`)).stdout);
  t.same(found[0], first);
  t.equal(found.length, exported.filter((entry) => JSON.stringify(entry['key']) === key).length);
  t.equal((await at.run(`leat state get perCountry --key '{"country":"nowhere"}' --state st`)).status, 1);
  const misspelt = await at.run('leat state get perCuntry --state st');
  t.equal(misspelt.status, 2);
  t.match(misspelt.stderr, 'did you mean perCountry?');
  const table = (await ok(t, at, 'leat state show perCountry --limit 2 --state st')).stdout;
  t.match(table, new RegExp(`^perCountry: aggregate .*, ${exported.length} entries, the first 2\n`));
  t.equal(table.split('\n').length, 6, 'a head, a rule and two rows');

  t.equal(
    (await ok(t, at, 'leat state diff half --state st')).stdout,
    '',
    'nothing came after the savepoint',
  );
  await ok(t, at, goOn(`${kinds} --uid perCountry`, '--state st'));
  const gone = records((await ok(t, at, 'leat state diff half --state st')).stdout);
  t.same(
    gone.map(({ change }) => change),
    exported.map(() => '-'),
    'all windows have fired at the end',
  );
  t.equal((await at.run('leat state export --at 99999 --state st')).status, 1);
  t.equal(
    (await ok(t, at, 'leat state export --at half --state st')).stdout.split('\n').length - 1,
    exported.length,
  );
});

t.test('state of sessions, of counts, of groups without a window, of another stage of a pipe', async (t) => {
  const at = place();
  await ok(t, at, 'leat gen clicks --count 2000 --seed 5 > in.ndjson');
  const questions = [
    'window session 30s --by country',
    'window count 500 200 --by country',
    'filter status > 0',
    'window hop 40s 20s',
  ];
  for (const [index, question] of questions.entries()) {
    const store = `st${index}`;
    const by = index < 2 ? '' : ' --by country';
    const job = endless(
      at,
      `tail -n +1 -f in.ndjson | leat from - --time ts --delay 1h --checkpoint 30ms --state ${store} | leat run "${question} | aggregate count(*) as n${by}" >> out${index}.ndjson`,
    );
    const total = (): number => {
      const where = path.join(at.folder, store, 'checkpoints');
      if (!fs.existsSync(where)) return 0;
      const texts = fs.readdirSync(where).map((name) => {
        const file = path.join(where, name, 'part-0.json');
        return fs.existsSync(file) && fs.existsSync(path.join(where, name, 'manifest.json'))
          ? fs.readFileSync(file, 'utf8')
          : '';
      });
      return Math.max(0, ...texts.map((text) => Number(/"recordsIn":(\d+)/.exec(text)?.[1] ?? 0)));
    };
    await until('all is in a checkpoint', () => total() >= 2000, 60_000);
    const entries = records((await ok(t, at, `leat state export --state ${store}`)).stdout);
    t.ok(entries.length > 1, question);
    t.match(entries[0], { key: {}, value: { n: Number } });
    const counted = entries.reduce((sum, { value }) => sum + (value as { n: number }).n, 0);
    if (index === 2) t.equal(counted, 2000, 'each record is in one group');
    await ok(t, at, `leat job stop --state ${store}`);
    killShell(job.shell);
    await job.ended;
  }
});

t.test(
  'a savepoint starts a changed pipeline: by uid, with operators that begin empty, without those that went',
  async (t) => {
    const at = place();
    await halfDone(t, at, 'window tumble 5s --by country | aggregate count(*) as n --uid hits');
    const moved = 'filter status > 0 | window tumble 5s --by country | aggregate count(*) as n --uid hits';
    const renamed = 'window tumble 5s --by country | aggregate count(*) as n --uid other';
    const before = at.read('out.ndjson');

    const refused = await at.run(goOn(renamed, '--state a --from-savepoint st/savepoints/half'));
    t.equal(refused.status, 1, 'state that nobody takes is not dropped by itself');
    t.match(refused.stderr, /state of hits, and no operator of this pipeline takes it/);
    t.equal(at.read('out.ndjson'), before, 'the output is as it was');

    await ok(t, at, goOn(moved, '--state b --from-savepoint st/savepoints/half'));
    t.equal(at.read('out.ndjson'), at.read('whole.ndjson'), 'an operator is found wherever it stands');

    const dropped = await ok(
      t,
      at,
      goOn(renamed, '--state c --from-savepoint st/savepoints/half --allow-dropped-state', 'c.ndjson'),
    );
    t.match(dropped.stderr, 'the state of hits was dropped, as you asked');
    const sum = (file: string): number => records(at.read(file)).reduce((so, { n }) => so + (n as number), 0);
    t.equal(
      sum('c.ndjson'),
      20_000,
      'an operator that is new begins empty, at the position of the savepoint',
    );
  },
);

t.test('a pipe of processes is stopped, edited and goes on; what changed shows', async (t) => {
  const at = place();
  await ok(
    t,
    at,
    'leat gen clicks --count 3000 --seed 5 > all.ndjson && head -n 2000 all.ndjson > in.ndjson',
  );
  const line = (store: string, out: string): string =>
    `leat from in.ndjson --follow ${clicks} --state ${store} | leat window tumble 1h --by country | leat aggregate 'count(*) as n, sum(bytes) as bytes, approx_distinct(user) as users' >> ${out}`;
  const first = endless(at, line('st', 'first.ndjson'));
  await until('there is a checkpoint', () => hasCheckpoint(at.folder, 'st', 1), 60_000);
  await ok(t, at, 'until leat job status --state st --json | grep -q \'"records":2000\'; do sleep 0.1; done');
  await ok(t, at, 'leat job stop --state st');
  await first.ended;
  await ok(t, at, 'leat state export --exact --state st > entries.ndjson');
  const entries = records(at.read('entries.ndjson'));
  t.ok(entries.length > 10, 'there are entries');
  const uid = String(entries[0]!['operator']);
  t.match(uid, /^2\./, 'of the third process');
  await ok(t, at, `leat state edit ${uid} --state st --to same < entries.ndjson`);
  const same = await ok(t, at, 'leat state diff ./st --state same');
  t.equal(same.stdout, '');
  await ok(t, at, `grep -v '"NO"' entries.ndjson | leat state edit --state st --to less`);
  const less = records((await ok(t, at, 'leat state diff ./st --state less')).stdout);
  t.match(less, [{ change: '-', operator: uid, key: { country: 'NO' } }]);
  const wrong = await at.run('head -c 700 entries.ndjson | leat state edit --state st --to never');
  t.equal(wrong.status, 1);
  t.match(wrong.stderr, /stdin:\d: /);
  t.notOk(fs.existsSync(path.join(at.folder, 'never')));

  const goOn = async (store: string, out: string): Promise<void> => {
    const job = endless(at, line(store, out));
    await ok(
      t,
      at,
      `until leat job status --state ${store} --json | grep -q '"records":3000'; do sleep 0.1; done`,
    );
    await ok(t, at, `leat job stop --state ${store}`);
    await job.ended;
  };
  await ok(t, at, 'tail -n +2001 all.ndjson >> in.ndjson');
  await goOn('st', 'first.ndjson');
  await goOn('same', 'second.ndjson');
  const both = await ok(t, at, 'leat state diff ./st --state same');
  t.equal(both.stdout, '', 'both know the same in the end');
});

const onDisk = [
  ['groups', 'window tumble 1d | aggregate count(*) as n, set(page) as pages --by user --uid users'],
  ['keys', 'dedup --by user --uid users'],
] as const;

for (const [what, asked] of onDisk)
  t.test(`${what} on disk are shown, exported and edited`, async (t) => {
    const at = place();
    await ok(t, at, 'leat gen clicks --count 4000 --seed 6 > in.ndjson');
    const question = `from in.ndjson --time ts | ${asked}`;
    const line = (state: string, more: string): string =>
      `timeout 600 leat run "${question} | to ${state}.ndjson" --state ${state} --checkpoint 20ms ${more}`;
    const following = (state: string, more: string): string =>
      line(state, more).replace('in.ndjson', 'in.ndjson --follow');
    const disk = '--state-backend disk --state-memory 4k';
    for (const [state, more] of [
      ['disk', disk],
      ['memory', ''],
    ] as const) {
      const job = endless(at, following(state, more));
      await until('there is a checkpoint', () => hasCheckpoint(at.folder, state, 1), 60_000);
      await ok(
        t,
        at,
        `until leat job status --state ${state} --json | grep -q '"records":4000'; do sleep 0.1; done`,
      );
      await ok(t, at, `leat job stop --state ${state}`);
      await job.ended;
      await ok(t, at, `leat state export --exact --state ${state} > ${state}.entries`);
    }
    const files = fs.readdirSync(path.join(at.folder, 'disk/operators/users'));
    t.ok(
      files.some((name) => name.endsWith('.files')),
      `${what} lie on disk`,
    );
    t.equal(at.read('disk.entries'), at.read('memory.entries'), 'and are shown as those in memory');
    t.ok(records(at.read('disk.entries')).length > 1000);
    const [listed] = records((await ok(t, at, 'leat state list --state disk --json')).stdout).filter(
      ({ operator }) => operator === 'users',
    );
    t.equal(listed!['entries'], records(at.read('disk.entries')).length);
    await ok(t, at, 'leat state edit --state disk --to edited < disk.entries');
    t.equal((await ok(t, at, 'leat state diff ./disk --state edited')).stdout, '');
  });

t.test('keys stay when the input has ended, for they are for ever', async (t) => {
  const at = place();
  await ok(t, at, 'leat gen clicks --count 500 --seed 6 > in.ndjson');
  await ok(
    t,
    at,
    'leat run "from in.ndjson --time ts | dedup --by user --uid users" --state st >> out.ndjson',
  );
  const entries = records((await ok(t, at, 'leat state export --state st')).stdout);
  t.equal(entries.length, records(at.read('out.ndjson')).length);
});
