/**
 * Keeps partitions in supply: asks each broker for the partitions that it leads and that have little waiting, one
 * request at a time to each, ahead of the reader. A partition with enough waiting is not asked for, so that a slow
 * reader holds the brokers up and not the memory. What fails is tried again for as long as the patience lasts; what
 * was lost to the retention of a topic is an error, or said when that was chosen.
 */

import { problem } from '../../diagnostics/index.js';
import {
  earliestOffset,
  type FetchedPartition,
  fetchFrame,
  isRetriable,
  type KafkaClient,
  type KafkaSource,
  kafkaProblem,
  type Node,
  pauseMs,
  prepareCodec,
  protocolError,
  surveyBatches,
} from '../../kafka/index.js';
import type { Assigned } from './assigned.js';

/** Asked for while less than this waits. */
const enoughBytes = 1 << 20;
const maxPartitionBytes = 1 << 20;
const maxAnswerBytes = 8 << 20;
/**
 * How long a broker waits for a first byte when it was asked for all partitions; when some are left out, they must
 * not wait long.
 */
const longWaitMs = 500;
const shortWaitMs = 20;
const outOfRange = 1;

export interface Fetcher {
  /** Asks for what is wanted. To be called when something was given on, or partitions have come. */
  pump(): void;
  /** Resolves when something has arrived, or failed. */
  changed(): Promise<void>;
  /** Has whoever waits for a change look again. */
  wake(): void;
  /** Why nothing more will come. */
  readonly failure: unknown;
  close(): void;
}

export interface FetcherOptions {
  readonly client: KafkaClient;
  readonly source: Pick<KafkaSource, 'committed' | 'onGap' | 'bufferBytes' | 'patienceMs' | 'brokers'>;
  /** The partitions, which may become more. */
  readonly partitions: readonly Assigned[];
  say(line: string): void;
}

interface State extends FetcherOptions {
  failure: unknown;
  closed: boolean;
  /** When the present trouble began; undefined while all is well. */
  troubleMs: number | undefined;
  failures: number;
  saidTrouble: boolean;
  ring: () => void;
  timer: NodeJS.Timeout | undefined;
}

function fail(state: State, error: unknown): void {
  state.failure ??= error;
  state.ring();
}

/** Something did not work that may pass. */
function trouble(state: State, error: unknown): void {
  const nowMs = performance.now();
  state.troubleMs ??= nowMs;
  state.failures++;
  const { brokers, patienceMs } = state.source;
  if (!isRetriable(error) || nowMs - state.troubleMs > patienceMs) {
    fail(state, kafkaProblem(error, { brokers }));
    return;
  }
  if (!state.saidTrouble && nowMs - state.troubleMs > 1000) {
    state.saidTrouble = true;
    state.say(`leat: ${kafkaProblem(error, { brokers }).message}; trying again`);
  }
  state.client.forget();
}

function allIsWell(state: State): void {
  if (state.saidTrouble) state.say(`leat: ${state.source.brokers.join(',')} answers again`);
  state.troubleMs = undefined;
  state.failures = 0;
  state.saidTrouble = false;
}

/** The position is not there: records were lost, or the topic is another one. */
async function closeGap(
  state: State,
  one: Assigned,
  { startOffset, highWatermark }: FetchedPartition,
): Promise<void> {
  const first = startOffset >= 0 ? startOffset : await earliestOffset(state.client, one);
  const isLost = one.fetchOffset < first;
  const what = isLost
    ? `${first - one.fetchOffset} offsets of ${one.name} are gone, ${one.fetchOffset} to ${first - 1}: the retention of the topic ran past the position`
    : `${one.name} has no offset ${one.fetchOffset}, it ends at ${highWatermark}: the topic was made anew or cut back`;
  if (state.source.onGap === 'fail') {
    throw problem({
      code: 'input',
      message: what,
      hint: `--on-gap report goes on at offset ${first}, and says so`,
    });
  }
  state.say(`leat: ${what}; going on at offset ${first}`);
  one.fetchOffset = first;
}

async function take(state: State, one: Assigned, answer: FetchedPartition): Promise<void> {
  const error = protocolError(answer.errorCode);
  if (answer.errorCode === outOfRange) return await closeGap(state, one, answer);
  if (error !== undefined) {
    one.restsUntilMs = performance.now() + pauseMs(state.failures + 1);
    if (isRetriable(error)) return trouble(state, error);
    throw kafkaProblem(error, { brokers: state.source.brokers, topic: one.topic });
  }
  one.highWatermark = state.source.committed ? answer.stableOffset : answer.highWatermark;
  const { end, codecs } = surveyBatches(answer.bytes);
  if (end === undefined) return;
  // Decompression does not wait; what it needs is loaded before.
  for (const codec of codecs) await prepareCodec(codec);
  one.waiting.push({ fromOffset: one.fetchOffset, fetched: answer });
  one.waitingBytes += answer.bytes.length;
  one.fetchOffset = end;
}

const waitingBytes = ({ waitingBytes: bytes, cursorBytes }: Assigned): number => bytes + cursorBytes;

const isWanted = (one: Assigned, nowMs: number): boolean =>
  !one.asking &&
  one.restsUntilMs <= nowMs &&
  one.fetchOffset < one.endOffset &&
  waitingBytes(one) < enoughBytes;

async function ask(
  state: State,
  node: Node,
  partitions: readonly Assigned[],
  maxWaitMs: number,
): Promise<void> {
  const { errorCode, partitions: answers } = await node.send(
    fetchFrame({
      partitions: partitions.map(({ topic, partition, fetchOffset }) => ({
        topic,
        partition,
        offset: fetchOffset,
      })),
      committed: state.source.committed,
      maxWaitMs,
      maxBytes: maxAnswerBytes,
      maxPartitionBytes,
    }),
  );
  const error = protocolError(errorCode);
  if (error !== undefined) throw error;
  allIsWell(state);
  for (const answer of answers) {
    const one = partitions.find(
      ({ topic, partition }) => topic === answer.topic && partition === answer.partition,
    );
    if (one !== undefined) await take(state, one, answer);
  }
}

/** The partitions that are to be asked for now, by the broker that leads them. */
async function byLeader(state: State, wanted: readonly Assigned[]): Promise<ReadonlyMap<Node, Assigned[]>> {
  const groups = new Map<Node, Assigned[]>();
  for (const one of wanted) {
    const node = await state.client.leader(one.topic, one.partition);
    const others = groups.get(node);
    if (others === undefined) groups.set(node, [one]);
    else others.push(one);
  }
  return groups;
}

async function askAll(state: State, wanted: readonly Assigned[], maxWaitMs: number): Promise<void> {
  const groups = await byLeader(state, wanted);
  await Promise.all(
    [...groups].map(async ([node, partitions]) => {
      try {
        await ask(state, node, partitions, maxWaitMs);
      } finally {
        // Those of other brokers need not wait for each other.
        for (const one of partitions) one.asking = false;
        state.ring();
        if (!state.closed && state.failures === 0) pump(state);
      }
    }),
  );
}

function pump(state: State): void {
  if (state.closed || state.failure !== undefined) return;
  const nowMs = performance.now();
  const { partitions, source } = state;
  const open = partitions.filter(({ ended }) => !ended);
  const total = open.reduce((sum, one) => sum + waitingBytes(one), 0);
  const wanted = total < source.bufferBytes ? open.filter((one) => isWanted(one, nowMs)) : [];
  wakeLater(state, open, nowMs);
  if (wanted.length === 0) return;
  for (const one of wanted) one.asking = true;
  const maxWaitMs = wanted.length === open.length ? longWaitMs : shortWaitMs;
  askAll(state, wanted, maxWaitMs).catch((error: unknown) => {
    for (const one of wanted) {
      one.asking = false;
      one.restsUntilMs = performance.now() + pauseMs(state.failures + 1);
    }
    if (state.closed) return;
    if (isRetriable(error)) trouble(state, error);
    else fail(state, kafkaProblem(error, { brokers: source.brokers }));
    pump(state);
  });
}

/** Asks again when partitions have rested. */
function wakeLater(state: State, open: readonly Assigned[], nowMs: number): void {
  if (state.timer !== undefined) return;
  const resting = open.filter(({ restsUntilMs }) => restsUntilMs > nowMs);
  if (resting.length === 0) return;
  const dueMs = Math.min(...resting.map(({ restsUntilMs }) => restsUntilMs));
  state.timer = setTimeout(() => {
    state.timer = undefined;
    pump(state);
  }, dueMs - nowMs);
}

/** A fetcher for partitions. */
export function createFetcher(options: FetcherOptions): Fetcher {
  let waiting: Promise<void> | undefined;
  const state: State = {
    ...options,
    failure: undefined,
    closed: false,
    troubleMs: undefined,
    failures: 0,
    saidTrouble: false,
    ring: () => {},
    timer: undefined,
  };
  return {
    pump: () => pump(state),
    changed() {
      waiting ??= new Promise((resolve) => {
        state.ring = () => {
          waiting = undefined;
          state.ring = () => {};
          resolve();
        };
      });
      return waiting;
    },
    wake: () => state.ring(),
    get failure() {
      return state.failure;
    },
    close() {
      state.closed = true;
      clearTimeout(state.timer);
      state.ring();
    },
  };
}
