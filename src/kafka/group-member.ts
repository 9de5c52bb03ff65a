/**
 * Membership of a group that shares partitions: joining, which gives this member its part, heartbeats, by which it hears
 * that the group deals anew, commits in the name of its generation, and leaving. Between two joins the partitions are
 * its own; after it has heard that the group deals anew it has to finish and commit what it has, and join again. (Kafka
 * protocol guide, group membership.)
 */
import type { KafkaClient } from './client.js';
import {
  dealingName,
  dealOut,
  decodePartitions,
  decodeTopics,
  encodePartitions,
  encodeTopics,
} from './group-assignment.js';
import { commitOffsets, type PartitionName, partitionKey } from './offsets.js';
import { isRetriable } from './problems.js';

export interface GroupMemberOptions {
  readonly client: KafkaClient;
  readonly group: string;
  /** A member that is silent for so long has left. */
  readonly sessionMs: number;
  /** How often new partitions are looked for, in ms; 0: never. */
  readonly discoverMs: number;
  /** What this member would read if it were alone. */
  partitionsNow(): Promise<readonly PartitionName[]>;
  /** The group deals anew: to be joined again. */
  onOutdated(): void;
  /** The membership cannot go on. */
  onFailure(error: unknown): void;
}

export interface GroupMember {
  /** Joins, for the first time or again; resolves to the partitions of this member. What may pass is thrown. */
  join(): Promise<readonly PartitionName[]>;
  /** Whether the group deals anew. */
  readonly isOutdated: boolean;
  commit(offsets: readonly (PartitionName & { readonly offset: number })[]): Promise<void>;
  /** Stops the heartbeats, for good. */
  close(): void;
  /** Tells the others at once that this member has gone. */
  leave(): Promise<void>;
}

interface State extends GroupMemberOptions {
  memberId: string;
  generation: number;
  isOutdated: boolean;
  closed: boolean;
  timers: NodeJS.Timeout[];
}

const heartbeatMs = 3000;
/** What the others are given to finish what they have. */
const shortestRebalanceMs = 10_000;

const typeOf = (error: unknown): unknown => (error as { readonly type?: unknown }).type;

/** The group has gone on without this member, or is about to. */
export function isOutOfDate(error: unknown): boolean {
  const type = typeOf(error);
  return type === 'REBALANCE_IN_PROGRESS' || type === 'ILLEGAL_GENERATION' || type === 'UNKNOWN_MEMBER_ID';
}

function stopTimers(state: State): void {
  for (const timer of state.timers) clearInterval(timer);
  state.timers = [];
}

function outdate(state: State): void {
  if (state.isOutdated) return;
  state.isOutdated = true;
  state.onOutdated();
}

async function beat(state: State): Promise<void> {
  const { client, group, generation, memberId } = state;
  try {
    const node = await client.coordinator('group', group);
    await node.requests.heartbeat({ groupId: group, groupGenerationId: generation, memberId });
  } catch (error) {
    if (isOutOfDate(error)) {
      if (typeOf(error) === 'UNKNOWN_MEMBER_ID' && state.memberId === memberId) state.memberId = '';
      outdate(state);
    } else if (isRetriable(error)) client.forget();
    else state.onFailure(error);
  }
}

/** Has something done again and again while nothing of it is under way. */
function repeat(state: State, everyMs: number, action: () => Promise<void>): void {
  if (state.closed) return;
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    await action();
    busy = false;
  }, everyMs);
  timer.unref();
  state.timers.push(timer);
}

/** Partitions that have come are dealt out by the leader; each member tells of topics that have come. */
function lookForNew(state: State, known: readonly PartitionName[], isLeader: boolean): void {
  if (state.discoverMs <= 0) return;
  const print = (names: readonly PartitionName[]): string =>
    [...new Set(names.map((name) => (isLeader ? partitionKey(name) : name.topic)))].join();
  const before = print(known);
  repeat(state, state.discoverMs, async () => {
    // What fails here fails the heartbeats too.
    const now = await state.partitionsNow().catch(() => known);
    if (print(now) !== before) outdate(state);
  });
}

async function joinOnce(state: State): Promise<readonly PartitionName[]> {
  const { client, group, sessionMs } = state;
  const own = await state.partitionsNow();
  const metadata = encodeTopics([...new Set(own.map(({ topic }) => topic))]);
  const { requests } = await client.coordinator('group', group);
  const { memberId, generationId, leaderId, members } = await requests.joinGroup({
    groupId: group,
    sessionTimeout: sessionMs,
    rebalanceTimeout: Math.max(sessionMs, shortestRebalanceMs),
    memberId: state.memberId,
    groupProtocols: [{ name: dealingName, metadata }],
  });
  state.memberId = memberId;
  state.generation = generationId;
  const isLeader = leaderId === memberId;
  const groupAssignment: { memberId: string; memberAssignment: Buffer }[] = [];
  if (isLeader) {
    const subscribers = members.map((one) => ({
      memberId: one.memberId,
      topics: decodeTopics(one.memberMetadata),
    }));
    const topics = await client.topics([...new Set(subscribers.flatMap((one) => one.topics))]);
    const all = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition }) => ({ topic: name, partition })),
    );
    for (const [id, dealt] of dealOut(subscribers, all)) {
      groupAssignment.push({ memberId: id, memberAssignment: encodePartitions(dealt) });
    }
  }
  const synced = await requests.syncGroup({ groupId: group, generationId, memberId, groupAssignment });
  state.isOutdated = false;
  repeat(state, Math.min(heartbeatMs, sessionMs / 3), () => beat(state));
  lookForNew(state, own, isLeader);
  return decodePartitions(synced.memberAssignment);
}

/** A member of a group, which has not joined yet. */
export function createGroupMember(options: GroupMemberOptions): GroupMember {
  const state: State = {
    ...options,
    memberId: '',
    generation: -1,
    isOutdated: true,
    closed: false,
    timers: [],
  };
  return {
    get isOutdated() {
      return state.isOutdated;
    },
    async join() {
      stopTimers(state);
      for (;;) {
        try {
          return await joinOnce(state);
        } catch (error) {
          // While joining, others may come and go: the group asks to begin again.
          if (!isOutOfDate(error) || state.closed) throw error;
          if (typeOf(error) === 'UNKNOWN_MEMBER_ID') state.memberId = '';
        }
      }
    },
    commit: (offsets) =>
      commitOffsets(state.client, state.group, offsets, {
        generation: state.generation,
        memberId: state.memberId,
      }),
    close() {
      state.closed = true;
      stopTimers(state);
    },
    async leave() {
      const { client, group, memberId } = state;
      if (memberId === '') return;
      const { requests } = await client.coordinator('group', group);
      await requests.leaveGroup({ groupId: group, memberId });
    },
  };
}
