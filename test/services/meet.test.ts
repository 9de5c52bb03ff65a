/**
 * Pipes of processes of one job that meet: the output is that of one run in one process, whichever pipe is shorter, in
 * whatever way they meet, stopped and gone on with, from a savepoint, killed. And what is said when they miss each other.
 */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { killShell, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';
import { hasProcesses, isGone, kill, stagesOf } from '../harness/stages.js';

t.setTimeout(900_000);

const folder = temporaryFolder();
const run = (script: string) => runShell(script, { cwd: folder, deadlineMs: 120_000 });
const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
const write = (file: string, text: string): void => fs.writeFileSync(path.join(folder, file), text);
const linesOf = (file: string): number => {
  const where = path.join(folder, file);
  return fs.existsSync(where) ? read(file).split('\n').length - 1 : 0;
};

/** The numbers of the complete checkpoints in a store. */
function checkpointsOf(store: string): number[] {
  const where = path.join(folder, store, 'checkpoints');
  const names = fs.existsSync(where) ? fs.readdirSync(where) : [];
  const complete = names.filter((name) => fs.existsSync(path.join(where, name, 'manifest.json')));
  return complete.map((name) => Number.parseInt(name, 10));
}

const timed = '--time ts --delay 2s';
const windowed = `leat window tumble 1s --by country | leat aggregate 'count(*) as n, sum(bytes) as bytes'`;

/** What one process makes of pipeline text; its last lines are those that are asked. */
async function calm(t: Test, text: string): Promise<string> {
  write('calm.leat', text);
  const { status, stdout, stderr } = await run('leat run calm.leat --plain');
  t.equal(status, 0, stderr);
  t.ok(stdout.length > 100, 'there is an answer');
  return stdout;
}

const counted = 'window tumble 1s --by country | aggregate count(*) as n, sum(bytes) as bytes';

t.before(async () => {
  write('a.ndjson', (await run('leat gen clicks --count 6000 --seed 1')).stdout);
  write('b.ndjson', (await run('leat gen clicks --count 3000 --seed 2')).stdout);
  write('short.ndjson', (await run('leat gen clicks --count 20 --seed 3')).stdout);
});

t.test('two pipes meet at a union, and typed again there is nothing to do', async (t) => {
  const expected = await calm(
    t,
    `b = from b.ndjson ${timed} | filter status < 500\nfrom a.ndjson ${timed} | union b | ${counted}`,
  );
  const script = `leat from a.ndjson ${timed} --state plain --checkpoint 30ms --branches b | leat union <(leat from b.ndjson ${timed} --state plain --branch b | leat filter 'status < 500') | ${windowed} >> plain.ndjson`;
  const first = await run(script);
  t.same([first.status, first.stderr], [0, '']);
  t.equal(read('plain.ndjson'), expected);
  const again = await run(script);
  t.equal(again.status, 0);
  t.match(again.stderr, /^leat: the job plain is complete: its input had ended at checkpoint \d+\n$/);
  t.equal(read('plain.ndjson'), expected);
  const { stdout } = await run('leat job status --state plain --json');
  t.match(
    JSON.parse(stdout),
    { run: 'complete', stages: 6, records: 9000 },
    'records of all heads are counted',
  );
  const modes = ['plain/branches', 'plain/branches/2-b.json'].map(
    (name) => fs.statSync(path.join(folder, name)).mode & 0o777,
  );
  t.same(modes, [0o700, 0o600], 'nobody else may read who reads the branches');
});

t.test('pipes meet through a named pipe, three of them, one in another', async (t) => {
  const expected = await calm(
    t,
    `c = from short.ndjson ${timed}\nb = from b.ndjson ${timed} | union c\nfrom a.ndjson ${timed} | union b | ${counted}`,
  );
  const branch = `leat from b.ndjson ${timed} --state nested --branch b | leat union <(leat from short.ndjson ${timed} --state nested --branch c) > meet & `;
  const main = `leat from a.ndjson ${timed} --state nested --checkpoint 30ms --branches b,c | leat union meet | ${windowed} >> nested.ndjson`;
  const { status, stderr } = await run(`mkfifo meet; ${branch}${main} && wait $!`);
  t.same([status, stderr], [0, '']);
  t.equal(read('nested.ndjson'), expected);
});

t.test('pipes meet at a join', async (t) => {
  const on = '--on user --within 2s';
  const expected = await calm(t, `from a.ndjson ${timed} | join b.ndjson ${timed} ${on}`);
  const { status, stderr } = await run(
    `leat from a.ndjson ${timed} --state joined --checkpoint 30ms --branches b | leat join <(leat from b.ndjson ${timed} --state joined --branch b) ${on} >> joined.ndjson`,
  );
  t.same([status, stderr], [0, '']);
  t.equal(read('joined.ndjson'), expected);
});

const slow = `leat gen clicks --count 20000 --rate 4000 --seed 5 ${timed}`;

for (const [name, main, branch] of [
  ['the branch', slow, `leat from short.ndjson ${timed}`],
  ['the main pipe', `leat from short.ndjson ${timed}`, slow],
] as const) {
  t.test(`${name} ends long before the other, and checkpoints go on`, async (t) => {
    const store = name.replaceAll(' ', '-');
    const text = (command: string) => command.replace('leat ', '').replace(/--rate \d+ /, '');
    const expected = await calm(t, `b = ${text(branch)}\n${text(main)} | union b | ${counted}`);
    const shell = startShell(
      `${main} --state ${store} --checkpoint 30ms --branches b | leat union <(${branch} --state ${store} --branch b) | ${windowed} >> ${store}.ndjson`,
      { cwd: folder },
    );
    t.teardown(() => killShell(shell));
    let stderr = '';
    shell.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => shell.on('close', resolve));
    const hasEnded = (): boolean => {
      const file = path.join(folder, store, 'branches/1-b.json');
      return fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('"state":"ended"');
    };
    if (name === 'the branch') {
      await until('the branch has ended', hasEnded, 60_000);
      const then = Math.max(0, ...checkpointsOf(store));
      await until('two more checkpoints', () => Math.max(...checkpointsOf(store)) > then + 1, 60_000);
    } else {
      await until('some checkpoints', () => Math.max(0, ...checkpointsOf(store)) > 2, 60_000);
      t.notOk(hasEnded(), 'the branch still goes on');
    }
    t.same([await ended, stderr], [0, '']);
    t.equal(read(`${store}.ndjson`), expected);
  });
}

t.test('a total of a branch is there when the branch has ended, and once', async (t) => {
  const { status, stderr } = await run(
    `leat from a.ndjson --state total --checkpoint 30ms --branches b | leat union <(leat from b.ndjson --state total --branch b | leat via cat | leat aggregate 'count(*) as n') | leat filter 'n is not null' >> total.ndjson`,
  );
  t.same([status, stderr], [0, '']);
  t.equal(read('total.ndjson'), '{"n":3000}\n');
});

/** A job of two pipes that follow files. */
const following = (store: string, output: string, savepoint = ''): string =>
  `leat from fa.ndjson --follow ${timed} --state ${store} --checkpoint 50ms --branches b ${savepoint} | leat union <(leat from fb.ndjson --follow ${timed} --state ${store} --branch b | leat filter true) | ${windowed} >> ${output}`;

/** The status of a shell that is to end by itself; one that does not is killed. */
async function ending(shell: ChildProcess): Promise<number | null> {
  const deadline = setTimeout(() => killShell(shell), 60_000);
  const ended = new Promise<number | null>((resolve) => shell.on('close', resolve));
  const status = shell.exitCode ?? (await ended);
  clearTimeout(deadline);
  return status;
}

t.test(
  'files that are followed: stopped, gone on with, and moved by a savepoint',
  { skip: !hasProcesses && 'needs /proc' },
  async (t) => {
    const lines = read('a.ndjson').split('\n').slice(0, -1);
    const text = (from: number, to: number): string => `${lines.slice(from, to).join('\n')}\n`;
    write('fa.ndjson', text(0, 2000));
    write('fb.ndjson', '');
    const append = (file: string, from: number, to: number): void =>
      fs.appendFileSync(path.join(folder, file), text(from, to));
    const expected = await calm(t, `from a.ndjson ${timed} | union a.ndjson | ${counted}`);

    const first = startShell(following('follow', 'follow.ndjson'), { cwd: folder });
    t.teardown(() => killShell(first));
    await until('a checkpoint while one of them is silent', () => checkpointsOf('follow').length > 0, 60_000);
    append('fb.ndjson', 0, 3000);
    await until('windows that both have passed', () => linesOf('follow.ndjson') > 0, 60_000);
    const stopping = await run('leat job stop --state follow');
    t.equal(stopping.status, 0, stopping.stderr);
    t.equal(await ending(first), 143);

    append('fa.ndjson', 2000, 5000);
    append('fb.ndjson', 3000, 6000);
    const before = linesOf('follow.ndjson');
    const second = startShell(following('follow', 'follow.ndjson'), { cwd: folder });
    t.teardown(() => killShell(second));
    await until('more windows', () => linesOf('follow.ndjson') > before, 60_000);
    const saved = await run('leat job stop --state follow --savepoint moved');
    t.equal(saved.status, 0, saved.stderr);
    t.equal(await ending(second), 143);
    t.ok(expected.startsWith(read('follow.ndjson')), 'nothing has fired that was open');

    append('fa.ndjson', 5000, 6000);
    const third = startShell(
      following('elsewhere', 'follow.ndjson', '--from-savepoint follow/savepoints/moved'),
      { cwd: folder },
    );
    t.teardown(() => killShell(third));
    const moved = linesOf('follow.ndjson');
    await until('windows of the third run', () => linesOf('follow.ndjson') > moved, 60_000);
    // Ctrl-C reaches all processes.
    for (const pid of stagesOf(third)) kill(pid, 'SIGINT');
    t.equal(await ending(third), 130);
    t.ok(expected.startsWith(read('follow.ndjson')));
  },
);

t.test(
  'any process that dies brings all others down, by name, and typed again all is there',
  { skip: !hasProcesses && 'needs /proc' },
  async (t) => {
    const expected = await calm(
      t,
      `b = ${slow.slice(5).replace('--rate 4000 ', '')}\nfrom a.ndjson ${timed} | union b | ${counted}`,
    );
    const script = `leat from a.ndjson ${timed} --state killed --checkpoint 30ms --branches b | leat union <(${slow} --state killed --branch b | leat filter true) | ${windowed} >> killed.ndjson`;
    const victims: Readonly<Record<string, RegExp>> = {
      '--branches':
        /(stage 0 of the job, upstream, ended|the head of the pipe that it flows into died: process \d+)/,
      'gen clicks': /(the head of the branch b died: process \d+|stage 0 of the branch b, upstream, ended)/,
      'filter true': /stage 1 of the branch b, upstream, ended/,
      union: /what reads stage 1 of the branch b, downstream, ended/,
    };
    for (const [word, message] of Object.entries(victims)) {
      const shell = startShell(script, { cwd: folder });
      t.teardown(() => killShell(shell));
      let stderr = '';
      shell.stderr!.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const ended = ending(shell);
      const then = Math.max(0, ...checkpointsOf('killed'));
      await until('a checkpoint of this run', () => Math.max(0, ...checkpointsOf('killed')) > then, 60_000);
      const victim = stagesOf(shell).find((pid) =>
        fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word.replace(' ', '\0')),
      );
      t.ok(victim !== undefined, word);
      kill(victim!);
      t.not(await ended, 0);
      await until('all processes are gone', () => isGone(shell), 30_000);
      t.match(stderr, message, word);
    }
    const last = await run(script);
    t.equal(last.status, 0, last.stderr);
    t.equal(read('killed.ndjson'), expected);
  },
);

/** Whether a part of a checkpoint knows that the input has ended; one that is tidied away meanwhile does not. */
function saysEnded(store: string, epoch: number, part: string): boolean {
  try {
    return read(`${store}/checkpoints/${String(epoch).padStart(6, '0')}-1/${part}`).includes('"ended":true');
  } catch {
    return false;
  }
}

for (const ended of ['main', 'branch'] as const) {
  t.test(`an input that has ended stays so when the job goes on: ${ended}`, async (t) => {
    const [store, grows, output] = [`${ended}-over`, `${ended}-grows.ndjson`, `${ended}-over.ndjson`];
    const lines = read('a.ndjson').split('\n').slice(0, -1);
    write(grows, `${lines.slice(0, 3000).join('\n')}\n`);
    const one = `leat from b.ndjson ${timed} --state ${store}`;
    const other = `leat from ${grows} --follow ${timed} --state ${store}`;
    const [main, branch, inputs] = ended === 'main' ? [one, other, ['b', 'a']] : [other, one, ['a', 'b']];
    const script = `${main} --checkpoint 30ms --branches b | leat union <(${branch} --branch b | leat filter true) | ${windowed} >> ${output}`;
    const expected = await calm(
      t,
      `from ${inputs[0]}.ndjson ${timed} | union ${inputs[1]}.ndjson | ${counted}`,
    );
    const part = `part-${ended === 'main' ? '0' : 'b.0'}.json`;
    const isKnown = (): boolean => checkpointsOf(store).some((epoch) => saysEnded(store, epoch, part));
    const first = startShell(script, { cwd: folder });
    t.teardown(() => killShell(first));
    await until(
      'the end is in a checkpoint, and windows have fired',
      () => isKnown() && linesOf(output) > 0,
      60_000,
    );
    t.equal((await run(`leat job stop --state ${store}`)).status, 0);
    t.equal(await ending(first), 143);
    fs.appendFileSync(path.join(folder, grows), `${lines.slice(3000).join('\n')}\n`);
    const before = linesOf(output);
    const second = startShell(script, { cwd: folder });
    t.teardown(() => killShell(second));
    await until('more windows', () => linesOf(output) > before, 60_000);
    t.equal((await run(`leat job stop --state ${store}`)).status, 0);
    t.equal(await ending(second), 143);
    t.ok(expected.startsWith(read(output)));
  });
}

t.test('a silent pipe holds up the records of the other, and neither checkpoints nor a stop', async (t) => {
  write('large.ndjson', (await run('leat gen clicks --count 30000 --seed 6')).stdout);
  write('silent.ndjson', read('short.ndjson'));
  const source = (file: string) => `leat from ${file} --follow ${timed} --state silent`;
  const script = `${source('large.ndjson')} --checkpoint 50ms --branches b | leat union <(${source('silent.ndjson')} --branch b) | ${windowed} >> silent.out`;
  const first = startShell(script, { cwd: folder });
  t.teardown(() => killShell(first));
  await until('checkpoints', () => Math.max(0, ...checkpointsOf('silent')) > 3, 60_000);
  const stopping = await run('leat job stop --state silent');
  t.equal(stopping.status, 0, stopping.stderr);
  t.equal(await ending(first), 143);
  t.equal(linesOf('silent.out'), 0, 'nothing is certain yet');
  fs.appendFileSync(path.join(folder, 'silent.ndjson'), read('large.ndjson'));
  const expected = await calm(t, `from large.ndjson ${timed} | union silent.ndjson | ${counted}`);
  const second = startShell(script, { cwd: folder });
  t.teardown(() => killShell(second));
  const most = (expected.split('\n').length - 1) * 0.8;
  await until('all windows but the last', () => linesOf('silent.out') > most, 60_000);
  t.equal((await run('leat job stop --state silent')).status, 0);
  t.equal(await ending(second), 143);
  t.ok(expected.startsWith(read('silent.out')));
});

const errors: Readonly<Record<string, readonly [script: string, message: RegExp]>> = {
  'a branch that nobody expects': [
    'leat from a.ndjson --state E --branches b --timeout 2s | leat union <(leat from b.ndjson --state E --branch c) >> E.ndjson',
    /the run of this job \(process \d+ on .*\) expects no branch c, but b\n {2}hint: say --branches b,c at the head/,
  ],
  'a branch of a job of one pipe': [
    'leat from a.ndjson --state E | leat union <(leat from b.ndjson --state E --branch c) >> E.ndjson',
    /expects no branch c\n {2}hint: say --branches c at the head/,
  ],
  'a branch twice': [
    'leat from a.ndjson --state E --branches b | leat union <(leat from b.ndjson --state E --branch b) <(leat from b.ndjson --state E --branch b) >> E.ndjson',
    /the branch b is read already by process \d+/,
  ],
  'a branch without its run': [
    'leat from b.ndjson --state E --branch b --timeout 100ms >> E.ndjson',
    /the branch b waited 100 ms for a run of its job, and none holds this state/,
  ],
  'a branch that never comes': [
    'mkfifo never; (sleep 3; echo) > never & leat from a.ndjson --state E --branches b --timeout 100ms | leat union never >> E.ndjson; kill $!',
    /no pipe has come for the branch b within 100 ms/,
  ],
  'a branch that does not say so': [
    'leat from a.ndjson --state E --branches b | leat union <(leat from b.ndjson) >> E.ndjson',
    /the job expects the branch b, and no stream of it has come into this pipe/,
  ],
  'a branch that flows into nothing': [
    'leat from a.ndjson --state E --branches b | leat union <(leat from b.ndjson --state E --branch b | leat filter true >> lost.ndjson) >> E.ndjson',
    /the branch b ends here, and the pipe that it belongs to is not reached/,
  ],
  'two jobs': [
    'leat from a.ndjson --state E | leat union <(leat from b.ndjson --state E2) >> E.ndjson',
    /the streams that meet belong to two jobs, E and E2/,
  ],
  'two heads of one job': [
    'leat from a.ndjson --state E | leat union <(leat from b.ndjson --state E) >> E.ndjson',
    /^(?=[\s\S]*another pipe of this one --branch NAME)[\s\S]*the stage upstream could not begin its job/,
  ],
  'a head that cannot begin, in front of a branch that waits': [
    'leat from a.ndjson --state ./a.ndjson --branches b | leat union <(leat from b.ndjson --state E --branch b --timeout 1s) >> E.ndjson',
    /the stage upstream could not begin its job/,
  ],
  'a name that is none': ['leat from a.ndjson --state E --branches 1b', /a branch cannot be called "1b"/],
  'a name twice': ['leat from a.ndjson --state E --branches b,b', /--branches names b twice/],
  'more than a branch can say': [
    'leat from a.ndjson --state E --branch b --keep 2',
    /--keep is said at the head that holds the state/,
  ],
  'a restart of one pipe alone': [
    "leat run 'from a.ndjson' --state E --branches b --restart 3/1m",
    /--restart starts one process again/,
  ],
  'a run without the branch': [
    'leat from a.ndjson --time ts --delay 2s --state plain | leat union b.ndjson >> E.ndjson',
    /the checkpoint holds state of the branch b, and this run has none of that name/,
  ],
  'a run with another branch': [
    'leat from a.ndjson --state one >> E.ndjson; leat from a.ndjson --state one --branches b >> E.ndjson',
    /the checkpoint knows no branch b/,
  ],
};

for (const [name, [script, message]] of Object.entries(errors)) {
  t.test(`refused: ${name}`, async (t) => {
    for (const store of ['E', 'E2', 'E.ndjson', 'never']) {
      fs.rmSync(path.join(folder, store), { recursive: true, force: true });
    }
    const { status, stderr } = await run(script);
    t.match(stderr, message);
    t.ok(status === 1 || status === 2, `status ${status}`);
    t.equal(linesOf('E.ndjson') === 0 || name.startsWith('a run with'), true, 'nothing was committed');
  });
}
