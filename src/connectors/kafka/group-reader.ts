/**
 * A reader that a group knows of. One that reads alone only commits how far it has come. One that shares is a member:
 * when the group deals the partitions anew, it waits until what it has given on is worked on and written, commits that,
 * and joins again. So a record is worked on twice only when a member is lost, or is too slow to say what it has done.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  commitOffsets,
  createGroupMember,
  type GroupMember,
  type KafkaClient,
  type KafkaSource,
  kafkaProblem,
  patiently,
} from '../../kafka/index.js';
import type { Assigned } from './assigned.js';
import { commitProblem, createGroupOffsets, type GroupOffsets } from './group-offsets.js';
import { committedPartitions, partitionsOf } from './partitions.js';

export interface GroupReaderOptions {
  readonly client: KafkaClient;
  readonly source: KafkaSource;
  /** Checkpoints decide where to go on; what is committed only shows how far the job has come. */
  readonly inJob: boolean;
  /** Something has changed: the reader is to look. */
  ring(): void;
  say(line: string): void;
}

export interface GroupReader {
  /** Whether partitions have to be taken anew before anything is read. */
  readonly mustRegroup: boolean;
  readonly failure: unknown;
  /** Everything in front of these offsets is worked on and written: of the first `consumedBytes` bytes given. */
  note(
    consumedBytes: number,
    partitions: readonly Assigned[],
    offsets: () => ReadonlyMap<string, number>,
  ): void;
  /** Waits for the `givenBytes` bytes to be worked on, commits, and gets the partitions from the group. */
  regroup(givenBytes: number): Promise<readonly Assigned[]>;
  /** Nothing more is read. */
  close(): void;
  /** Commits what is left and leaves the group; in two seconds at most. */
  release(): Promise<void>;
}

/** How long bytes that were given on may take to be worked on before partitions are given up without. */
const finishMs = 5000;
const releaseMs = 2000;

interface State extends GroupReaderOptions {
  readonly offsets: GroupOffsets;
  readonly member: GroupMember | undefined;
  failure: unknown;
  writtenBytes: number;
  closed: boolean;
  joining: boolean;
  /** Resolves when more is written, or reading ends. */
  tick: () => void;
  /** Ends the waiting for the group. */
  stopJoining: () => void;
}

async function untilWritten(state: State, givenBytes: number): Promise<void> {
  const endMs = performance.now() + finishMs;
  while (state.writtenBytes < givenBytes && !state.closed && performance.now() < endMs) {
    const end = new AbortController();
    const ticked = new Promise<void>((resolve) => {
      state.tick = resolve;
    });
    await Promise.race([
      ticked,
      pause(endMs - performance.now(), undefined, { signal: end.signal }).catch(() => {}),
    ]);
    end.abort();
  }
}

async function regroup(state: State, member: GroupMember, givenBytes: number): Promise<readonly Assigned[]> {
  const { client, source, offsets, say } = state;
  const { brokers, topics, patienceMs } = source;
  await untilWritten(state, givenBytes);
  const isTold = await offsets.settle(finishMs);
  if (state.closed) return [];
  if (!isTold || state.writtenBytes < givenBytes) {
    say(`leat: the group ${source.group} goes on before all is committed: some records may come again`);
  }
  offsets.drop();
  const onWait = (error: unknown): void => {
    if (patienceMs === Number.POSITIVE_INFINITY)
      say(`leat: ${kafkaProblem(error, { brokers }).message}; trying again`);
  };
  state.joining = true;
  const closing = new Promise<readonly []>((resolve) => {
    state.stopJoining = () => resolve([]);
  });
  const joining = patiently(client, { forMs: patienceMs, onWait }, async () => {
    if (state.closed) return [];
    return await committedPartitions(client, source.group!, await member.join());
  });
  try {
    const partitions = await Promise.race([joining, closing]);
    state.joining = false;
    return partitions;
  } catch (error) {
    throw kafkaProblem(error, { brokers, topic: topics.join(', ') });
  }
}

function failed(state: State, error: unknown): void {
  const { source, inJob, say } = state;
  const problem = commitProblem(error, source.shared, source.brokers);
  if (problem === undefined) {
    say(`leat: the group ${source.group} has gone on without this member: some records may come again`);
  } else if (inJob) {
    // The checkpoints have everything; only who looks at the lag misses something.
    say(`leat: the group ${source.group} is not told how far the job has come: ${problem.message}`);
    state.offsets.close();
  } else {
    state.failure ??= problem;
    state.ring();
  }
}

function openMember(options: GroupReaderOptions, fail: (error: unknown) => void): GroupMember | undefined {
  const { client, source, ring } = options;
  if (!source.shared) return undefined;
  return createGroupMember({
    client,
    group: source.group!,
    sessionMs: source.sessionMs,
    discoverMs: source.discoverMs,
    partitionsNow: () => partitionsOf(client, source),
    onOutdated: ring,
    onFailure: fail,
  });
}

async function release(state: State): Promise<void> {
  const { offsets, member } = state;
  const endMs = performance.now() + releaseMs;
  if (!(await offsets.settle(releaseMs))) {
    state.say(`leat: the group ${state.source.group} was not told of the last records: they may come again`);
  }
  offsets.close();
  const end = new AbortController();
  const left = Math.max(100, endMs - performance.now());
  const late = pause(left, undefined, { signal: end.signal }).catch(() => {});
  // The others find out by themselves, later.
  await Promise.race([member?.leave().catch(() => {}), late]);
  end.abort();
}

/** A reader that the group of the source knows of; one that shares has no partitions until it regroups. */
export function createGroupReader(options: GroupReaderOptions): GroupReader {
  const { client, source } = options;
  const member = openMember(options, (error) => failed(state, error));
  const offsets = createGroupOffsets({
    client,
    group: source.group!,
    commit: (all) => member?.commit(all) ?? commitOffsets(client, source.group!, all),
    onFailure: (error) => failed(state, error),
    say: options.say,
  });
  const state: State = {
    ...options,
    offsets,
    member,
    failure: undefined,
    writtenBytes: 0,
    closed: false,
    joining: false,
    tick: () => {},
    stopJoining: () => {},
  };
  return {
    get mustRegroup() {
      return member?.isOutdated === true;
    },
    get failure() {
      return state.failure;
    },
    note(consumedBytes, partitions, offsetsNow) {
      if (state.joining) return;
      state.writtenBytes = consumedBytes;
      offsets.note(partitions, offsetsNow());
      state.tick();
    },
    regroup: (givenBytes) => regroup(state, member!, givenBytes),
    close() {
      state.closed = true;
      member?.close();
      state.tick();
      state.stopJoining();
    },
    release: () => release(state),
  };
}
