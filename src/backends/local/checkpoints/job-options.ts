/** What a user says about the job that a run belongs to. */

/** How a job keeps its state. Durations in ms. */
export interface JobOptions {
  /** Folder of the store. */
  readonly state: string;
  /** Name of the job; the store's folder name when nobody says one. */
  readonly name?: string;
  /** Time between two barriers. */
  readonly everyMs: number;
  /** Least time between the completion of a checkpoint and the next barrier. */
  readonly minPauseMs: number;
  /** Longest that a checkpoint may take; the run fails then. */
  readonly timeoutMs: number;
  /** Checkpoints that are kept. */
  readonly keep: number;
  /** Fences a run of the job that still seems to live. */
  readonly takeOver: boolean;
  readonly allowDroppedState: boolean;
  /** Name or path of a savepoint to start from, in place of the newest checkpoint. */
  readonly savepoint?: string;
  /** Other pipes of the job that flow into the one that begins here, by name. */
  readonly branches?: readonly string[];
  /** This is the head of such a pipe: the store is held by another process. */
  readonly branch?: string;
}

export const jobDefaults = { everyMs: 10_000, minPauseMs: 0, timeoutMs: 600_000, keep: 3 } as const;

/** The heads of a job wait for each other for so long, or for --timeout where that is shorter. */
export const longestWaitMs = 20_000;
