/**
 * What state costs: the question of the row `user` with and without a job, turn by turn, and how long a job of many keys takes
 * to come back. `node bench/state.mjs [lines] [runs] [keys]`; prints a table, stores nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const leat = path.join(root, 'bin/leat');
const [lines = 2_000_000, runs = 5, keys = 1_000_000] = process.argv.slice(2).map(Number);
fs.mkdirSync(path.join(root, 'bench/data'), { recursive: true });
const folder = fs.mkdtempSync(path.join(root, 'bench/data/state-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

const at = (name) => path.join(folder, name);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

function timed(words, output) {
  const stdout = fs.openSync(output, 'a');
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [leat, ...words], {
    stdio: ['ignore', stdout, 'pipe'],
  });
  const ms = performance.now() - began;
  fs.closeSync(stdout);
  if (status !== 0) throw new Error(stderr.toString());
  return ms;
}

function overhead() {
  const input = at('clicks.ndjson');
  timed(['gen', 'clicks', '--count', String(lines)], input);
  const text = `from ${input} --time ts --delay 2s | window tumble 1m | aggregate count(*) as n, sum(bytes) as bytes --by user`;
  const plain = [];
  const kept = [];
  for (let run = 0; run <= runs; run++) {
    const [without, within] = [at(`plain-${run}`), at(`kept-${run}`)];
    const a = timed(['run', text], without);
    const b = timed(['run', text, '--state', at(`state-${run}`), '--checkpoint', '1s'], within);
    if (!fs.readFileSync(without).equals(fs.readFileSync(within))) throw new Error('the answers differ');
    for (const file of [without, within, at(`state-${run}`)]) fs.rmSync(file, { recursive: true });
    // The first round warms the cache.
    if (run > 0) plain.push(a) && kept.push(b);
  }
  const [without, within] = [median(plain), median(kept)];
  console.log(
    `${lines} lines by (user, minute), median of ${runs}: without state ${seconds(without)}, with a checkpoint`,
  );
  console.log(`every second ${seconds(within)}: ${((within / without - 1) * 100).toFixed(1)} % more`);
  console.log(`best: ${seconds(Math.min(...plain))} and ${seconds(Math.min(...kept))}`);
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

console.log(`${os.cpus().length} cores of ${os.cpus()[0].model}, node ${process.version}`);
overhead();
await recovery();
