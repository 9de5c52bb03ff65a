/**
 * Writes records to stdout on a fixed schedule, whether anybody keeps up or not: record i is due i / rate seconds after the
 * start. One that could not be written in time is written as soon as it can be, and its latency still counts from when it was
 * due, so that a pipe that stalls cannot hide it (no coordinated omission; the idea of Gil Tene's wrk2). At the end it says on
 * stderr how late it was itself.
 *
 *     node bench/load/generator.mjs RATE SECONDS START EPOCH
 *
 * START is in microseconds of the monotonic clock, EPOCH the event time of the first record (epoch ms).
 */
import fs from 'node:fs';
import { firstNumber, keys, lineOf, microseconds } from './schedule.mjs';

const [rate, seconds, start, epochMs] = process.argv.slice(2).map(Number);
const total = rate * seconds;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const lag = [];

for (let sent = 0; sent < total; ) {
  const due = Math.min(total, Math.floor(((microseconds() - start) * rate) / 1e6) + 1);
  if (due <= sent) {
    Atomics.wait(sleeper, 0, 0, 0.2);
    continue;
  }
  const oldest = sent;
  let text = '';
  for (; sent < due; sent++) text += lineOf(firstNumber + sent, epochMs + (sent * 1000) / rate, sent % keys);
  for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(fs.writeSync(1, rest));
  lag.push(microseconds() - start - (oldest * 1e6) / rate);
}
lag.sort((a, b) => a - b);
const at = (share) => (lag[Math.min(lag.length - 1, Math.floor(lag.length * share))] / 1000).toFixed(2);
process.stderr.write(`generator: ${JSON.stringify({ p50: at(0.5), p99: at(0.99), most: at(1) })}\n`);
