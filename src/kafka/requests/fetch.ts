/**
 * Fetch, version 11: records of some partitions from one broker, as the bytes of their batches. (Kafka protocol
 * guide; 11 is the highest without tagged fields, and known by every broker since 2.3.)
 */
import type { AbortedTransaction } from '../batches/index.js';
import type { Frame } from '../client.js';
import { readFrame } from './frame-reader.js';
import { writeFrame } from './frame-writer.js';

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchOptions {
  readonly partitions: readonly FetchPartition[];
  readonly committed: boolean;
  /** How long the broker waits for a first byte. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Of the protocol; 0 for none. */
  readonly errorCode: number;
  /** The next offset that will be written. */
  readonly highWatermark: number;
  /** The first offset of a transaction that is not decided: where readers of committed records end. */
  readonly stableOffset: number;
  /** The first offset that is still there. */
  readonly startOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly bytes: Buffer;
}

const fetchKey = 1;
const noReplica = -1;
const noSession = 0;
const finalEpoch = -1;

function byTopic(partitions: readonly FetchPartition[]): readonly (readonly [string, FetchPartition[]])[] {
  const topics = new Map<string, FetchPartition[]>();
  for (const one of partitions) {
    const others = topics.get(one.topic);
    if (others === undefined) topics.set(one.topic, [one]);
    else others.push(one);
  }
  return [...topics];
}

function encode({ partitions, committed, maxWaitMs, maxBytes, maxPartitionBytes }: FetchOptions): Buffer {
  const out = writeFrame();
  out.int32(noReplica).int32(maxWaitMs).int32(1).int32(maxBytes);
  out.int8(committed ? 1 : 0);
  out.int32(noSession).int32(finalEpoch);
  out.list(byTopic(partitions), ([topic, of]) =>
    out
      .text(topic)
      .list(of, ({ partition, offset }) =>
        out.int32(partition).int32(-1).int64(BigInt(offset)).int64(-1n).int32(maxPartitionBytes),
      ),
  );
  return out.int32(0).text('').finish();
}

function decode(answer: Buffer): { readonly errorCode: number; readonly partitions: FetchedPartition[] } {
  const from = readFrame(answer);
  from.int32();
  const errorCode = from.int16();
  from.int32();
  const topics = from.list(() => {
    const topic = from.text();
    return from.list((): FetchedPartition => {
      const partition = from.int32();
      const code = from.int16();
      const highWatermark = Number(from.int64());
      const stableOffset = Number(from.int64());
      const startOffset = Number(from.int64());
      const aborted = from.list(() => ({ producerId: from.int64(), firstOffset: Number(from.int64()) }));
      from.int32();
      const bytes = from.bytes();
      return {
        topic,
        partition,
        errorCode: code,
        highWatermark,
        stableOffset,
        startOffset,
        aborted,
        bytes,
      };
    });
  });
  return { errorCode, partitions: topics.flat() };
}

/** The request for records of some partitions that one broker leads. */
export const fetchFrame = (options: FetchOptions): Frame<ReturnType<typeof decode>> => ({
  apiKey: fetchKey,
  apiVersion: 11,
  apiName: 'Fetch',
  timeoutMs: options.maxWaitMs + 30_000,
  encode: () => encode(options),
  decode,
});
