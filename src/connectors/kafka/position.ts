/**
 * Where a topic stands, as a checkpoint keeps it: the offset of the next record by partition, and where bounded
 * reading ends, which was found once and must not move. Offsets in the checkpoint and not in the broker: they and the
 * state are of one moment.
 */
import { problem } from '../../diagnostics/index.js';
import type { FeedPosition } from '../feed.js';
import type { Assigned } from './assigned.js';
import type { Piece } from './filling.js';

const version = 1;

export interface KeptPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly end?: number;
  /** Where its readers ended at that moment, for the lag. */
  readonly latest: number;
}

/** Reads what a checkpoint kept. */
export function readPosition(position: FeedPosition): readonly KeptPartition[] {
  if (
    position['kind'] !== 'kafka' ||
    position['version'] !== version ||
    !Array.isArray(position['partitions'])
  ) {
    throw problem({
      code: 'state',
      message: 'the checkpoint holds the position of another kind of input',
      hint: 'begin anew with another --state, or read the input that the job was begun with',
    });
  }
  return position['partitions'] as readonly KeptPartition[];
}

/** How many records lay between a kept position and the ends of its partitions at that moment; undefined for other inputs. */
export function lagOf(position: FeedPosition): number | undefined {
  if (position['kind'] !== 'kafka') return undefined;
  return readPosition(position).reduce((sum, { offset, latest }) => sum + Math.max(0, latest - offset), 0);
}

export function writePosition(
  partitions: readonly Assigned[],
  offsets: ReadonlyMap<string, number>,
): FeedPosition {
  const kept = partitions.map((one): KeptPartition => {
    const { topic, partition, key, endOffset, highWatermark } = one;
    const end = endOffset === Number.POSITIVE_INFINITY ? {} : { end: endOffset };
    return { topic, partition, offset: offsets.get(key)!, ...end, latest: highWatermark };
  });
  return { kind: 'kafka', version, partitions: kept };
}

/** Follows how far the reader has come, read by read, by the bytes that it says it has consumed. */
export interface Progress {
  begin(partition: Assigned): void;
  add(piece: Piece): void;
  /** Offsets by the keys of partitions. */
  offsetsAt(consumedBytes: number): ReadonlyMap<string, number>;
}

/** Reads that may be under way or partly worked on, when nobody asks for a position: more than the longest line fills. */
const keptPieces = 64;

export function createProgress(): Progress {
  const offsets = new Map<string, number>();
  const pieces: Piece[] = [];
  /** Takes what is consumed of a piece; whether that is all of it. */
  const apply = (piece: Piece, consumedBytes: number): boolean => {
    const { baseBytes, ends, count, partition } = piece;
    let last = count;
    while (last > 0 && baseBytes + ends[last - 1]! > consumedBytes) last--;
    if (last > 0) offsets.set(partition.key, piece.offsets[last - 1]!);
    return last === count && baseBytes + piece.lengthBytes <= consumedBytes;
  };
  return {
    begin: ({ key, offset }) => void offsets.set(key, offset),
    add(piece) {
      pieces.push(piece);
      if (pieces.length > keptPieces) apply(pieces.shift()!, Number.POSITIVE_INFINITY);
    },
    offsetsAt(consumedBytes) {
      while (pieces.length > 0 && apply(pieces[0]!, consumedBytes)) pieces.shift();
      return offsets;
    },
  };
}
