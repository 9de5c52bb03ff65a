/**
 * Kafka's own Java clients, as the console tools that come with it: what leat reads and writes is written and read by them in tests.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fetchJars } from '../../scripts/kafka/jars.mjs';
import type { Broker } from './kafka-broker.js';
import { root, runShell, temporaryFolder } from './shell.js';

const folder = temporaryFolder();
const deadlineMs = 120_000;
let files = 0;

/** Runs a tool with its words as they are, and gives its stdout. */
async function runTool(main: string, words: readonly string[], input = ''): Promise<string> {
  const jars = fetchJars(path.join(root, 'scripts/kafka'));
  const stdin = path.join(folder, `input-${files++}`);
  fs.writeFileSync(stdin, input);
  const log = `-Dlog4j2.configurationFile=${path.join(root, 'scripts/kafka/log4j2.properties')}`;
  const all = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    log,
    '-cp',
    `${jars}/*`,
    main,
    ...words,
  ];
  const script = `java ${all.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}`;
  const { status, stdout, stderr } = await runShell(script, { stdin, deadlineMs });
  if (status !== 0) throw new Error(`${main} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}

export interface JavaRecord {
  readonly partition: number;
  /** `null` as a text where there is none. */
  readonly key: string;
  readonly value: string;
}

/** Writes records with keys, compressed, in batches that are as large as the broker takes. */
export async function javaProduce(
  broker: Broker,
  topic: string,
  codec: string,
  records: readonly (readonly [key: string, value: string])[],
): Promise<void> {
  const lines = records.map(([key, value]) => `${key}|${value}\n`).join('');
  const words = ['--bootstrap-server', broker.address, '--topic', topic, '--compression-codec', codec];
  const settings = ['batch.size=500000', 'linger.ms=200', 'max.in.flight.requests.per.connection=1'];
  for (const setting of settings) words.push('--producer-property', setting);
  for (const property of ['parse.key=true', 'key.separator=|']) words.push('--property', property);
  await runTool('org.apache.kafka.tools.ConsoleProducer', words, lines);
}

/** Reads so many records of a topic from its beginning. */
export async function javaConsume(broker: Broker, topic: string, count: number): Promise<JavaRecord[]> {
  const words = ['--bootstrap-server', broker.address, '--topic', topic, '--from-beginning'];
  words.push('--max-messages', String(count), '--timeout-ms', '60000');
  const properties = ['print.partition=true', 'print.key=true', 'key.separator=|'];
  for (const property of properties) words.push('--property', property);
  const out = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', words);
  return out
    .split('\n')
    .filter((line) => line.startsWith('Partition:'))
    .map((line) => {
      const [, partition, key, value] = /^Partition:(\d+)\|([^|]*)\|(.*)$/s.exec(line)!;
      return { partition: Number(partition), key: key!, value: value! };
    });
}

/** The codecs of the batches that lie on the broker's disk, by topic: those of its partition 0. */
export async function codecsOnDisk(
  broker: Broker,
  topics: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const logs = topics.map((topic) => path.join(broker.folder, `data/${topic}-0/00000000000000000000.log`));
  const out = await runTool('kafka.tools.DumpLogSegments', ['--files', logs.join(',')]);
  const parts = out.split(/^Dumping .*$/m).slice(1);
  const found = parts.map((part) =>
    [...part.matchAll(/compresscodec: (\w+)/g)].map((match) => match[1]!.toLowerCase()),
  );
  return Object.fromEntries(topics.map((topic, index) => [topic, [...new Set(found[index])]]));
}
