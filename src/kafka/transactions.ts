/**
 * Epochs as transactions: the records of an epoch become visible together with the number of the epoch, which is kept
 * as an offset of a group of the sink's own. So the topic itself says up to which epoch it has everything, and an
 * epoch that is given again is seen. Whoever begins with the same id fences the one before: its next request fails.
 * (Kafka, KIP-98.)
 */

import { type KafkaClient, producerIdOf } from './client.js';
import { type Patience, patiently } from './patience.js';
import type { Identity } from './producer.js';
import { stableOffsetFrame } from './requests/stable-offset.js';

export interface EpochTransactions {
  /**
   * Fences the one before, waits for its transaction to be decided, and resolves to the last epoch that is in the
   * topic; 0 for none.
   */
  begin(): Promise<number>;
  readonly identity: Identity;
  /** To be called before records go to a partition in the present transaction. */
  enter(topic: string, partition: number): Promise<void>;
  /** Ends the present transaction; its records, if there are some, and the number of the epoch appear. */
  commit(epoch: number): Promise<void>;
}

export interface TransactionOptions {
  readonly client: KafkaClient;
  /** Of the producer, and the name of the group. */
  readonly id: string;
  /** A topic that is there, of which the group keeps the offset of partition 0. */
  readonly topic: string;
  readonly patience: Patience;
}

/** How long a broker keeps a transaction open whose producer is silent. */
const timeoutMs = 60_000;

/** Transactions under an id. */
export function createEpochTransactions({
  client,
  id,
  topic,
  patience,
}: TransactionOptions): EpochTransactions {
  let identity: Identity = { id: -1n, epoch: -1, transactionalId: id };
  const patient = <Result>(action: () => Promise<Result>): Promise<Result> =>
    patiently(client, patience, action);
  const who = () => ({
    transactionalId: id,
    producerId: producerIdOf(identity.id),
    producerEpoch: identity.epoch,
  });

  return {
    get identity() {
      return identity;
    },
    async begin() {
      await patient(async () => {
        const node = await client.coordinator('transaction', id);
        const begun = await node.requests.initProducerId({
          transactionalId: id,
          transactionTimeout: timeoutMs,
        });
        identity = { id: BigInt(begun.producerId), epoch: begun.producerEpoch, transactionalId: id };
      });
      const offset = await patient(async () => {
        const node = await client.coordinator('group', id);
        return await node.send(stableOffsetFrame(id, topic, 0));
      });
      return Math.max(0, offset);
    },
    enter: (name, partition) =>
      patient(async () => {
        const node = await client.coordinator('transaction', id);
        await node.requests.addPartitionsToTxn({
          ...who(),
          topics: [{ topic: name, partitions: [partition] }],
        });
      }),
    async commit(epoch) {
      await patient(async () => {
        const node = await client.coordinator('transaction', id);
        await node.requests.addOffsetsToTxn({ ...who(), groupId: id });
      });
      await patient(async () => {
        const node = await client.coordinator('group', id);
        const partitions = [{ partition: 0, offset: String(epoch) }];
        await node.requests.txnOffsetCommit({ ...who(), groupId: id, topics: [{ topic, partitions }] });
      });
      // Asked again after an answer that was lost, the coordinator says yes once more.
      await patient(async () => {
        const node = await client.coordinator('transaction', id);
        await node.requests.endTxn({ ...who(), transactionResult: true });
      });
    },
  };
}
