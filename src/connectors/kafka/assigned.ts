/** A partition that is read: how far it was fetched, what waits to be given on, and how far that has come. */
import {
  type FetchedPartition,
  type PartitionName,
  partitionKey,
  type RecordCursor,
} from '../../kafka/index.js';

/** What a broker gave for one request. */
export interface Answer {
  readonly fromOffset: number;
  readonly fetched: FetchedPartition;
}

export interface Assigned extends PartitionName {
  /** `topic/partition`. */
  readonly key: string;
  /** For messages. */
  readonly name: string;
  /** Where the next fetch begins. */
  fetchOffset: number;
  /** Behind the last record that was given on. */
  offset: number;
  /** Reading ends in front of this offset; +Infinity: never. */
  readonly endOffset: number;
  /** Answers that wait, in the order of their offsets, and what they hold in bytes. */
  readonly waiting: Answer[];
  waitingBytes: number;
  /** The answer that is given on; its present record is the next one when `ready`. */
  cursor: RecordCursor | undefined;
  cursorBytes: number;
  ready: boolean;
  /** Bytes of the present record that were given on, when it is longer than one read. */
  partlyGiven: number;
  /** A request for it is under way. */
  asking: boolean;
  /** Not to be asked for before this moment of performance.now(). */
  restsUntilMs: number;
  /** Where its readers end at present: for the lag. */
  highWatermark: number;
  ended: boolean;
  /** Bytes that the feed had given when it ended. */
  endedAtBytes: number;
}

export function assign(name: PartitionName, offset: number, endOffset = Number.POSITIVE_INFINITY): Assigned {
  return {
    topic: name.topic,
    partition: name.partition,
    key: partitionKey(name),
    name: `${name.topic}[${name.partition}]`,
    fetchOffset: offset,
    offset,
    endOffset,
    waiting: [],
    waitingBytes: 0,
    cursor: undefined,
    cursorBytes: 0,
    ready: false,
    partlyGiven: 0,
    asking: false,
    restsUntilMs: 0,
    highWatermark: offset,
    ended: offset >= endOffset,
    endedAtBytes: 0,
  };
}
