/**
 * Kafka: how fast leat reads and writes 200-byte records beside kafkajs and the Java client's own perf tools, turn by turn
 * against one broker that is started here; and the output latency of an at-least-once job.
 *
 *     node bench/kafka.mjs [--runs 3] [--records 2000000] [--only consume,produce,latency] [--rate 10000] [--seconds 20]
 *         [--store]
 *
 * The topic that is read is written by leat; half as many records are written by each producer, and counted afterwards.
 * On a busy machine there are fewer rounds. Prints, and keeps the tables under bench/results only with --store. Takes about
 * three minutes.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import kafkajs from 'kafkajs';
import { startBrokerProcess } from '../scripts/kafka/broker.mjs';
import { fetchJars, missingForBroker } from '../scripts/kafka/jars.mjs';
import { latencyReport } from './kafka/latency.mjs';
import { recordBytes, writeLines } from './kafka/lines.mjs';
import { compete, rateTable, run } from './kafka/rates.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    records: { type: 'string', default: '2000000' },
    only: { type: 'string', default: 'consume,produce,latency' },
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '20' },
    store: { type: 'boolean', default: false },
  },
});
const parts = options.only.split(',');
const records = Number(options.records);
const rounds = Number(options.runs);
const missing = missingForBroker();
if (missing !== undefined) {
  console.error(`no broker: ${missing}`);
  process.exit(1);
}

fs.mkdirSync(path.join(root, 'bench/data'), { recursive: true });
const folder = fs.mkdtempSync(path.join(root, 'bench/data/kafka-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const report = [];
const print = (text) => {
  report.push(text);
  console.log(text);
};

const broker = await startBrokerProcess({
  heap: '1g',
  properties: { 'log.segment.delete.delay.ms': '1000' },
});
const address = broker.addresses.PLAINTEXT;
const admin = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).admin();
await admin.connect();

/** Makes a topic and waits until the broker has told itself of it; a name is never used twice. */
async function createTopic(topic) {
  await admin.createTopics({ topics: [{ topic, numPartitions: 4 }], waitForLeaders: false });
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      await recordsIn(topic);
      return topic;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
async function recordsIn(topic) {
  const partitions = await admin.fetchTopicOffsets(topic);
  return partitions.reduce((sum, { high }) => sum + Number(high), 0);
}
const java = (tool, words) => `java -cp '${fetchJars(path.join(root, 'scripts/kafka'))}/*' ${tool} ${words}`;
const printed = (pattern) => (stdout) => Number(pattern.exec(stdout)[1]);

const input = path.join(folder, 'lines.ndjson');
const some = path.join(folder, 'some.ndjson');
const written = records / 2;
writeLines(input, written);
writeLines(some, 10_000);

async function consume() {
  await createTopic('clicks');
  run(`cat ${input} ${input} | leat to kafka://${address}/clicks --quiet`);
  if ((await recordsIn('clicks')) !== records) throw new Error('the topic is not complete');
  const uri = `kafka://${address}/clicks?end=latest`;
  const contenders = [
    { name: 'leat from, to nowhere', command: `leat from '${uri}' --quiet > /dev/null` },
    {
      name: 'leat from and filter, fused',
      command: `leat run "from ${uri} | filter price > 290" --quiet > /dev/null`,
    },
    {
      name: 'kafkajs, only counting',
      command: `node bench/kafka/kafkajs-consume.mjs ${address} clicks ${records}`,
      own: printed(/([\d.]+) records a second/),
    },
    {
      name: 'Java, ConsumerPerformance',
      command: java(
        'org.apache.kafka.tools.ConsumerPerformance',
        `--bootstrap-server ${address} --topic clicks --messages ${records} --hide-header`,
      ),
      own: printed(/([\d.]+)\s*$/),
    },
  ];
  const results = await compete(contenders, { rounds });
  print(`### reading\n\n${records} records of ${recordBytes} bytes.\n\n${rateTable(results, records)}\n`);
  await admin.deleteTopics({ topics: ['clicks'] });
}

async function produce() {
  const perf = (settings) => (topic) =>
    java(
      'org.apache.kafka.tools.ProducerPerformance',
      `--topic ${topic} --num-records ${written} --payload-file ${some} --throughput -1 --producer-props bootstrap.servers=${address} acks=all ${settings}`,
    );
  const own = printed(/([\d.]+) records\/sec.*\n$/);
  const contenders = [
    { name: 'leat to', command: (topic) => `leat to kafka://${address}/${topic} --quiet < ${input}` },
    {
      name: 'leat to --key user',
      command: (topic) => `leat to kafka://${address}/${topic} --key user --quiet < ${input}`,
    },
    {
      name: 'kafkajs, its own send',
      command: (topic) => `node bench/kafka/kafkajs-produce.mjs ${address} ${topic} ${input}`,
      own: printed(/([\d.]+) records a second/),
    },
    { name: 'Java, ProducerPerformance', command: perf(''), own },
    { name: 'Java, batches of 256 KiB', command: perf('batch.size=262144 buffer.memory=67108864'), own },
  ];
  let made = 0;
  const before = () => createTopic(`out-${++made}`);
  const after = async (name, topic) => {
    const count = await recordsIn(topic);
    if (count !== written) throw new Error(`${name} wrote ${count} records, and not ${written}`);
    await admin.deleteTopics({ topics: [topic] });
  };
  const results = await compete(contenders, { rounds, before, after });
  print(
    `### writing\n\n${written} records of ${recordBytes} bytes, confirmed by all replicas.\n\n${rateTable(results, written)}\n`,
  );
}

async function latency() {
  await createTopic('due');
  await createTopic('done');
  const schedule = { rate: Number(options.rate), seconds: Number(options.seconds) };
  print(
    `### latency\n\n${await latencyReport({ broker: address, folder, ...schedule, from: 'due', to: 'done' })}\n`,
  );
}

const load = () =>
  os
    .loadavg()
    .map((one) => one.toFixed(1))
    .join(', ');
const before = load();
try {
  if (parts.includes('consume')) await consume();
  if (parts.includes('produce')) await produce();
  if (parts.includes('latency')) await latency();
} finally {
  await admin.disconnect();
  await broker.remove();
}
print(
  `${os.availableParallelism()} cores of ${os.cpus()[0].model.trim()}, node ${process.versions.node}, Kafka 4.1.0; load before ${before}, after ${load()}.`,
);
if (options.store) {
  const file = path.join(root, 'bench/results', `${new Date().toISOString().slice(0, 10)}-kafka.md`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${report.join('\n')}\n`);
}
