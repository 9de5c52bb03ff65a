/**
 * Output latency of a job from a topic to a topic, with a checkpoint every second and at-least-once output. Records come on a
 * fixed schedule (see ../load/generator.mjs), whether anybody keeps up or not, and `leat to` writes them to the first topic.
 * A record's latency counts from when it was due until kafkajs has read what became of it, on one clock, so that it holds both
 * ways through the broker. All are kept: percentiles are exact. The first seconds, in which code is compiled, do not count.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import kafkajs from 'kafkajs';
import { firstNumber, indexAt, isKept, lineOf, microseconds } from '../load/schedule.mjs';
import { milliseconds, table } from '../table.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const warmUpSeconds = 5;
const deadlineMs = 60_000;

async function until(holds, what) {
  const end = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const ended = (child) => new Promise((resolve) => child.once('close', resolve));

/** Calls back with each value of a topic, as soon as it can be read. */
async function follow(client, topic, each) {
  const consumer = client.consumer({ groupId: `bench-latency-${Date.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: ({ batch }) => {
      const now = microseconds();
      for (const { value } of batch.messages) each(value, now);
      return Promise.resolve();
    },
  });
  return consumer;
}

/** One record through the job, so that all of it runs before the schedule begins. */
async function probe(client, topic, index, arrived) {
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: [{ value: lineOf(firstNumber + index, 0, 0).trimEnd() }] });
  await producer.disconnect();
  await until(arrived, 'the first record');
}

/** Latencies in microseconds of the records that pass the filter, and what the generator says of its own lateness. */
async function latencies({ broker, folder, rate, seconds, from, to }) {
  const client = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
  const total = rate * seconds;
  const taken = [];
  let seen = 0;
  let probed = false;
  let start = 0;
  const consumer = await follow(client, to, (value, now) => {
    const index = indexAt(value, 0);
    if (index === total) {
      probed = true;
      return;
    }
    seen++;
    if (index >= rate * warmUpSeconds) taken.push(now - start - (index * 1e6) / rate);
  });
  const text = `from kafka://${broker}/${from} | filter status < 500 | to kafka://${broker}/${to} --guarantee at-least-once`;
  const words = ['run', text, '--state', path.join(folder, 'state'), '--checkpoint', '1s', '--quiet'];
  const job = spawn(process.execPath, [path.join(root, 'bin/leat'), ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    // Its number is that of the first record behind the others.
    await probe(client, from, total, () => probed || job.exitCode !== null);
    start = microseconds() + 1_000_000;
    const late = path.join(folder, 'generator.txt');
    const generator = `node ${root}/bench/load/generator.mjs ${rate} ${seconds} ${start} ${Date.now() + 1000} 2> ${late}`;
    const writer = spawn(
      'sh',
      ['-c', `${generator} | ${root}/bin/leat to kafka://${broker}/${from} --quiet`],
      {
        stdio: 'inherit',
      },
    );
    if ((await ended(writer)) !== 0) throw new Error('the records could not be written');
    let expected = 0;
    for (let index = 0; index < total; index++) if (isKept(index)) expected++;
    await until(() => seen >= expected || job.exitCode !== null, 'the last record');
    if (seen !== expected) throw new Error(`${seen} records came, and not ${expected}`);
    return { taken, generator: fs.readFileSync(late, 'utf8').trim() };
  } finally {
    const over = job.exitCode === null ? ended(job) : undefined;
    job.kill('SIGTERM');
    await over;
    await consumer.disconnect();
  }
}

/** Runs it; the answer is a table. */
export async function latencyReport(options) {
  const { taken, generator } = await latencies(options);
  const sorted = Float64Array.from(taken).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1000;
  const shares = { median: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999, most: 1 };
  const row = ['from due to read', ...Object.values(shares).map((share) => milliseconds(at(share)))];
  return [
    `${options.rate} records a second for ${options.seconds} s, the first ${warmUpSeconds} s left out. Lateness in ms of the ${generator}`,
    '',
    table(['latency', ...Object.keys(shares)], [row]),
  ].join('\n');
}
