/**
 * Looking around a cluster: its topics, where their partitions begin and end, its groups and how far behind
 * they are. Nothing here changes anything, and nothing is remembered between two questions.
 */
import { didYouMean, problem } from '../diagnostics/index.js';
import type { KafkaClient, TopicFacts } from './client.js';
import { committedOffsets, type PartitionName, partitionKey } from './offsets.js';

export interface SurveyedTopic {
  readonly topic: string;
  readonly internal: boolean;
  readonly partitions: number;
  readonly replicas: number;
  /** Offsets between the beginnings and the ends of its partitions: at most so many records. */
  readonly records: number;
}

export interface SurveyedPartition extends PartitionName {
  /** `host:port` of the broker that leads it. */
  readonly leader: string;
  readonly earliest: number;
  readonly latest: number;
}

export interface SurveyedGroup {
  readonly group: string;
  /** Undefined where the protocol that kafkajs speaks does not tell: groups of Kafka's newer protocol. */
  readonly state: string | undefined;
  readonly protocol: string;
  readonly members: number;
}

export interface GroupLag extends PartitionName {
  readonly group: string;
  readonly committed: number;
  /** Undefined for a partition that is not there any more. */
  readonly latest: number | undefined;
}

export interface TopicChoice {
  /** Names; all of them when there is none. */
  readonly topics: readonly string[];
  /** Whether those of the brokers' own are among all. */
  readonly internal: boolean;
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Asks about topics by name. One that is not there is told with those that are. */
async function namedTopics(client: KafkaClient, names: readonly string[]): Promise<readonly TopicFacts[]> {
  try {
    return await client.topics(names);
  } catch (error) {
    if ((error as { type?: string }).type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    const known = (await client.topics([])).map(({ name }) => name);
    const missing = names.find((name) => !known.includes(name));
    if (missing === undefined) throw error;
    throw problem({
      code: 'input',
      message: `there is no topic ${missing} at ${client.brokers.join(',')}`,
      hint: didYouMean(missing, known) ?? `leat kafka topics kafka://${client.brokers.join(',')} lists them`,
      cause: error,
    });
  }
}

async function chosenTopics(client: KafkaClient, choice: TopicChoice): Promise<readonly TopicFacts[]> {
  const named = choice.topics.length > 0;
  const found = named ? await namedTopics(client, choice.topics) : await client.topics([]);
  const wanted = found.filter(({ internal }) => named || choice.internal || !internal);
  return [...wanted].sort((a, b) => byName(a.name, b.name));
}

/** One end of many partitions, with one question to each of their leaders. */
async function endsOf(
  client: KafkaClient,
  names: readonly PartitionName[],
  end: 'earliest' | 'latest',
): Promise<ReadonlyMap<string, { readonly offset: number; readonly leader: string }>> {
  const byLeader = new Map<string, PartitionName[]>();
  const leaders = new Map<string, Awaited<ReturnType<KafkaClient['leader']>>>();
  for (const name of names) {
    const leader = await client.leader(name.topic, name.partition);
    leaders.set(leader.address, leader);
    byLeader.set(leader.address, [...(byLeader.get(leader.address) ?? []), name]);
  }
  const ends = new Map<string, { readonly offset: number; readonly leader: string }>();
  const timestamp = end === 'earliest' ? -2 : -1;
  for (const [address, led] of byLeader) {
    const topics = [...new Set(led.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: led
        .filter((name) => name.topic === topic)
        .map(({ partition }) => ({ partition, timestamp })),
    }));
    const { responses } = await leaders.get(address)!.requests.listOffsets({ isolationLevel: 0, topics });
    for (const { topic, partitions } of responses) {
      for (const { partition, offset } of partitions) {
        ends.set(partitionKey({ topic, partition }), { offset: Number(offset), leader: address });
      }
    }
  }
  return ends;
}

const partitionsOf = (topics: readonly TopicFacts[]): readonly PartitionName[] =>
  topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })).sort((a, b) => a.partition - b.partition),
  );

async function surveyEnds(
  client: KafkaClient,
  topics: readonly TopicFacts[],
): Promise<readonly SurveyedPartition[]> {
  const names = partitionsOf(topics);
  const earliest = await endsOf(client, names, 'earliest');
  const latest = await endsOf(client, names, 'latest');
  return names.map((name) => {
    const { offset, leader } = latest.get(partitionKey(name))!;
    return { ...name, leader, earliest: earliest.get(partitionKey(name))!.offset, latest: offset };
  });
}

/** The partitions of topics, and where they begin and end. */
export async function surveyPartitions(
  client: KafkaClient,
  choice: TopicChoice,
): Promise<readonly SurveyedPartition[]> {
  return await surveyEnds(client, await chosenTopics(client, choice));
}

/** Topics with how much is in them. */
export async function surveyTopics(
  client: KafkaClient,
  choice: TopicChoice,
): Promise<readonly SurveyedTopic[]> {
  const topics = await chosenTopics(client, choice);
  const ends = await surveyEnds(client, topics);
  return topics.map(({ name, internal, partitions }) => ({
    topic: name,
    internal,
    partitions: partitions.length,
    replicas: Math.max(...partitions.map(({ replicas }) => replicas.length)),
    records: ends
      .filter(({ topic }) => topic === name)
      .reduce((sum, { earliest, latest }) => sum + latest - earliest, 0),
  }));
}

/** All groups; each broker knows those that it coordinates. */
export async function surveyGroups(client: KafkaClient): Promise<readonly SurveyedGroup[]> {
  const groups: SurveyedGroup[] = [];
  for (const node of await client.everyNode()) {
    const groupIds = (await node.requests.listGroups()).groups.map(({ groupId }) => groupId);
    if (groupIds.length === 0) continue;
    const described = await node.requests.describeGroups({ groupIds });
    for (const { groupId, state, protocol, members } of described.groups) {
      // One that was just listed is not dead: it is of a kind that this question is not for.
      const known = state === 'Dead' ? undefined : state.toLowerCase();
      groups.push({ group: groupId, state: known, protocol, members: members.length });
    }
  }
  return groups.sort((a, b) => byName(a.group, b.group));
}

async function groupLag(
  client: KafkaClient,
  group: string,
  topics: readonly TopicFacts[],
): Promise<readonly GroupLag[]> {
  const committed = await committedOffsets(client, group, []);
  const names = partitionsOf(topics).filter((name) => committed.has(partitionKey(name)));
  const latest = await endsOf(client, names, 'latest');
  return [...committed]
    .map(([key, offset]) => {
      const slash = key.lastIndexOf('/');
      const name = { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) };
      return { group, ...name, committed: offset, latest: latest.get(key)?.offset };
    })
    .sort((a, b) => byName(a.topic, b.topic) || a.partition - b.partition);
}

/** What groups have committed and where the partitions end; of all groups when none is named. */
export async function surveyLag(
  client: KafkaClient,
  groups: readonly string[],
): Promise<readonly GroupLag[]> {
  const known = (await surveyGroups(client)).map(({ group }) => group);
  const missing = groups.find((group) => !known.includes(group));
  if (missing !== undefined) {
    throw problem({
      code: 'input',
      message: `there is no group ${missing} at ${client.brokers.join(',')}`,
      hint: didYouMean(missing, known) ?? `leat kafka groups kafka://${client.brokers.join(',')} lists them`,
    });
  }
  const topics = await client.topics([]);
  const found: GroupLag[] = [];
  for (const group of groups.length === 0 ? known : groups)
    found.push(...(await groupLag(client, group, topics)));
  return found;
}
