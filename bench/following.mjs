/**
 * What following costs: processor time over a silence, on one file and on 200, and the time from an append to the output.
 * `node bench/following.mjs [SECONDS]` prints a line for each; SECONDS is the length of the silence (default 20).
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const leat = path.resolve(import.meta.dirname, '../bin/leat');
const silenceS = Number(process.argv[2] ?? 20);
const appends = 100;
const ticksInSecond = 100;

/** Seconds of user and system time that a process has had (Linux). */
function processorS(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksInSecond;
}

/** Starts a follower; `arrived(n)` resolves with the instant at which so many lines are there. */
function follow(uri) {
  const child = spawn(process.execPath, [leat, 'from', uri, '--follow'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let lines = 0;
  let wake = () => {};
  child.stdout.on('data', (chunk) => {
    lines += chunk.toString().split('\n').length - 1;
    wake();
  });
  const arrived = async (count) => {
    while (lines < count) await new Promise((resolve) => (wake = resolve));
    return performance.now();
  };
  return { pid: child.pid, arrived, end: () => child.kill() };
}

async function measureSilence(folder, count) {
  for (let file = 0; file < count; file++) fs.writeFileSync(path.join(folder, `${file}.log`), '{"n":1}\n');
  const follower = follow(path.join(folder, '*.log'));
  await follower.arrived(count);
  await pause(2000);
  const before = processorS(follower.pid);
  await pause(silenceS * 1000);
  const used = processorS(follower.pid) - before;
  follower.end();
  console.log(`${count} files: ${used.toFixed(2)} s of processor time in ${silenceS} s of silence`);
}

async function measureLatency(folder) {
  const file = path.join(folder, 'app.log');
  fs.writeFileSync(file, '{"n":0}\n');
  const follower = follow(file);
  await follower.arrived(1);
  const taken = [];
  for (let n = 1; n <= appends; n++) {
    await pause(20 + (n % 10) * 10);
    const start = performance.now();
    fs.appendFileSync(file, `{"n":${n}}\n`);
    taken.push((await follower.arrived(n + 1)) - start);
  }
  follower.end();
  taken.sort((a, b) => a - b);
  const ms = (part) => taken[Math.floor(part * (appends - 1))].toFixed(1);
  console.log(`append to output: median ${ms(0.5)} ms, 95 % ${ms(0.95)} ms, longest ${ms(1)} ms`);
}

for (const measure of [
  (folder) => measureSilence(folder, 1),
  (folder) => measureSilence(folder, 200),
  measureLatency,
]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-follow-'));
  await measure(folder);
  fs.rmSync(folder, { recursive: true });
}
