/**
 * Which partitions a source reads, and from where: what its URI says at the first start, what the checkpoint says on return.
 * Partitions that come later are read from their beginning: nothing of a topic that grows is passed over.
 */
import { didYouMean, problem } from '../../diagnostics/index.js';
import {
  type Bound,
  committedOffsets,
  earliestOffset,
  type KafkaClient,
  type KafkaSource,
  latestOffset,
  offsetOfTime,
  type PartitionName,
  partitionKey,
  type TopicFacts,
} from '../../kafka/index.js';
import { type Assigned, assign } from './assigned.js';
import type { KeptPartition } from './position.js';

const isPattern = (topic: string): boolean => /[*?]/.test(topic);

function patternOf(topic: string): RegExp {
  const body = topic
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${body}$`);
}

async function matching(client: KafkaClient, topics: readonly string[]): Promise<readonly TopicFacts[]> {
  if (!topics.some(isPattern)) return await client.topics(topics);
  const all = (await client.topics([])).filter(({ internal }) => !internal);
  for (const topic of topics) {
    if (isPattern(topic) || all.some(({ name }) => name === topic)) continue;
    throw problem({
      code: 'input',
      message: `there is no topic ${topic}`,
      hint:
        didYouMean(
          topic,
          all.map(({ name }) => name),
        ) ?? 'leat kafka topics lists them',
    });
  }
  const patterns = topics.map(patternOf);
  return all.filter(({ name }) => patterns.some((pattern) => pattern.test(name)));
}

/** The partitions that a source means, in the order of their names. */
export async function partitionsOf(
  client: KafkaClient,
  { topics, partitions }: Pick<KafkaSource, 'topics' | 'partitions'>,
): Promise<readonly PartitionName[]> {
  const found = await matching(client, topics);
  const names = found.flatMap(({ name, partitions: of }) =>
    of.map(({ partition }) => ({ topic: name, partition })),
  );
  const wanted =
    partitions === undefined ? names : names.filter(({ partition }) => partitions.includes(partition));
  for (const partition of partitions ?? []) {
    if (wanted.some((name) => name.partition === partition)) continue;
    throw problem({
      code: 'input',
      message: `${topics.join(', ')} has no partition ${partition}`,
      hint: `its partitions are 0 to ${names.length - 1}`,
    });
  }
  return wanted
    .slice()
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

async function offsetOf(
  client: KafkaClient,
  name: PartitionName,
  bound: Bound,
  source: KafkaSource,
  committed: ReadonlyMap<string, number>,
): Promise<number> {
  switch (bound.kind) {
    case 'earliest':
      return await earliestOffset(client, name);
    case 'latest':
      return await latestOffset(client, name, source.committed);
    case 'time':
      return await offsetOfTime(client, name, bound.timeMs, source.committed);
    case 'committed':
      return committed.get(partitionKey(name)) ?? (await earliestOffset(client, name));
    case 'offsets': {
      const said = bound.of.get(name.partition) ?? bound.all;
      return said ?? (await earliestOffset(client, name));
    }
  }
}

/** The end of bounded reading; offsets that are not said mean the end as it is now. */
async function endOf(
  client: KafkaClient,
  name: PartitionName,
  source: KafkaSource,
): Promise<number | undefined> {
  const { end } = source;
  if (end === undefined) return undefined;
  if (end.kind === 'offsets' && (end.of.get(name.partition) ?? end.all) === undefined) {
    return await latestOffset(client, name, source.committed);
  }
  const offset = await offsetOf(client, name, end, source, new Map());
  // What is behind the end of the partition may never come; an end that is now is meant.
  return end.kind === 'offsets'
    ? offset
    : Math.min(offset, await latestOffset(client, name, source.committed));
}

/** The partitions of a first start. */
export async function beginPartitions(
  client: KafkaClient,
  source: KafkaSource,
): Promise<readonly Assigned[]> {
  const names = await partitionsOf(client, source);
  const committed =
    source.start.kind === 'committed' ? await committedOffsets(client, source.group!, names) : new Map();
  return await Promise.all(
    names.map(async (name) =>
      assign(
        name,
        await offsetOf(client, name, source.start, source, committed),
        await endOf(client, name, source),
      ),
    ),
  );
}

/** Partitions that a group has given to a member, from where it has committed, else from their beginning. */
export async function committedPartitions(
  client: KafkaClient,
  group: string,
  names: readonly PartitionName[],
): Promise<readonly Assigned[]> {
  if (names.length === 0) return [];
  const committed = await committedOffsets(client, group, names);
  return await Promise.all(
    names.map(async (name) =>
      assign(name, committed.get(partitionKey(name)) ?? (await earliestOffset(client, name))),
    ),
  );
}

/**
 * The partitions that a checkpoint knows, where it left them, and new ones. An end that was found once stays; one
 * that is asked for now for the first time is found now, so that a job without an end can be brought to one.
 */
export async function resumePartitions(
  client: KafkaClient,
  source: KafkaSource,
  kept: readonly KeptPartition[],
): Promise<readonly Assigned[]> {
  const known = await Promise.all(
    kept.map(async (one) => {
      const end = source.end === undefined ? undefined : (one.end ?? (await endOf(client, one, source)));
      return assign(one, one.offset, end);
    }),
  );
  return source.end === undefined ? [...known, ...(await newPartitions(client, source, known))] : known;
}

/** Partitions that are not known yet. */
export async function newPartitions(
  client: KafkaClient,
  source: KafkaSource,
  known: readonly Assigned[],
): Promise<readonly Assigned[]> {
  const keys = new Set(known.map(({ key }) => key));
  const names = (await partitionsOf(client, source)).filter((name) => !keys.has(partitionKey(name)));
  return await Promise.all(names.map(async (name) => assign(name, await earliestOffset(client, name))));
}
