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
});
