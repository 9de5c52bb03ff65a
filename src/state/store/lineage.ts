/**
 * Which checkpoints are the past of the job: a pure function. Each run went on from one checkpoint of an earlier run,
 * so the past is the checkpoints of the last run, before them those of the run it went on from up to that checkpoint,
 * and so on. A run that was fenced may have completed one more checkpoint at the last moment: that is not in the past
 * of anybody, and its output was never committed.
 */
import type { Epoch, Generation } from '../checkpoint.js';
import type { CheckpointId } from '../paths.js';
import type { Ancestor } from './facts.js';

/** A run, and what it went on from as far as that is known. */
export interface LineageRun {
  readonly generation: Generation;
  readonly from: Ancestor | undefined;
}

/** The past, newest first. `checkpoints`: those with a manifest, whole or not. */
export function lineageOf(
  runs: readonly LineageRun[],
  checkpoints: readonly CheckpointId[],
): readonly CheckpointId[] {
  const fromOf = new Map(runs.map(({ generation, from }) => [generation, from]));
  const began = [
    ...runs.filter(({ from }) => from !== undefined).map(({ generation }) => generation),
    ...checkpoints.map(({ generation }) => generation),
  ];
  const past: CheckpointId[] = [];
  let generation: Generation | undefined = began.length === 0 ? undefined : Math.max(...began);
  let newest: Epoch = Number.POSITIVE_INFINITY;
  while (generation !== undefined) {
    const its = checkpoints.filter((id) => id.generation === generation && id.epoch <= newest);
    past.push(...its.sort((a, b) => b.epoch - a.epoch));
    const from: Ancestor | undefined = fromOf.get(generation);
    if (from === undefined || from === 'nothing' || from.generation >= generation) break;
    generation = from.generation;
    newest = from.epoch;
  }
  return past;
}
