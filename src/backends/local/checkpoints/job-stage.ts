/**
 * A process as a stage of a job: the first one opens the store and holds its lock, the others learn from the stream line
 * which store it is and prove with its token that they belong to this run.
 */

import type { JobStore, StoredPart } from '../../../state/index.js';
import type { StreamJob } from '../../../stream/index.js';

export interface JobStage {
  readonly store: JobStore;
  readonly number: number;
  /** The checkpoint that the run goes on from; 0 when it begins. */
  readonly restoredEpoch: number;
  /** This stage's part of it. */
  readonly restored: StoredPart | undefined;
  /** The input had ended at that checkpoint. */
  readonly isFinished: boolean;
  /** When barriers are cut; only of the source. */
  readonly timing: { readonly everyMs: number; readonly minPauseMs: number } | undefined;
  readonly timeoutMs: number;
  readonly keep: number;
  readonly allowDroppedState: boolean;
  /** What the stage says of the job on its stream line. */
  readonly line: StreamJob;
}
