/**
 * How leat behaves towards shells, readers, signals and people: exit statuses, what is said on stderr, control lines
 * between processes, limits. Everything here is real processes; what depends on time waits for a condition with a
 * deadline, never for a fixed time.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import {
  environment,
  killShell,
  root,
  runShell,
  startShell,
  temporaryFolder,
  until,
} from '../harness/shell.js';

const folder = temporaryFolder();
const leat = path.join(root, 'bin/leat');

/** Writes a file of the test's folder and returns its path. */
function fileOf(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

/** Runs a script in the test's folder. */
const run = (script: string, env: Record<string, string> = {}) => runShell(script, { cwd: folder, env });

const clicks = fileOf(
  'clicks.ndjson',
  [1, 4, 12, 3, 15]
    .map((second) => `{"ts":"2026-11-01T00:00:${String(second).padStart(2, '0')}Z","v":${second}}\n`)
    .join(''),
);
const records = clicks;

// Starting processes takes its time on a busy machine.
t.setTimeout(600_000);

t.test('exit status 0, 1, 2 and 3', async (t) => {
  fileOf('bad.ndjson', '{"a":1}\nnope\n{"a":2}\n');
  const statuses: readonly (readonly [string, number, RegExp])[] = [
    [`leat filter 'v > 3' < ${records} > out`, 0, /^$/],
    ["leat filter 'a > 0' < bad.ndjson > out", 3, /leat: stdin:2: not JSON.*\nleat: 1 record refused\n$/s],
    ['leat from none.ndjson', 1, /none\.ndjson/],
    ["leat filter 'true' --from none.ndjson", 1, /none\.ndjson/],
    ['leat filtre x', 2, /unknown command filtre[\s\S]*did you mean filter\?/],
    ['leat filter', 2, /needs a condition/],
    [`leat filter 'v >' < ${records}`, 2, /\^/],
    [`leat filter 'uper(v) = 1' < ${records}`, 2, /UPPER|upper/],
    [`leat window tumble 10x < ${records}`, 2, /10x/],
    [`leat window tumbling 10s < ${records}`, 2, /window tumble|tumble SIZE/],
    [`leat filter 'v > 1' --fro x < ${records}`, 2, /no option --fro[\s\S]*did you mean --from\?/],
    [`leat select '*' --drop a --drop b < ${records}`, 2, /--drop is given twice/],
    [`leat run "from - | fliter v > 1" < ${records}`, 2, /\^{6}[\s\S]*filter/],
    ['leat --version', 0, /^$/],
    [`leat filter 'v > 0' < ${records} > /dev/full`, 1, /stdout|space/],
  ];
  for (const [script, status, said] of statuses) {
    const result = await run(script);
    t.equal(result.status, status, script);
    t.match(result.stderr, said, `${script}: what it says`);
    t.notMatch(result.stderr, /defect of leat|at .*\(.*:\d+:\d+\)/, `${script}: no stack`);
  }
});

t.test('a word that is not known gets the nearest one offered', async (t) => {
  const hints: readonly (readonly [string, RegExp])[] = [
    ["leat aggregate 'cuont(*)'", /did you mean count\?/],
    ["leat aggregate 'count(*)' --form x", /did you mean --from\?/],
    ['leat from - --format ngnix', /did you mean nginx\?/],
    ["leat where 'a > 1'", /filter/],
    ['leat window sliding 10s 5s', /hop SIZE SLIDE/],
    ['leat from - --time ts --zone Europe/Olso', /Europe\/Oslo/],
    ["leat select 'substrng(a, 1)'", /SUBSTRING/i],
    ["leat filter 'a == 1 && b == 2'", /AND/i],
    ["leat run 'from - | select a, b | filter c > 1'", /c/],
  ];
  for (const [script, hint] of hints) {
    const result = await run(`${script} < ${records}`);
    t.equal(result.status, 2, `${script}: status`);
    t.match(result.stderr, hint, `${script}: hint`);
  }
});

t.test('help and version are on stdout and a success', async (t) => {
  const all = await run('leat --help');
  t.equal(all.status, 0);
  const commands = [
    'from',
    'parse',
    'filter',
    'select',
    'flatten',
    'lookup',
    'over',
    'fill',
    'sort',
    'keyby',
    'window',
    'aggregate',
    'dedup',
    'top',
    'head-by-key',
    'sample',
    'process',
    'tee',
    'via',
    'exec',
    'to',
    'run',
    'explain',
    'gen',
  ];
  for (const command of commands) {
    t.match(all.stdout, new RegExp(`\\b${command}\\b`), `--help names ${command}`);
    const one = await run(`leat ${command} --help`);
    t.equal(one.status, 0, `leat ${command} --help`);
    t.match(one.stdout, new RegExp(`leat ${command}`), `help of ${command} says how it is used`);
    t.equal(one.stderr, '', `help of ${command} says nothing on stderr`);
  }
  const version = await run('leat --version');
  const { version: expected } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  t.equal(version.stdout, `leat ${expected}\n`);
});

t.test('a reader that has had enough is a success', async (t) => {
  const endless = await run('leat gen clicks | head -n 3');
  t.equal(endless.status, 0, endless.stderr);
  t.equal(endless.stdout.split('\n').length, 4);
  t.equal(endless.stderr, '');
  const middle = await run("leat gen clicks | leat filter 'status = 200' | leat select 'user' | head -n 1");
  t.equal(middle.status, 0, middle.stderr);
  t.match(middle.stdout, /^\{"user":"u\d+"\}\n$/);
});

t.test('stdout is flushed whatever its size', async (t) => {
  const result = await run("leat gen clicks --count 560000 --seed 3 | leat filter 'bytes >= 0' | wc -lc");
  t.equal(result.status, 0, result.stderr);
  const [lines, bytes] = result.stdout.trim().split(/\s+/).map(Number);
  t.equal(lines, 560_000);
  t.ok(bytes! > 100e6, `${bytes} bytes are more than 100 MB`);
});

t.test('bad records: the first ten and the total, fail, or a file', async (t) => {
  const lines = Array.from({ length: 30 }, (_, index) =>
    index % 6 === 5 ? `{"n":${index}}` : `bad ${index}`,
  );
  fileOf('many.ndjson', `${lines.join('\n')}\n`);
  const report = await run("leat filter 'n > 0' < many.ndjson");
  t.equal(report.status, 3);
  t.equal(report.stdout, '{"n":5}\n{"n":11}\n{"n":17}\n{"n":23}\n{"n":29}\n');
  t.equal([...report.stderr.matchAll(/^leat: stdin:\d+: /gm)].length, 10, 'ten are shown');
  t.match(report.stderr, /^leat: stdin:1: not JSON/m);
  t.match(report.stderr, /^leat: 25 records refused$/m);

  const fail = await run("leat filter 'n > 0' --bad fail --from many.ndjson");
  t.equal(fail.status, 1);
  t.match(fail.stderr, /many\.ndjson:1: not JSON/);

  const kept = await run("leat filter 'n > 0' --bad kept.ndjson < many.ndjson");
  t.equal(kept.status, 3);
  t.match(kept.stderr, /25 records refused, kept in kept\.ndjson/);
  const saved = fs
    .readFileSync(path.join(folder, 'kept.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; line: number });
  t.same(
    saved.map(({ text, line }) => [line, text]),
    lines.flatMap((line, index) => (line.startsWith('bad') ? [[index + 1, line]] : [])),
    'all of them are in the file, with their lines',
  );
  const quiet = await run("leat filter 'n > 0' --quiet < many.ndjson");
  t.equal(quiet.status, 3, '--quiet says nothing but keeps the status');
  t.equal(quiet.stderr, '');
});

t.test('an event time that is not there names the fields that look like one', async (t) => {
  const result = await run(`leat window tumble 10s < ${records}`);
  t.equal(result.status === 0, false);
  t.match(result.stderr, /time/);
  t.match(result.stderr, /\bts\b/, 'the hint names ts');
});

t.test('a field that no record has is said at the end', async (t) => {
  const has = 'the first record has: ts, v';
  const stages = await run(
    `leat window tumble 10s --time ts --by usr < ${clicks} | leat aggregate 'sum(w) as s' | leat filter 's1 > 0'`,
  );
  t.equal(stages.status, 0);
  t.same(
    stages.stderr
      .split('\n')
      .filter((line) => line.includes('no record'))
      .toSorted(),
    [
      `leat: no record has a field s1 (filter); the first record has: window_start, window_end, usr, s`,
      `leat: no record has a field usr (window); ${has}`,
      `leat: no record has a field w (aggregate); ${has}, window_start, window_end`,
    ].toSorted(),
  );
  t.equal((await run(`leat filter 'vv > 0' --quiet < ${clicks}`)).stderr, '');
  const enough = await run("leat gen clicks | leat select 'usr' | head -n 1");
  t.match(enough.stderr, /^leat: no record so far has a field usr \(select\); did you mean user\? /);
});

t.test('a job that goes on from a checkpoint does not say it of the rest', async (t) => {
  const input = fileOf('job-input.ndjson', '{"n":1,"user":"a"}\n');
  const out = path.join(folder, 'job-output.ndjson');
  const script = `exec leat run "from ${input} --follow | select n, usr | to ${out}" --state job-state --checkpoint 50ms`;
  const stopWhen = async (shown: string): Promise<string> => {
    const child = spawn('bash', ['-c', script], { cwd: folder, env: environment(), stdio: 'pipe' });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const holds = (): boolean => fs.existsSync(out) && fs.readFileSync(out, 'utf8').includes(shown);
    await until(`${shown} is in the output`, holds, 60_000);
    child.kill('SIGTERM');
    t.equal(await new Promise((resolve) => child.on('close', resolve)), 143);
    return err;
  };
  t.match(await stopWhen('"n":1'), /no record so far has a field usr \(select\); did you mean user\?/);
  fs.appendFileSync(input, '{"n":2,"user":"b"}\n');
  t.notMatch(await stopWhen('"n":2'), /no record/);
});

t.test('late records are counted, or end the run', async (t) => {
  const counted = await run(`leat window tumble 10s --time ts < ${clicks} | leat aggregate 'sum(v) as s'`);
  t.equal(counted.status, 0);
  t.match(counted.stderr, /leat: 1 record late and left out; --late FILE keeps them, --delay waits longer/);
  t.match(counted.stdout, /"s":5\}\n.*"s":27\}\n$/s);
  const failed = await run(`leat window tumble 10s --time ts --late fail < ${clicks} > out`);
  t.equal(failed.status, 1);
  t.match(failed.stderr, /stdin:4: .*late.*"v":3/);
});

t.test('control lines: seen with --marks, never towards files, never with --plain', async (t) => {
  const marks = await run(`leat from ${clicks} --time ts --marks > marks; cat marks`);
  const lines = marks.stdout.trim().split('\n');
  t.match(lines[0], /^\{"\$leat":"stream","version":1,"time":\{"field":"ts"/);
  t.equal(lines.at(-1), '{"$leat":"end"}');
  const data = lines.filter((line) => !line.startsWith('{"$leat":'));
  t.equal(`${data.join('\n')}\n`, fs.readFileSync(clicks, 'utf8'), 'the records are as they came');
  const piped = await run(`leat from ${clicks} --time ts | cat`);
  t.match(piped.stdout, /^\{"\$leat":"stream"/, 'towards a pipe there may be a stage to use them');
  for (const script of [
    `leat from ${clicks} --time ts > out; cat out`,
    `leat from ${clicks} --time ts --plain | cat`,
  ]) {
    t.notMatch((await run(script)).stdout, /\$leat/, script);
  }
  const used = await run(
    `leat from ${clicks} --time ts | leat window tumble 10s | leat aggregate 'count(*)' | cat`,
  );
  t.notMatch(used.stdout, /\$leat/, 'aggregate uses them up');
});

t.test('a stage upstream that died is found out', async (t) => {
  await run(`leat from ${clicks} --time ts --marks > marks`);
  const whole = await run("leat window tumble 10s < marks | leat aggregate 'count(*) as n'");
  t.equal(whole.status, 0, whole.stderr);
  t.equal(whole.stdout.trim().split('\n').length, 2);
  const cut = await run("sed '$d' marks | leat window tumble 10s | leat aggregate 'count(*) as n'");
  t.equal(cut.status, 1);
  t.match(cut.stderr, /upstream ended without saying so/);
  t.equal(cut.stdout.trim().split('\n').length, 1, 'the open window is not told as if it were complete');
});

t.test('a stage upstream that is killed is found out', async (t) => {
  const script = `
    leat gen clicks --rate 500 --time ts > fifo & echo $! > pid
    leat filter 'true' < fifo | leat window tumble 1s > killed.ndjson`;
  await run('mkfifo fifo');
  const running = run(script);
  const out = path.join(folder, 'killed.ndjson');
  await until('records come out', () => fs.existsSync(out) && fs.statSync(out).size > 0);
  process.kill(Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')), 'SIGKILL');
  const { status, stderr } = await running;
  t.equal(status, 1);
  t.match(stderr, /upstream ended without saying so/);
});

t.test('control lines that a stage does not know pass through', async (t) => {
  await run(`leat from ${clicks} --time ts --marks > marks`);
  const later = '{"$leat":"later","version":9,"x":[1]}';
  fileOf('with-later', fs.readFileSync(path.join(folder, 'marks'), 'utf8').replace('\n', `\n${later}\n`));
  const result = await run("leat filter 'v > 0' < with-later | leat filter 'v > 0' --marks");
  t.equal(result.status, 0, result.stderr);
  t.equal(result.stdout.split('\n').filter((line) => line === later).length, 1);
});

t.test('records that look like control lines are records', async (t) => {
  const lines = [
    '{"$leat":"watermark","time":99999999999999,"ts":1793491200000}',
    '{"$leat":"end","ts":1793491201000}',
    '{ "$leat":"end","ts":1793491202000}',
    '{  "$leat":1,"ts":1793491203000}',
    '{"$leat":{"x":1},"ts":1793491204000}',
  ];
  const file = fileOf('kin.ndjson', `${lines.join('\n')}\n`);
  const plain = await run(`leat filter 'ts > 0' < ${file}`);
  t.equal(plain.stdout, `${lines.join('\n')}\n`, 'on a stream without control lines');
  const through = await run(
    `leat from ${file} --time ts | leat filter 'ts > 0' | leat filter 'ts > 1' > out; cat out`,
  );
  t.equal(through.stdout, `${lines.join('\n')}\n`, 'through stages with control lines between them');
  t.equal(through.status, 0, through.stderr);
});

t.test('a line longer than the limit is refused and the next one is read', async (t) => {
  const long = `{"a":"${'x'.repeat(17 << 20)}"}`;
  fileOf('long.ndjson', `{"a":"1"}\n${long}\n{"a":"2"}\n`);
  const result = await run("leat filter 'a is not null' < long.ndjson");
  t.equal(result.status, 3);
  t.equal(result.stdout, '{"a":"1"}\n{"a":"2"}\n');
  t.match(result.stderr, /stdin:2: .*(long|16 MiB)/);
  t.ok(result.stderr.length < 2000, 'the line is not in the message');
});

t.test('a record goes through three stages while the first one waits for more', async (t) => {
  const script = "leat filter 'a > 0' | leat select '*, a * 2 as b' | leat filter 'b > 1'";
  const child = spawn('bash', ['-c', script], { env: environment(), stdio: 'pipe', detached: true });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  try {
    for (let a = 1; a <= 3; a++) {
      child.stdin.write(`{"a":${a}}\n`);
      await until(`record ${a} is out`, () => out.endsWith(`{"a":${a},"b":${a * 2}}\n`));
    }
    const begin = performance.now();
    for (let a = 4; a <= 23; a++) {
      child.stdin.write(`{"a":${a}}\n`);
      await until(`record ${a} is out`, () => out.endsWith(`{"a":${a},"b":${a * 2}}\n`));
    }
    t.ok(performance.now() - begin < 5000, 'twenty of them take a fraction of the deadline');
  } finally {
    killShell(child);
  }
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  t.test(`${signal} ends an idle stage, with what it had written`, async (t) => {
    const child = spawn(leat, ['filter', 'a > 0'], { env: environment(), stdio: 'pipe' });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stdin.write('{"a":1}\n{"a":2}\n');
    await until('both records are out', () => out === '{"a":1}\n{"a":2}\n');
    child.kill(signal);
    const ended = await new Promise((resolve) => child.on('close', resolve));
    t.equal(ended, status);
  });
}

t.test('a signal does not fire windows that are still open', async (t) => {
  const script = `exec leat run "from - --time ts | window tumble 10s | aggregate sum(v) as s"`;
  const child = spawn('bash', ['-c', script], { env: environment(), stdio: 'pipe' });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stdin.write(fs.readFileSync(clicks));
  await until('the first window has fired', () => out.includes('"s":5'));
  child.kill('SIGTERM');
  t.equal(await new Promise((resolve) => child.on('close', resolve)), 143);
  t.equal(out.trim().split('\n').length, 1);
});

t.test('colour is for terminals, and not where NO_COLOR is set', async (t) => {
  if (spawnable('script')) {
    const terminal = (env: Record<string, string>) =>
      run("script -qec 'leat filtre' /dev/null < /dev/null", { TERM: 'xterm-256color', ...env });
    t.match((await terminal({})).stdout, /\u001b\[/, 'on a terminal');
    t.notMatch((await terminal({ NO_COLOR: '1' })).stdout, /\u001b\[/, 'with NO_COLOR');
    t.notMatch((await terminal({ TERM: 'dumb' })).stdout, /\u001b\[/, 'on a dumb terminal');
  }
  t.notMatch((await run('leat filtre')).stderr, /\u001b/, 'in a pipe');
});

/** Whether a program is on the PATH. */
function spawnable(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((one) => fs.existsSync(path.join(one, program)));
}

t.test(
  'memory does not grow with the input',
  { skip: !spawnable('time') && 'time is not installed' },
  async (t) => {
    for (const stage of ["filter 'status >= 400'", "select 'ts, bytes / 2 as half'"]) {
      const script = `leat gen clicks --count 1500000 | command time -f %M leat ${stage} > /dev/null`;
      const { status, stderr } = await run(script);
      t.equal(status, 0, stderr);
      t.ok(Number(stderr.trim()) < 150 * 1024, `${stage}: ${stderr.trim()} KiB are less than 150 MiB`);
    }
  },
);

t.test('explain shows the plan, the same for both spellings', async (t) => {
  const text = `"from x.ndjson --time ts | window tumble 10s | aggregate 'count(*) as n' --by country"`;
  const tree = await run(`leat explain ${text}`);
  t.equal(tree.status, 0, tree.stderr);
  for (const word of ['aggregate', 'window', 'tumbling windows of 10s', 'from', 'x.ndjson', 'country'])
    t.match(tree.stdout, word);
  const one = await run(`leat explain --json ${text}`);
  const other = await run(
    'leat explain --json "from x.ndjson --time ts | window tumble 10000ms | aggregate  COUNT(*) AS n --by country"',
  );
  t.equal(one.stdout, other.stdout);
  fileOf('plan.json', one.stdout.replaceAll('x.ndjson', clicks));
  const ran = await run('leat run plan.json');
  t.equal(ran.status, 0, ran.stderr);
  t.equal(ran.stdout.trim().split('\n').length, 2, 'a plan as JSON can be run');
});

t.test('a pipeline file can be executed', async (t) => {
  const file = fileOf(
    'busy.leat',
    `#!/usr/bin/env -S leat run\n# sums\nfrom ${clicks} --time ts\n| window tumble 10s\n| aggregate sum(v) as s\n`,
  );
  fs.chmodSync(file, 0o755);
  const result = await run(file);
  t.equal(result.status, 0, result.stderr);
  t.match(result.stdout, /"s":5\}/);
});

t.test('several inputs, globs and compressed files are one input', async (t) => {
  fileOf('part-1.ndjson', '{"n":1}\n{"n":2}');
  fileOf('part-2.ndjson', '{"n":3}\n');
  await run('gzip -c part-2.ndjson > part-3.ndjson.gz');
  const all = await run("leat from 'part-*' | leat aggregate 'list(n) as ns'");
  t.equal(all.stdout, '{"ns":[1,2,3,3]}\n', all.stderr);
  const named = await run('leat from part-2.ndjson part-1.ndjson --to joined.ndjson; cat joined.ndjson');
  t.equal(named.stdout, '{"n":3}\n{"n":1}\n{"n":2}\n');
});

t.test('what is read is not held back until the end', async (t) => {
  const child = startShell(
    'leat gen clicks --rate 2000 --time ts | leat run "window tumble 1s | aggregate count(*) as n"',
  );
  let out = '';
  child.stdout!.on('data', (chunk) => {
    out += chunk;
  });
  try {
    await until('a window of a live stream has fired', () => /"n":\d+\}\n/.test(out), 20_000);
    t.pass('it fires while the stream goes on');
  } finally {
    killShell(child);
  }
});
