/**
 * What may be deleted: a pure decision over what lies in a store, by the run that holds it. Kept are the newest
 * checkpoints of the past, everything that they point to, and whatever this run may be writing for the checkpoint
 * after them. Never touched: what belongs to a later run, savepoints, and files that the store does not know.
 */
import type { Epoch, Generation } from '../checkpoint.js';
import type { CheckpointId } from '../paths.js';
import { sameId } from './facts.js';

/** A file or folder of the store, by the name of the folder it stands in. */
export interface FoundSegment {
  readonly operator: string;
  readonly id: CheckpointId;
  /** It is the folder with the operator's files. */
  readonly isFiles?: true;
}

export interface FoundEpoch {
  readonly sink: string;
  readonly name: string;
  readonly epoch: Epoch;
}

export interface TidyListing {
  readonly generation: Generation;
  readonly generations: readonly Generation[];
  /** All that have a folder. */
  readonly checkpoints: readonly CheckpointId[];
  /** Complete ones of the past of this run, newest first. */
  readonly past: readonly CheckpointId[];
  readonly segments: readonly FoundSegment[];
  /** What the checkpoints that are kept point to. */
  readonly needed: readonly FoundSegment[];
  readonly epochs: readonly FoundEpoch[];
}

export type Removal =
  | { readonly kind: 'checkpoint'; readonly id: CheckpointId; readonly why: 'old' | 'orphan' }
  | { readonly kind: 'segment'; readonly segment: FoundSegment }
  | { readonly kind: 'epoch'; readonly found: FoundEpoch }
  | { readonly kind: 'generation'; readonly generation: Generation };

/** The checkpoints that are kept: the newest `keep` of the past, one at least. */
export function keptOf(past: readonly CheckpointId[], keep: number): readonly CheckpointId[] {
  return past.slice(0, Math.max(1, keep));
}

/** Whether this run may be writing it for a checkpoint that is not complete yet. */
function isInProgress(id: CheckpointId, { generation, past }: TidyListing): boolean {
  if (id.generation !== generation) return id.generation > generation;
  const newest = past[0];
  return newest === undefined || id.epoch > newest.epoch;
}

/**
 * Epochs of sinks at or before which nothing can be asked for again: the newest checkpoint may still have to apply
 * what came after the one before it.
 */
function appliedEpoch(past: readonly CheckpointId[], kept: readonly CheckpointId[]): Epoch {
  const oldest = kept.at(-1);
  const beforeNewest = past[1];
  if (oldest === undefined || beforeNewest === undefined) return -1;
  return Math.min(oldest.epoch - 1, beforeNewest.epoch);
}

const segmentName = ({ operator, id, isFiles }: FoundSegment): string =>
  `${operator}/${id.epoch}-${id.generation}${isFiles === true ? '.files' : ''}`;

export function decideTidy(listing: TidyListing, keep: number): readonly Removal[] {
  const { past, checkpoints, segments, needed, epochs, generations, generation } = listing;
  const kept = keptOf(past, keep);
  const removals: Removal[] = [];
  for (const id of checkpoints) {
    if (isInProgress(id, listing) || kept.some((one) => sameId(one, id))) continue;
    removals.push({ kind: 'checkpoint', id, why: past.some((one) => sameId(one, id)) ? 'old' : 'orphan' });
  }
  const isNeeded = new Set(needed.map(segmentName));
  for (const segment of segments) {
    if (isInProgress(segment.id, listing) || isNeeded.has(segmentName(segment))) continue;
    removals.push({ kind: 'segment', segment });
  }
  const applied = appliedEpoch(past, kept);
  for (const found of epochs) if (found.epoch <= applied) removals.push({ kind: 'epoch', found });
  const oldestRun = kept.at(-1)?.generation ?? generation;
  for (const number of generations) {
    if (number < oldestRun) removals.push({ kind: 'generation', generation: number });
  }
  return removals;
}
