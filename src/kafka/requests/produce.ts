/** Produce, version 7: finished record batches for some partitions that one broker leads. (Kafka protocol guide.) */
import type { Frame } from '../client.js';
import { readFrame } from './frame-reader.js';
import { writeFrame } from './frame-writer.js';

export interface ProducedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Uint8Array;
}

export interface ProduceOptions {
  readonly transactionalId: string | null;
  readonly batches: readonly ProducedBatch[];
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Of the protocol; 0 for none. */
  readonly errorCode: number;
}

const produceKey = 0;
/** Written by all replicas that are in step. */
const allReplicas = -1;
const timeoutMs = 30_000;

function encode({ transactionalId, batches }: ProduceOptions): Buffer {
  const out = writeFrame();
  out.text(transactionalId).int16(allReplicas).int32(timeoutMs);
  const topics = [...new Set(batches.map(({ topic }) => topic))];
  out.list(topics, (name) =>
    out.text(name).list(
      batches.filter(({ topic }) => topic === name),
      ({ partition, batch }) => out.int32(partition).bytes(batch),
    ),
  );
  return out.finish();
}

function decode(answer: Buffer): readonly ProducedPartition[] {
  const from = readFrame(answer);
  const topics = from.list(() => {
    const topic = from.text();
    return from.list(() => {
      const partition = from.int32();
      const errorCode = from.int16();
      from.int64();
      from.int64();
      from.int64();
      return { topic, partition, errorCode };
    });
  });
  return topics.flat();
}

/** The request to write batches; a batch that was not written has an error in the answer. */
export const produceFrame = (options: ProduceOptions): Frame<readonly ProducedPartition[]> => ({
  apiKey: produceKey,
  apiVersion: 7,
  apiName: 'Produce',
  timeoutMs: timeoutMs + 5000,
  encode: () => encode(options),
  decode,
});
