/**
 * What state costs: the question of the row `user` without a job and with one, turn by turn, so that each run is compared with
 * the one beside it: behind `>>`, exactly once and at least once, into a folder, and as a pipe of processes. How long a
 * job of many keys takes to come back; and how much memory a job takes whose many keys are on disk. `node bench/state.mjs
 * [lines] [runs] [keys] [keys on disk]`, where 0 leaves a part out; prints, stores nothing. Beside wall times stand those of
 * the processor, user and system, of all threads: they say more where other work goes on.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const leat = path.join(root, 'bin/leat');
const [lines = 2_000_000, runs = 5, keys = 1_000_000, diskKeys = 5_000_000] = process.argv
  .slice(2)
  .map(Number);
fs.mkdirSync(path.join(root, 'bench/data'), { recursive: true });
const folder = fs.mkdtempSync(path.join(root, 'bench/data/state-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

const at = (name) => path.join(folder, name);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

const report = at('report.cjs');
const reports = at('reports');
fs.mkdirSync(reports);
fs.writeFileSync(
  report,
  `process.on('exit', () => require('node:fs').writeFileSync(
    __dirname + '/reports/' + process.pid, JSON.stringify(process.resourceUsage())));`,
);

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs stages as a pipe of processes, each the words behind `leat`, with the output behind `>>`. */
function timed(stages, output) {
  const stage = (words) => [process.execPath, '--require', report, leat, ...words].map(quoted).join(' ');
  const line = `set -o pipefail; ${stages.map(stage).join(' | ')} >> ${quoted(output)}`;
  const began = performance.now();
  const { status, stderr } = spawnSync('bash', ['-c', line], { stdio: ['ignore', 'inherit', 'pipe'] });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(stderr.toString());
  let processorMs = 0;
  let residentMib = 0;
  for (const name of fs.readdirSync(reports)) {
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(
      fs.readFileSync(path.join(reports, name), 'utf8'),
    );
    processorMs += (userCPUTime + systemCPUTime) / 1000;
    residentMib += maxRSS / 1024;
    fs.rmSync(path.join(reports, name));
  }
  return { ms, processorMs, residentMib };
}

/** The checksum of an answer in a file, or in the part files of a folder. */
function checksumOf(answer) {
  const hash = createHash('sha256');
  const names = fs.statSync(answer).isDirectory() ? fs.readdirSync(answer).sort() : [''];
  for (const name of names) hash.update(fs.readFileSync(path.join(answer, name)));
  return hash.digest('hex');
}

/** A run and the checksum of its answer; every run begins with the same files there. */
function answered(stages) {
  const figures = timed(stages, at('answer'));
  const checksum = checksumOf(fs.existsSync(at('parts')) ? at('parts') : at('answer'));
  for (const file of ['answer', 'parts', 'state']) fs.rmSync(at(file), { recursive: true, force: true });
  return [figures, checksum];
}

const clocks = (runs) => runs.map(({ ms }) => ms);
const processors = (runs) => runs.map(({ processorMs }) => processorMs);
const percent = (ratio) => `${((ratio - 1) * 100).toFixed(1)} %`;

/** The median of the ratios of runs in the same round: a machine that gets slower meanwhile does not show in it. */
const inTurn = (of) => (runs, plain) => percent(median(of(runs).map((one, round) => one / of(plain)[round])));

/** What stands in the columns: of the plain runs and of those with state, compared with the plain ones. */
const ofBoth = (of) => ({
  plain: (runs) => seconds(of(runs)),
  more: (runs, plain) => `${seconds(of(runs))} ${percent(of(runs) / of(plain))}`,
});
const compared = {
  'clock, in turn': { plain: () => '', more: inTurn(clocks) },
  'clock, median': ofBoth((runs) => median(clocks(runs))),
  'clock, best': ofBoth((runs) => Math.min(...clocks(runs))),
  'processor, in turn': { plain: () => '', more: inTurn(processors) },
  'processor, median': ofBoth((runs) => median(processors(runs))),
};

function overhead() {
  const input = at('clicks.ndjson');
  timed([['gen', 'clicks', '--count', String(lines)]], input);
  const from = ['from', input, '--time', 'ts', '--delay', '2s'];
  const sums = 'count(*) as n, sum(bytes) as bytes';
  const text = `${from.join(' ')} | window tumble 1m | aggregate ${sums} --by user`;
  const kept = ['--state', at('state'), '--checkpoint', '1s'];
  const atOnce = [...kept, '--guarantee', 'at-least-once'];
  const fused = (words) => [['run', text, ...words]];
  const folder = (words) => [['run', `${text} | to ${at('parts')}/`, ...words]];
  const piped = (words) => [
    [...from, ...words],
    ['window', 'tumble', '1m', '--by', 'user'],
    ['aggregate', sums],
  ];
  const contenders = [
    { name: 'leat run >> FILE', stages: fused([]), runs: [] },
    { name: 'with state, exactly once', stages: fused(kept), runs: [] },
    { name: 'with state, at least once', stages: fused(atOnce), runs: [] },
    { name: 'leat run, to FOLDER/', stages: folder([]), runs: [] },
    { name: 'with state, exactly once', stages: folder(kept), runs: [] },
    { name: 'three processes >> FILE', stages: piped([]), runs: [] },
    { name: 'with state, exactly once', stages: piped(kept), runs: [] },
  ];
  let answer;
  for (let round = 0; round <= runs; round++) {
    for (const { name, stages, runs } of contenders) {
      const [figures, its] = answered(stages);
      answer ??= its;
      if (its !== answer) throw new Error(`the answers differ: ${name}`);
      // The first round warms the cache.
      if (round > 0) runs.push(figures);
    }
  }
  console.log(`${lines} lines by (user, minute), ${runs} runs of each, a checkpoint every second`);
  console.log([''.padEnd(25), ...Object.keys(compared).map((one) => one.padStart(18))].join('  '));
  let plain;
  for (const { name, runs } of contenders) {
    if (!name.startsWith('with')) plain = runs;
    const columns = Object.values(compared).map(({ plain: alone, more }) =>
      (plain === runs ? alone(runs) : more(runs, plain)).padStart(18),
    );
    console.log([name.padEnd(25), ...columns].join('  '));
  }
}

/** The newest checkpoint that a run has completed, by its generation. */
function completed(state, generation) {
  const checkpoints = path.join(state, 'checkpoints');
  const names = fs.existsSync(checkpoints) ? fs.readdirSync(checkpoints) : [];
  return names.some(
    (name) => name.endsWith(`-${generation}`) && fs.existsSync(path.join(checkpoints, name, 'manifest.json')),
  );
}

async function until(holds) {
  const end = performance.now() + 120_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function recovery() {
  const input = at('keys.ndjson');
  const out = fs.openSync(input, 'w');
  for (let key = 0; key < keys; key += 1000) {
    let text = '';
    for (let one = key; one < key + 1000; one++)
      text += `{"t":${1_700_000_000 + (one % 60)},"k":"user-${one}","v":${one % 97}}\n`;
    fs.writeSync(out, text);
  }
  const state = at('recovery');
  const words = (every) => [
    'run',
    `from ${input} --follow --time t --delay 1h | window tumble 1d | aggregate count(*) as n, sum(v) as s --by k | to ${at('out.ndjson')}`,
    '--state',
    state,
    '--checkpoint',
    every,
  ];
  const status = () => {
    const { stdout } = spawnSync(process.execPath, [leat, 'job', 'status', '--json', '--state', state]);
    return stdout.toString();
  };
  const first = spawn(process.execPath, [leat, ...words('500ms')], { stdio: 'ignore' });
  await until(() => status().includes(`"records":${keys}`));
  first.kill('SIGTERM');
  await new Promise((resolve) => first.on('close', resolve));
  const times = [];
  for (let generation = 2; generation < 2 + runs; generation++) {
    fs.writeSync(out, `{"t":1700000000,"k":"user-1","v":1}\n`);
    const began = performance.now();
    const again = spawn(process.execPath, [leat, ...words('1ms')], { stdio: 'ignore' });
    await until(() => completed(state, generation));
    times.push(performance.now() - began);
    again.kill('SIGTERM');
    await new Promise((resolve) => again.on('close', resolve));
  }
  console.log(
    `${keys} keys: from the start until a new record is in a checkpoint ${seconds(median(times))} (best ${seconds(Math.min(...times))})`,
  );
}

/** Groups that memory is not to hold, in a job: every fifth key comes twice. */
function onDisk() {
  const input = at('many.ndjson');
  const out = fs.openSync(input, 'w');
  const records = Math.floor(diskKeys * 1.2);
  for (let from = 0; from < records; from += 1000) {
    let text = '';
    for (let n = from; n < from + 1000; n++) {
      const user = Number((BigInt(n) * 2654435761n) % BigInt(diskKeys));
      text += `{"user":"user-${user.toString(36).padStart(8, '0')}","bytes":${n % 1000}}\n`;
    }
    fs.writeSync(out, text);
  }
  fs.closeSync(out);
  const text = `from ${input} | aggregate count(*) as n, sum(bytes) as bytes --by user`;
  const words = ['run', text, '--state', at('many'), '--checkpoint', '5s', '--state-backend', 'disk'];
  const { ms, residentMib } = timed([[...words, '--state-memory', '128MiB']], at('many-out'));
  console.log(
    `${diskKeys} keys on disk, a checkpoint every 5 s: ${seconds(ms)}, ${residentMib.toFixed(0)} MiB resident at most`,
  );
}

console.log(`${os.cpus().length} cores of ${os.cpus()[0].model}, node ${process.version}`);
if (lines > 0) overhead();
if (keys > 0) await recovery();
if (diskKeys > 0) onDisk();
