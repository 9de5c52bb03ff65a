/**
 * Topics of Kafka as an input: records as lines, one partition at a time in a read. leat assigns the partitions
 * itself and keeps the offsets in its checkpoints. Of the partitions that have something, the one whose next record
 * is the oldest is read, so that they stay close in time while much is read; each is a source of its own, so that the
 * watermark is the lowest of them.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type KafkaClient,
  type KafkaSource,
  metaNames,
  seekTopics,
  type ValueDecoder,
} from '../../kafka/index.js';
import type { Feed, FeedPiece, FeedPosition } from '../feed.js';
import { type Assigned, assign } from './assigned.js';
import { createFetcher, type Fetcher } from './fetcher.js';
import { type FillOptions, fill, makeReady, newPiece } from './filling.js';
import { createGroupReader, type GroupReader } from './group-reader.js';
import { beginPartitions, newPartitions, partitionsOf, resumePartitions } from './partitions.js';
import { createProgress, type Progress, readPosition, writePosition } from './position.js';
import { createRecordTexts } from './record-text.js';

export interface KafkaFeedOptions {
  readonly client: KafkaClient;
  readonly source: KafkaSource;
  readonly position: FeedPosition | undefined;
  readonly decoder: ValueDecoder | undefined;
  /** Positions are asked for, and kept. */
  readonly inJob: boolean;
  say(line: string): void;
}

/** So much of one partition is read before an older record of another one comes first. */
const turnBytes = 1 << 17;

interface State {
  readonly options: KafkaFeedOptions;
  readonly filling: FillOptions;
  /** These three change together when a group deals partitions anew. */
  partitions: Assigned[];
  fetcher: Fetcher;
  progress: Progress;
  group: GroupReader | undefined;
  current: Assigned | undefined;
  /** What the reader was told is next. */
  following: Assigned | undefined;
  given: number;
  closed: boolean;
}

/** The partition to read: of those that have something the one whose next record is the oldest. */
function choose(state: State): { readonly next: Assigned | undefined; readonly other: number } {
  let next: Assigned | undefined;
  let oldest = Number.POSITIVE_INFINITY;
  let other = Number.POSITIVE_INFINITY;
  for (const one of state.partitions) {
    if (one.ended) continue;
    if (!makeReady(one)) {
      if (one.ended) one.endedAtBytes = state.given;
      continue;
    }
    // A record that is given in parts is not left in between.
    if (one.partlyGiven > 0) return { next: one, other: Number.POSITIVE_INFINITY };
    const { timestamp } = one.cursor!;
    if (next === undefined || timestamp < oldest) {
      other = oldest;
      oldest = timestamp;
      next = one;
    } else if (timestamp < other) other = timestamp;
  }
  return { next, other };
}

function giveFrom(state: State, one: Assigned, target: Uint8Array, other: number): number {
  const piece = newPiece(one, state.given);
  const count = fill(
    one,
    target,
    piece,
    state.filling,
    (timestamp, filled) => filled < turnBytes || timestamp <= other,
  );
  state.given += count;
  if (one.ended) one.endedAtBytes = state.given;
  state.progress.add(piece);
  state.fetcher.pump();
  return count;
}

/** Takes the partitions that the group gives; those before are given up with what is buffered. */
async function regroup(state: State, group: GroupReader): Promise<void> {
  const { client, source, say } = state.options;
  // The supply of what will be another's ends here.
  state.fetcher.close();
  const partitions = [...(await group.regroup(state.given))];
  const progress = createProgress();
  for (const one of partitions) progress.begin(one);
  state.partitions = partitions;
  state.progress = progress;
  state.current = undefined;
  state.following = undefined;
  state.fetcher = createFetcher({ client, source, partitions, say });
  state.fetcher.pump();
}

async function readNext(state: State, target: Uint8Array): Promise<FeedPiece> {
  const { group } = state;
  while (!state.closed) {
    if (group?.failure !== undefined) throw group.failure;
    const isBetween = state.partitions.every(({ partlyGiven }) => partlyGiven === 0);
    if (group?.mustRegroup === true && isBetween) {
      await regroup(state, group);
      continue;
    }
    const { next, other } = choose(state);
    if (next !== undefined && next !== state.current) {
      state.following = next;
      return 'next';
    }
    if (next !== undefined) {
      const count = giveFrom(state, next, target, other);
      if (count > 0) return count;
      await state.filling.texts.waiting;
      continue;
    }
    if (state.options.source.end !== undefined && state.partitions.every(({ ended }) => ended)) return 'end';
    if (state.fetcher.failure !== undefined) throw state.fetcher.failure;
    state.fetcher.pump();
    await state.fetcher.changed();
  }
  return 'end';
}

const lagIn = ({ ended, highWatermark, endOffset, offset }: Assigned): number =>
  ended ? 0 : Math.max(0, Math.min(highWatermark, endOffset) - offset);

/** Looks for new partitions now and then. */
function discover({ options, partitions, fetcher, progress }: State): NodeJS.Timeout | undefined {
  const { client, source, say } = options;
  // The members of a group look for themselves.
  if (source.shared) return undefined;
  if (source.end !== undefined || source.discoverMs <= 0) return undefined;
  const look = async (): Promise<void> => {
    const found = await newPartitions(client, source, partitions);
    for (const one of found) {
      say(`leat: ${one.name} is new, and read from its beginning`);
      progress.begin(one);
      partitions.push(one);
    }
    if (found.length > 0) fetcher.pump();
  };
  // What fails here fails the fetcher too, which is patient and says so.
  const timer = setInterval(() => void look().catch(() => {}), source.discoverMs);
  timer.unref();
  return timer;
}

async function openPartitions(options: KafkaFeedOptions): Promise<readonly Assigned[]> {
  const { client, source, position, say } = options;
  const begin = async (): Promise<readonly Assigned[]> => {
    if (position !== undefined) return await resumePartitions(client, source, readPosition(position));
    // Only to find out now whether there is such a topic: the group says which of them are read.
    if (source.shared) return (await partitionsOf(client, source)).map((name) => assign(name, 0));
    return await beginPartitions(client, source);
  };
  return await seekTopics(client, source, say, begin);
}

/** Ends reading; what a group is still to be told goes over the client, which then stays open until `release`. */
function close(state: State, timer: NodeJS.Timeout | undefined): void {
  if (state.closed) return;
  state.closed = true;
  clearInterval(timer);
  state.fetcher.close();
  state.group?.close();
  const { options, filling } = state;
  if (state.group === undefined) options.client.close();
  const { skipped } = filling.texts;
  if (skipped > 0) options.say(`leat: ${skipped} tombstones were passed over; ?tombstones=keep reads them`);
}

function openState(options: KafkaFeedOptions, found: readonly Assigned[]): State {
  const { client, source, decoder, inJob, say } = options;
  const partitions = source.shared ? [] : [...found];
  const progress = createProgress();
  for (const one of partitions) progress.begin(one);
  const state: State = {
    options,
    partitions,
    fetcher: createFetcher({ client, source, partitions, say }),
    filling: { texts: createRecordTexts(source, decoder) },
    progress,
    group: undefined,
    current: partitions[0],
    following: undefined,
    given: 0,
    closed: false,
  };
  if (source.group !== undefined) {
    state.group = createGroupReader({ client, source, inJob, say, ring: () => state.fetcher.wake() });
  }
  return state;
}

/** Opens topics as an input. Throws a problem that says what is to be mended. */
export async function createKafkaFeed(options: KafkaFeedOptions): Promise<Feed> {
  const { client, source } = options;
  const found = await openPartitions(options);
  if (found.length === 0) {
    client.close();
    throw problem({ code: 'input', message: `no topic matches ${source.topics.join(', ')}` });
  }
  const state = openState(options, found);
  const { group } = state;
  const timer = discover(state);
  state.fetcher.pump();
  // A member that has no partition yet, or none for now.
  const none = { name: source.topics.join(','), key: '' };
  const ahead = (): Pick<Assigned, 'name' | 'key'> => state.following ?? state.current ?? none;
  return {
    get name() {
      return ahead().name;
    },
    get key() {
      return ahead().key;
    },
    knows: (key) => state.partitions.some((one) => one.key === key),
    lengthBytes: undefined,
    risk: undefined,
    want: (names) => state.filling.texts.want(metaNames.filter((name) => names.includes(`$${name}`))),
    lag: () => state.partitions.reduce((sum, one) => sum + lagIn(one), 0),
    sources: (consumedBytes, present) =>
      state.partitions.flatMap((one) =>
        one.ended && one.name !== present && one.endedAtBytes <= consumedBytes ? [] : one.name,
      ),
    async read(target) {
      if (state.following !== undefined) state.current = state.following;
      state.following = undefined;
      try {
        return await readNext(state, target);
      } catch (error) {
        close(state, timer);
        throw error;
      }
    },
    async position(consumedBytes) {
      const { partitions } = state;
      const offsets = state.progress.offsetsAt(consumedBytes);
      group?.note(consumedBytes, partitions, () => offsets);
      return writePosition(partitions, offsets);
    },
    close: () => close(state, timer),
    ...(group === undefined
      ? {}
      : {
          written(consumedBytes) {
            group.note(consumedBytes, state.partitions, () => state.progress.offsetsAt(consumedBytes));
          },
          async release() {
            close(state, timer);
            await group.release();
            client.close();
          },
        }),
  };
}
