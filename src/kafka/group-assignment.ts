/**
 * How members of a group share partitions: what they tell each other through the coordinator, and who gets what. The
 * leader of the group deals the partitions out in turn; the coordinator only carries the bytes. (The consumer protocol
 * of the Java client, version 0; the way of dealing has a name of its own, so that members of other programs are told
 * apart.)
 */
import type { PartitionName } from './offsets.js';
import { readFrame } from './requests/frame-reader.js';
import { writeFrame } from './requests/frame-writer.js';

/** The name of the way in which partitions are dealt out. */
export const dealingName = 'leat-round-robin';

/** A member, and the topics that it reads. */
export interface Subscriber {
  readonly memberId: string;
  readonly topics: readonly string[];
}

const version = 0;
const nothing = new Uint8Array(0);

export function encodeTopics(topics: readonly string[]): Buffer {
  const frame = writeFrame().int16(version);
  return frame
    .list(topics, (topic) => frame.text(topic))
    .bytes(nothing)
    .finish();
}

export function decodeTopics(bytes: Buffer): readonly string[] {
  const frame = readFrame(bytes);
  frame.int16();
  return frame.list(() => frame.text());
}

export function encodePartitions(partitions: readonly PartitionName[]): Buffer {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const frame = writeFrame().int16(version);
  return frame
    .list(topics, (topic) => {
      const of = partitions.filter((one) => one.topic === topic);
      frame.text(topic).list(of, ({ partition }) => frame.int32(partition));
    })
    .bytes(nothing)
    .finish();
}

/** A member that gets nothing is told so by no bytes at all, too. */
export function decodePartitions(bytes: Buffer): readonly PartitionName[] {
  if (bytes.length === 0) return [];
  const frame = readFrame(bytes);
  frame.int16();
  return frame
    .list(() => {
      const topic = frame.text();
      return frame.list(() => ({ topic, partition: frame.int32() }));
    })
    .flat();
}

const byName = (a: PartitionName, b: PartitionName): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;

/** Deals partitions out in turn, each to a member that reads its topic. The same members always get the same. */
export function dealOut(
  subscribers: readonly Subscriber[],
  partitions: readonly PartitionName[],
): ReadonlyMap<string, readonly PartitionName[]> {
  const members = [...subscribers].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const dealt = new Map<string, PartitionName[]>(members.map(({ memberId }) => [memberId, []]));
  let turn = 0;
  for (const one of [...partitions].sort(byName)) {
    const takers = members.filter(({ topics }) => topics.includes(one.topic));
    if (takers.length > 0) dealt.get(takers[turn++ % takers.length]!.memberId)!.push(one);
  }
  return dealt;
}
