/**
 * Latency under load: `filter | window | aggregate` as three processes, at a fixed rate.
 *
 *     node bench/load.mjs [records a second, 50000] [seconds, 20]
 *
 * Each record is due at a time that is settled beforehand, and its latency counts from then, however late it was written (see
 * bench/load/generator.mjs). What leaves the filter is looked at here and passed on to the window: so the latency of the filter is
 * from due to seen, and that of a result from when the record was due that completes its window. All of them are kept and sorted:
 * percentiles are exact. The first two seconds, in which code is compiled, do not count.
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexAt, isKept, microseconds } from './load/schedule.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [rate = 50_000, seconds = 20] = process.argv.slice(2).map(Number);
const warmUpSeconds = 2;
if (!(rate > 0) || !(seconds > warmUpSeconds)) {
  process.stderr.write(`usage: node bench/load.mjs [rate] [seconds, more than ${warmUpSeconds}]\n`);
  process.exit(2);
}

/** Time for the stages to start, in microseconds. */
const headStart = 2_000_000;
const start = microseconds() + headStart;
const startMs = Date.now() + headStart / 1000;
const dueAt = (index) => start + (index * 1e6) / rate;
const from = rate * warmUpSeconds;
const total = rate * seconds;

const shell = (script, stdio) =>
  spawn('sh', ['-c', script], { stdio, env: { ...process.env, PATH: `${root}/bin:${process.env.PATH}` } });
const generator = `node ${root}/bench/load/generator.mjs ${rate} ${seconds} ${start} ${startMs}`;
const first = shell(`${generator} | leat filter 'status < 500'`, ['ignore', 'pipe', 'inherit']);
const rest = shell(
  `leat window tumble 100ms --time ts --delay 1ms | leat aggregate 'count(*) as n, avg(bytes) as mean' --by key`,
  ['pipe', 'pipe', 'inherit'],
);

/** Calls back with the offset of each whole line of a stream, and the bytes that it is in. */
function onLines(stream, each) {
  let left = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    const bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    let offset = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, offset)) {
      each(bytes, offset, end);
      offset = end + 1;
    }
    left = bytes.subarray(offset);
  });
}

const filtered = [];
const fired = [];
let seen = 0;
onLines(first.stdout, (bytes, offset) => {
  const index = indexAt(bytes, offset);
  seen++;
  if (index >= from) filtered.push(microseconds() - dueAt(index));
});
first.stdout.on('data', (chunk) => rest.stdin.write(chunk));
first.stdout.on('end', () => rest.stdin.end());
onLines(rest.stdout, (bytes, offset, end) => {
  const line = bytes.toString('latin1', offset, end);
  const bound = /"window_end":(\d+)/.exec(line);
  if (bound === null) return;
  // The watermark is a millisecond behind the highest time, and a window fires when it has come to its last one.
  let index = Math.max(0, Math.ceil(((Number(bound[1]) - startMs) * rate) / 1000));
  while (!isKept(index)) index++;
  if (index >= from && index < total) fired.push(microseconds() - dueAt(index));
});

const ended = (child) =>
  new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`a stage ended with ${status}`)),
    );
  });
await Promise.all([ended(first), ended(rest)]);

let expected = 0;
for (let index = 0; index < total; index++) if (isKept(index)) expected++;
if (seen !== expected) throw new Error(`${seen} records left the filter, and not ${expected}`);

function row(name, latencies) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const cells = [0.5, 0.9, 0.99, 0.999, 1].map((share) => `${(at(share) / 1000).toFixed(1)} ms`.padStart(9));
  return `| ${name.padEnd(16)} | ${cells.join(' | ')} |`;
}
const headings = ['median', 'p90', 'p99', 'p99.9', 'most'].map((word) => word.padStart(9));
const load = os
  .loadavg()
  .map((one) => one.toFixed(1))
  .join(', ');
console.log(
  [
    `${rate} records a second for ${seconds} s, the first ${warmUpSeconds} s left out; load ${load} on ${os.availableParallelism()} cores, Node ${process.versions.node}.`,
    '',
    `| latency          | ${headings.join(' | ')} |`,
    `| ---------------- | ${headings.map(() => '--------:').join(' | ')} |`,
    row('filter', filtered),
    row('result of window', fired),
  ].join('\n'),
);
