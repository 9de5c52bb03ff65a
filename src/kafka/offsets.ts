/** Where partitions begin and end, which offset a time has, and what a group has committed. */
import type { KafkaClient } from './client.js';

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** `topic/partition`: what a partition is known by. */
export const partitionKey = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`;

const latest = -1;
const earliest = -2;

async function listed(
  client: KafkaClient,
  { topic, partition }: PartitionName,
  timestamp: number,
  committed: boolean,
): Promise<number> {
  const node = await client.leader(topic, partition);
  const { responses } = await node.requests.listOffsets({
    isolationLevel: committed ? 1 : 0,
    topics: [{ topic, partitions: [{ partition, timestamp }] }],
  });
  return Number(responses[0]!.partitions[0]!.offset);
}

/** The first offset that is there. */
export const earliestOffset = (client: KafkaClient, name: PartitionName): Promise<number> =>
  listed(client, name, earliest, false);

/** The offset behind the last record, of committed transactions only when `committed`. */
export const latestOffset = (client: KafkaClient, name: PartitionName, committed: boolean): Promise<number> =>
  listed(client, name, latest, committed);

/** The offset of the first record whose timestamp is `timeMs` or later; that behind the last one when there is none. */
export async function offsetOfTime(
  client: KafkaClient,
  name: PartitionName,
  timeMs: number,
  committed: boolean,
): Promise<number> {
  const found = await listed(client, name, timeMs, committed);
  return found < 0 ? await latestOffset(client, name, committed) : found;
}

/** What a group has committed of partitions, by their keys; a partition of which it has nothing is not in it. */
export async function committedOffsets(
  client: KafkaClient,
  group: string,
  names: readonly PartitionName[],
): Promise<ReadonlyMap<string, number>> {
  const node = await client.coordinator('group', group);
  const topics = [...new Set(names.map(({ topic }) => topic))].map((topic) => ({
    topic,
    partitions: names.filter((name) => name.topic === topic).map(({ partition }) => ({ partition })),
  }));
  const { responses } = await node.requests.offsetFetch({ groupId: group, topics });
  return new Map(
    responses.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partition, offset }) =>
        Number(offset) < 0 ? [] : [[partitionKey({ topic, partition }), Number(offset)] as const],
      ),
    ),
  );
}

/** Commits offsets, for a group that has no members or in the name of one. */
export async function commitOffsets(
  client: KafkaClient,
  group: string,
  offsets: readonly (PartitionName & { readonly offset: number })[],
  member = { generation: -1, memberId: '' },
): Promise<void> {
  const node = await client.coordinator('group', group);
  await node.requests.offsetCommit({
    groupId: group,
    groupGenerationId: member.generation,
    memberId: member.memberId,
    topics: [...new Set(offsets.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: offsets
        .filter((one) => one.topic === topic)
        .map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    })),
  });
}
