/**
 * Topics of Kafka as an output: written at once, or in epochs that are transactions. A missing topic is an error
 * unless its creation was asked for.
 */
import { randomBytes } from 'node:crypto';
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import {
  compress,
  createEpochTransactions,
  createProducer,
  createValueEncoder,
  isRetriable,
  isUnknownTopic,
  type KafkaClient,
  type KafkaSink,
  kafkaProblem,
  type Producer,
  patiently,
  prepareCodec,
  readKafkaSink,
  seekTopics,
  type ValueEncoder,
} from '../../kafka/index.js';
import type { CommittedEpoch, EpochSink } from '../epoch-sink.js';
import { createAppliedEpochs } from '../epochs/applied-epochs.js';
import type { ByteSink } from '../sink.js';
import { openClient } from './open-client.js';
import { sendLines } from './topic-lines.js';

type Say = (line: string) => void;

const pooledBytes = 1 << 16;
const readBytes = 1 << 18;

/** Whether the name of a topic comes from the records. */
const isPattern = ({ topic }: KafkaSink): boolean => topic.includes('{');

function open(uri: string, say: Say): { readonly sink: KafkaSink; readonly client: KafkaClient } {
  const sink = readKafkaSink(uri);
  const client = openClient(sink, say);
  return { sink: { ...sink, brokers: client.brokers }, client };
}

async function createTopic(client: KafkaClient, topic: string, { create }: KafkaSink): Promise<void> {
  const node = await client.anyNode();
  await node.requests.createTopics({
    topics: [
      {
        topic,
        numPartitions: create!.partitions,
        replicationFactor: create!.replication,
        configEntries: create!.settings,
      },
    ],
    validateOnly: false,
    timeout: 5000,
  });
}

/** Sees to it that a topic is there. */
async function findTopic(client: KafkaClient, topic: string, sink: KafkaSink, say: Say): Promise<void> {
  await seekTopics(client, { ...sink, topics: [topic] }, say, async () => {
    try {
      await client.topics([topic]);
    } catch (error) {
      if (!isUnknownTopic(error) || sink.create === undefined) throw error;
      await createTopic(client, topic, sink);
      say(`leat: made the topic ${topic}`);
    }
  });
}

function producerFor(
  client: KafkaClient,
  sink: KafkaSink,
  say: Say,
  transactions?: ReturnType<typeof createEpochTransactions>,
): Producer {
  const { brokers, codec, patienceMs, lingerMs } = sink;
  return createProducer({
    client,
    codec,
    compress,
    patienceMs,
    lingerMs,
    async identity() {
      if (transactions !== undefined) return transactions.identity;
      return await patiently(client, { forMs: patienceMs }, async () => {
        const node = await client.anyNode();
        const begun = await node.requests.initProducerId({
          transactionalId: undefined,
          transactionTimeout: 60_000,
        });
        return { id: BigInt(begun.producerId), epoch: begun.producerEpoch, transactionalId: null };
      });
    },
    ...(transactions === undefined ? {} : { enter: transactions.enter }),
    onWait: (error) => say(`leat: ${kafkaProblem(error, { brokers }).message}; trying again`),
  });
}

/** The output of records as they come; without checkpoints, or at least once with them. */
export async function openTopicSink(uri: string, say: Say): Promise<ByteSink & EpochSink> {
  const { sink, client } = open(uri, say);
  await prepareCodec(sink.codec);
  if (!isPattern(sink)) await findTopic(client, sink.topic, sink, say);
  const producer = producerFor(client, sink, say);
  let spare: Buffer | undefined;
  return {
    name: uri,
    kind: 'file',
    guarantee: 'at-least-once',
    closedByReader: false,
    write(bytes, length) {
      sendLines(bytes, length, producer, sink.topic, Date.now());
      producer.kick();
      const free = spare ?? Buffer.allocUnsafeSlow(pooledBytes);
      spare = bytes;
      return free;
    },
    drained: () => producer.drained(),
    flushed: () => producer.flushed(),
    recover: () => Promise.resolve(),
    async prepare() {
      await producer.flushed();
      return { version: 1, path: uri };
    },
    commit: () => Promise.resolve(),
    async close() {
      try {
        await producer.flushed();
      } finally {
        producer.close();
        client.close();
      }
    },
  };
}

/** The id under which the sink of a store writes: made once, kept beside its epochs. */
async function ownId(disk: Disk, folder: string, name: string): Promise<string> {
  const path = `${folder}/transactional-id`;
  const kept = await readWhole(disk, path);
  if (kept !== undefined) return Buffer.from(kept).toString('utf8');
  const id = `${name}-${randomBytes(6).toString('hex')}`;
  await replaceWhole(disk, path, Buffer.from(id));
  return id;
}

function newerThan(topic: string, inTopic: number, epoch: number): Error {
  return problem({
    code: 'state',
    message: `the topic ${topic} has the output up to checkpoint ${inTopic}, and the run goes on from checkpoint ${epoch}`,
    hint: 'a topic cannot be cut back: going on would write records twice; --guarantee at-least-once does it all the same',
  });
}

export interface TopicEpochs {
  readonly disk: Disk;
  /** Of the sink; it is there. */
  readonly folder: string;
  readonly job: string;
  readonly sink: string;
  say: Say;
}

/** The output in epochs, each a transaction. */
export async function openTopicInEpochs(
  uri: string,
  { disk, folder, job, sink: name, say }: TopicEpochs,
): Promise<EpochSink> {
  const { sink, client } = open(uri, say);
  const topic = isPattern(sink) ? sink.epochs : sink.topic;
  if (topic === undefined) {
    throw problem({
      code: 'usage',
      message:
        'the names of topics come from the records, so it is not known where the number of an epoch is to be kept',
      hint: 'name a topic that is there with ?epochs=TOPIC, or say --guarantee at-least-once',
    });
  }
  await prepareCodec(sink.codec);
  await findTopic(client, topic, sink, say);
  const facts: { id: string } = { id: await ownId(disk, folder, `leat-${job}-${name}`) };
  const patience = { forMs: sink.patienceMs };
  let transactions = createEpochTransactions({ client, id: facts.id, topic, patience });
  let producer: Producer | undefined;

  const begin = async (last: CommittedEpoch | undefined): Promise<number> => {
    const id = last?.committable['id'];
    if (typeof id === 'string' && id !== facts.id) {
      // The state has moved: whoever has written before is fenced, and known by the same id.
      facts.id = id;
      transactions = createEpochTransactions({ client, id, topic, patience });
    }
    try {
      const inTopic = await transactions.begin();
      producer = producerFor(client, sink, say, transactions);
      const epoch = last?.epoch ?? 0;
      if (inTopic <= epoch) return inTopic;
      if (last !== undefined && last.savepoint === undefined) throw newerThan(topic, inTopic, epoch);
      say(
        `leat: ${topic} keeps what was written to it before ${last === undefined ? 'this job began anew' : 'and after the savepoint'}: a topic cannot be cut back`,
      );
      await transactions.commit(epoch);
      return epoch;
    } catch (error) {
      throw isRetriable(error) ? kafkaProblem(error, { brokers: sink.brokers, topic }) : error;
    }
  };

  const apply = async (path: string, epoch: number): Promise<void> => {
    const file = await disk.open(path, 'read');
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    let bytes = buffer;
    let have = 0;
    const nowMs = Date.now();
    try {
      for (let at = 0; ; ) {
        if (have === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafeSlow(bytes.length)]);
        const count = await file.read(bytes.subarray(have), at);
        if (count === 0) break;
        at += count;
        have += count;
        const sent = sendLines(bytes, have, producer!, sink.topic, nowMs);
        bytes.copyWithin(0, sent, have);
        have -= sent;
        await producer!.drained();
      }
    } finally {
      await file.close();
    }
    try {
      await producer!.flushed();
      await transactions.commit(epoch);
    } catch (error) {
      throw kafkaProblem(error, { brokers: sink.brokers, topic });
    }
    producer!.nextTransaction();
  };

  return createAppliedEpochs(disk, folder, {
    name: uri,
    guarantee: 'exactly-once',
    facts,
    begin,
    apply,
    missing(epoch) {
      throw problem({
        code: 'state',
        message: `the output of checkpoint ${epoch} is neither in ${topic} nor in the store`,
        hint: 'the folder epochs of the store was changed; begin anew with another --state',
      });
    },
    close() {
      producer?.close();
      client.close();
    },
  });
}

/** What writes values in the format that a URI says, once it is ready; undefined for JSON, which records are. */
export async function openValueEncoder(uri: string): Promise<ValueEncoder | undefined> {
  const { value } = readKafkaSink(uri);
  if (value.format === 'json') return undefined;
  const encoder = createValueEncoder(value.format, value);
  await encoder.prepare();
  return encoder;
}
