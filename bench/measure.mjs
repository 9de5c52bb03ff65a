/**
 * Runs commands and measures them from outside: the wall time of the whole process, from its start to its end, and the
 * resident memory at its highest. In a pipe the memory is that of its largest process. Nothing here knows any program.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

const root = path.resolve(import.meta.dirname, '..');
const gnuTime = fs.existsSync('/usr/bin/time') ? '/usr/bin/time' : undefined;

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Runs a line of shell once. Returns seconds and, where /usr/bin/time is installed, mebibytes. */
export function runOnce(command) {
  const report = path.join(root, 'bench/data/time.txt');
  const shell = ['bash', '-c', `set -o pipefail; ${command}`];
  const words = gnuTime === undefined ? shell : [gnuTime, '-f', '%M', '-o', report, ...shell];
  const begin = performance.now();
  const { status, stderr } = spawnSync(words[0], words.slice(1), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 600_000,
  });
  const seconds = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`status ${status} of ${command}\n${stderr.slice(-2000)}`);
  const mebibytes = gnuTime === undefined ? undefined : Number(fs.readFileSync(report, 'utf8').trim()) / 1024;
  return { seconds, mebibytes };
}

/** Starts and ends programs in turn, so many rounds of all of them; what each took every time, in milliseconds. */
export function startUpsMs(programs, rounds = 41) {
  const taken = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { words, input }] of programs.entries()) {
      const begin = performance.now();
      const { status, stderr } = spawnSync(words[0], words.slice(1), { cwd: root, input, encoding: 'utf8' });
      taken[index].push(performance.now() - begin);
      if (status !== 0) throw new Error(`status ${status} of ${words.join(' ')}\n${stderr}`);
    }
  }
  return taken;
}

/** What all lines of a file say together, in whatever order: their number and the sum of their hashes. */
export async function checksum(file, row) {
  let rows = 0;
  let sum = 0n;
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    if (line === '') continue;
    rows++;
    sum += createHash('md5').update(row(line)).digest().readBigUInt64LE();
  }
  return `${rows} rows, ${(sum & 0xffff_ffff_ffff_ffffn).toString(16)}`;
}

/**
 * Starts a pipe, waits until its programs are idle, and writes lines into it, one after another has come out at its end. The
 * milliseconds from in to out of each line, the first one included.
 */
export async function latenciesMs(command, lines, pauseMs) {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const child = spawn('bash', ['-c', command], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const out = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const taken = [];
  try {
    await pause(2000);
    for (const line of lines) {
      const begin = performance.now();
      child.stdin.write(`${line}\n`);
      const { done } = await out.next();
      if (done) throw new Error(`the pipe ended early: ${command}`);
      taken.push(performance.now() - begin);
      await pause(pauseMs);
    }
  } finally {
    child.stdin.end();
    process.kill(-child.pid, 'SIGTERM');
  }
  return taken;
}
