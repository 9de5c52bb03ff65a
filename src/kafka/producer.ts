/**
 * Writes records to topics: encoded once into batches by partition, sent to the brokers that lead them, one request
 * at a time to each, so that the order within a partition holds whatever has to be sent again. Batches are numbered
 * (idempotence), so that one that was written and not answered is not written twice. While a request is under way the
 * next batches fill; nothing waits longer than that, unless a linger is asked for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { problem } from '../diagnostics/index.js';
import {
  type BatchProducer,
  type BatchWriter,
  type Compress,
  createBatchWriter,
  type Header,
  type Span,
} from './batches/index.js';
import { type KafkaClient, protocolError } from './client.js';
import type { Codec } from './codecs/codec.js';
import { partitionOf } from './murmur2.js';
import { pauseMs } from './patience.js';
import { isRetriable, kafkaProblem } from './problems.js';
import { type ProducedBatch, produceFrame } from './requests/produce.js';

export interface ProducerOptions {
  readonly client: KafkaClient;
  readonly codec: Codec;
  compress: Compress;
  /** How long nothing may come of what is tried again, in ms. */
  readonly patienceMs: number;
  /** How long a batch that is not full may wait for more, in ms. */
  readonly lingerMs: number;
  /** As whom to write, asked for before the first batch. */
  identity(): Promise<Identity>;
  /** To be awaited before the first batch of a partition is sent. */
  enter?(topic: string, partition: number): Promise<void>;
  /** Something is being tried again. */
  onWait?(error: unknown): void;
}

/** Whom a broker knows the producer as. */
export interface Identity {
  readonly id: bigint;
  readonly epoch: number;
  /** Null outside of transactions. */
  readonly transactionalId: string | null;
}

export interface Producer {
  /** Takes a record; the bytes may change afterwards. Throws what made an earlier one fail. */
  add(
    topic: string,
    key: Span | undefined,
    value: Span | undefined,
    timestamp: number,
    headers: readonly Header[],
  ): void;
  /** Has what was added sent, also batches that are not full. */
  kick(): void;
  /** A promise to wait for while too much is unsent, else undefined. */
  drained(): Promise<void> | undefined;
  /** Resolves when everything that was added is written. */
  flushed(): Promise<void>;
  /** A transaction has ended: partitions have to be entered again. Only when everything is flushed. */
  nextTransaction(): void;
  close(): void;
}

/** The greatest batch, before compression: brokers take 1 MiB by default. */
const fullBytes = 1 << 18;
const highWaterBytes = 8 << 20;
/** Written already, as the number of the batch says. */
const duplicateSequence = 46;
const sequences = 2 ** 31;

interface Batch extends ProducedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly writer: BatchWriter;
  /** Finished and not written, oldest first. */
  readonly full: Batch[];
  sequence: number;
  entered: boolean;
}

interface Topic {
  readonly name: string;
  readonly partitions: readonly number[];
  /** By partition, as far as they are in use. */
  readonly lanes: (Lane | undefined)[];
  /** Where records without a key go until their batch is full. */
  sticky: number;
}

interface State {
  readonly options: ProducerOptions;
  readonly topics: Map<string, Topic>;
  readonly lanes: Map<string, Lane>;
  /** Records of topics whose partitions are not known yet. */
  readonly unplaced: {
    topic: string;
    key?: Buffer;
    value?: Buffer;
    timestamp: number;
    headers: readonly Header[];
  }[];
  identity: Identity | undefined;
  waitingBytes: number;
  sending: boolean;
  failure: unknown;
  closed: boolean;
  lingering: NodeJS.Timeout | undefined;
  waiters: { readonly ready: () => boolean; resolve(): void; reject(error: unknown): void }[];
}

function settle(state: State): void {
  const { waiters, failure } = state;
  state.waiters = [];
  for (const waiter of waiters) {
    if (failure !== undefined) waiter.reject(failure);
    else if (waiter.ready()) waiter.resolve();
    else state.waiters.push(waiter);
  }
}

function until(state: State, ready: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    state.waiters.push({ ready, resolve, reject });
    settle(state);
  });
}

function finish(state: State, lane: Lane): void {
  const { topic, partition, writer } = lane;
  if (writer.count === 0) return;
  const { identity, options } = state;
  const producer: BatchProducer = {
    id: identity!.id,
    epoch: identity!.epoch,
    sequence: lane.sequence,
    transactional: identity!.transactionalId !== null,
  };
  lane.sequence = (lane.sequence + writer.count) % sequences;
  state.waitingBytes -= writer.lengthBytes;
  const batch = writer.finish(options.codec, options.compress, producer);
  state.waitingBytes += batch.length;
  lane.full.push({ topic, partition, batch });
}

function laneOf(state: State, topic: string, partition: number): Lane {
  const key = `${topic}/${partition}`;
  let lane = state.lanes.get(key);
  if (lane === undefined) {
    lane = { topic, partition, writer: createBatchWriter(), full: [], sequence: 0, entered: false };
    state.lanes.set(key, lane);
  }
  return lane;
}

function anotherPartition(topic: Topic): void {
  topic.sticky = topic.partitions[Math.floor(Math.random() * topic.partitions.length)]!;
}

function place(
  state: State,
  topic: Topic,
  key: Span | undefined,
  value: Span | undefined,
  timestamp: number,
  headers: readonly Header[],
): void {
  const partition =
    key === undefined
      ? topic.sticky
      : partitionOf(key.bytes.subarray(key.start, key.end), topic.partitions.length);
  topic.lanes[partition] ??= laneOf(state, topic.name, partition);
  const lane = topic.lanes[partition];
  const before = lane.writer.count === 0 ? 0 : lane.writer.lengthBytes;
  lane.writer.add(key, value, timestamp, headers);
  state.waitingBytes += lane.writer.lengthBytes - before;
  if (lane.writer.lengthBytes < fullBytes) return;
  finish(state, lane);
  if (key === undefined) anotherPartition(topic);
  send(state);
}

const copyOf = (span: Span | undefined): Buffer | undefined =>
  span === undefined ? undefined : Buffer.from(span.bytes.subarray(span.start, span.end));
const spanOf = (bytes: Buffer | undefined): Span | undefined =>
  bytes === undefined ? undefined : { bytes, start: 0, end: bytes.length };

/** Asks for the partitions of topics that are new here, and puts their records where they belong. */
async function placeWaiting(state: State): Promise<void> {
  const names = [...new Set(state.unplaced.map(({ topic }) => topic))];
  for (const name of names) {
    const [facts] = await state.options.client.topics([name]);
    const partitions = facts!.partitions.map(({ partition }) => partition).sort((a, b) => a - b);
    const topic: Topic = { name, partitions, lanes: [], sticky: 0 };
    anotherPartition(topic);
    state.topics.set(name, topic);
  }
  for (const { topic, key, value, timestamp, headers } of state.unplaced.splice(0)) {
    place(state, state.topics.get(topic)!, spanOf(key), spanOf(value), timestamp, headers);
  }
}

/** One batch of each partition that has one, by the broker that leads it. */
async function nextBatches(
  state: State,
): Promise<ReadonlyMap<Awaited<ReturnType<KafkaClient['leader']>>, Lane[]>> {
  const groups = new Map<Awaited<ReturnType<KafkaClient['leader']>>, Lane[]>();
  for (const lane of state.lanes.values()) {
    if (lane.full.length === 0) continue;
    if (!lane.entered) {
      await state.options.enter?.(lane.topic, lane.partition);
      lane.entered = true;
    }
    const node = await state.options.client.leader(lane.topic, lane.partition);
    const others = groups.get(node);
    if (others === undefined) groups.set(node, [lane]);
    else others.push(lane);
  }
  return groups;
}

async function sendOnce(state: State): Promise<void> {
  state.identity ??= await state.options.identity();
  if (state.unplaced.length > 0) await placeWaiting(state);
  for (const lane of state.lanes.values()) if (lane.full.length === 0) finish(state, lane);
  const groups = await nextBatches(state);
  const { transactionalId } = state.identity;
  const errors: unknown[] = [];
  await Promise.all(
    [...groups].map(async ([node, lanes]) => {
      const batches = lanes.map(({ full }) => full[0]!);
      const answers = await node.send(produceFrame({ transactionalId, batches }));
      for (const lane of lanes) {
        const answer = answers.find(
          ({ topic, partition }) => topic === lane.topic && partition === lane.partition,
        );
        const code = answer?.errorCode ?? 0;
        if (code !== 0 && code !== duplicateSequence) errors.push(protocolError(code));
        else state.waitingBytes -= lane.full.shift()!.batch.length;
      }
    }),
  );
  if (errors.length > 0) throw errors.find((error) => !isRetriable(error)) ?? errors[0];
}

const isEmpty = ({ lanes, unplaced }: State): boolean => {
  for (const { full, writer } of lanes.values()) if (full.length > 0 || writer.count > 0) return false;
  return unplaced.length === 0;
};

function failureOf({ options: { client } }: State, error: unknown): Error {
  const { type } = error as { type?: string };
  if (type === 'INVALID_PRODUCER_EPOCH' || type === 'PRODUCER_FENCED') {
    return problem({
      code: 'output',
      message: 'another run of the job writes to the topic, or this one was silent for too long',
      hint: 'look for the other one; run this one again to go on',
      cause: error,
    });
  }
  return kafkaProblem(error, { brokers: client.brokers });
}

/** Sends until nothing is left, again and again what fails. */
async function run(state: State): Promise<void> {
  const { client, patienceMs, onWait } = state.options;
  let begunMs: number | undefined;
  for (let attempt = 1; !state.closed && !isEmpty(state); ) {
    try {
      await sendOnce(state);
      begunMs = undefined;
      attempt = 1;
      settle(state);
    } catch (error) {
      if (state.closed) return;
      begunMs ??= performance.now();
      if (!isRetriable(error) || performance.now() - begunMs > patienceMs) throw failureOf(state, error);
      if (attempt === 3) onWait?.(error);
      client.forget();
      await pause(pauseMs(attempt++));
    }
  }
}

function send(state: State): void {
  if (state.sending || state.closed || state.failure !== undefined) return;
  clearTimeout(state.lingering);
  state.lingering = undefined;
  state.sending = true;
  run(state)
    .catch((error: unknown) => {
      state.failure = error;
    })
    .finally(() => {
      state.sending = false;
      settle(state);
      // Something may have come between the last look and now.
      if (!isEmpty(state)) send(state);
    });
}

/** A producer; nothing is connected before the first record. */
export function createProducer(options: ProducerOptions): Producer {
  const state: State = {
    options,
    topics: new Map(),
    lanes: new Map(),
    unplaced: [],
    identity: undefined,
    waitingBytes: 0,
    sending: false,
    failure: undefined,
    closed: false,
    lingering: undefined,
    waiters: [],
  };
  return {
    add(topic, key, value, timestamp, headers) {
      if (state.failure !== undefined) throw state.failure;
      const known = state.topics.get(topic);
      if (known !== undefined && state.unplaced.length === 0 && state.identity !== undefined) {
        place(state, known, key, value, timestamp, headers);
        return;
      }
      const kept = { topic, timestamp, headers };
      const keyBytes = copyOf(key);
      const valueBytes = copyOf(value);
      state.unplaced.push({
        ...kept,
        ...(keyBytes === undefined ? {} : { key: keyBytes }),
        ...(valueBytes === undefined ? {} : { value: valueBytes }),
      });
      send(state);
    },
    kick() {
      if (options.lingerMs === 0) send(state);
      else state.lingering ??= setTimeout(() => send(state), options.lingerMs);
    },
    drained() {
      if (
        state.failure === undefined &&
        state.waitingBytes < highWaterBytes &&
        state.unplaced.length < 10_000
      ) {
        return undefined;
      }
      send(state);
      return until(state, () => state.waitingBytes < highWaterBytes && state.unplaced.length < 10_000);
    },
    flushed() {
      send(state);
      return until(state, () => isEmpty(state) && !state.sending);
    },
    nextTransaction() {
      for (const lane of state.lanes.values()) lane.entered = false;
    },
    close() {
      state.closed = true;
      clearTimeout(state.lingering);
    },
  };
}
