/**
 * What a run asks of the store of its job, whoever keeps it. A job is run by one or several stages (processes), numbered
 * from 0 at the source. At barrier n each stage writes its part: the snapshots of its operators, and what else it must
 * know again (positions of sources, committables of sinks, counts) as plain data. The last stage then completes the
 * checkpoint, which is the moment at which it exists.
 *
 * Epoch is the number of a checkpoint, Generation that of a run of the job, Uid the name of an operator's state.
 */
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';
import type { CapturedFile } from './spill/captured-files.js';
import type { StageId } from './stage-id.js';

export type Epoch = number & { readonly brand?: 'epoch' };
export type Generation = number & { readonly brand?: 'generation' };
export type Uid = string & { readonly brand?: 'uid' };

/** Plain data (JSON) that a stage keeps with its part. */
export type PartFacts = Readonly<Record<string, unknown>>;

/** One stage's part of one checkpoint, being written. Pages are copied at once; `write` does the waiting. */
export interface PartWriter {
  /** The pages of an operator go here. Each uid once. `shape` is compared on restore. */
  operator(uid: Uid, shape: string): SnapshotWriter;
  /**
   * Files that an operator of the part has besides its pages: `capture` is called at once with the path of a folder of this
   * part's own, which it fills durably, when it can; it resolves to what it has put there. Each uid once at most.
   */
  files(uid: Uid, capture: (folder: string) => Promise<readonly CapturedFile[]>): void;
  /**
   * Writes what has changed since the last part of this stage, and then the part itself, durably. Parts of a stage are
   * written in the order of their epochs, one after another.
   */
  write(facts: PartFacts): Promise<void>;
}

/** One operator's state in a checkpoint. Reading it checks lengths and checksums: damage is a problem, never an answer. */
export interface StoredOperator {
  readonly uid: Uid;
  readonly shape: string;
  readonly lengthBytes: number;
  /** The files that it has besides its pages, and their folder; undefined when there are none. */
  readonly files: { readonly folder: string; readonly files: readonly CapturedFile[] } | undefined;
  /** Loads all pages into memory. */
  load(): Promise<SnapshotReader>;
}

export interface StoredPart {
  readonly stage: StageId;
  readonly facts: PartFacts;
  readonly operators: readonly StoredOperator[];
}

/** A complete checkpoint (or savepoint) whose manifest and parts have been read and checked. */
export interface StoredCheckpoint {
  /** Where it lies: its manifest and parts in `folder`, its operators below `base`. */
  readonly place: { readonly folder: string; readonly base: string };
  readonly epoch: Epoch;
  readonly generation: Generation;
  /** Epoch ms at which it was completed. */
  readonly completedAt: number;
  /** The input had ended: there is nothing to go on with. */
  readonly finished: boolean;
  /** Name of the savepoint that this state was started from and that no checkpoint has followed yet. */
  readonly savepoint: string | undefined;
  readonly parts: readonly StoredPart[];
}

/** The store of a job as one of its stages holds it. */
export interface JobStore {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly job: string;
  readonly generation: Generation;
  /** The other pipes of the job, by name, that flow into the one whose head holds the store. */
  readonly branches: readonly string[];
  /** Proves to the other stages of this run that a stream line comes from it; never printed. */
  readonly token: string;
  /** The checkpoint that this run goes on from. */
  readonly restored: StoredCheckpoint | undefined;
  /** Sentences for the user about what was found: a damaged checkpoint that was passed over, a run that had died. */
  readonly findings: readonly string[];
  /** Where the sink of this name keeps epochs that are not applied yet. The folder is there. */
  epochFolder(sink: string): Promise<string>;
  /** The file of the records that a stage refused. Whoever writes it commits it with the checkpoints. */
  rejectedFile(stage: StageId): string;
  /** A folder for what this run keeps on disk of an operator while it runs; it may hold something old, or not be there. */
  workingFolder(uid: Uid): string;
  /** Begins a part; only the copying of changed pages happens before `write`. */
  beginPart(epoch: Epoch, stage: StageId): PartWriter;
  /**
   * Waits until the parts of the stages are there, at most timeoutMs, and writes the manifest. Fails with a problem when
   * a part does not come or when another generation has taken over: the checkpoint then does not exist.
   */
  complete(
    epoch: Epoch,
    facts: { readonly stages: readonly StageId[]; readonly finished: boolean; readonly timeoutMs: number },
  ): Promise<void>;
  /** Whether a checkpoint of this run, or the one that it was restored from, exists. */
  isComplete(epoch: Epoch): Promise<boolean>;
  /** Throws a problem of the code state when another generation has taken over. */
  assertHeld(): Promise<void>;
  /** Removes what no kept checkpoint needs: older checkpoints than the newest `keep`, segments, epochs, orphans. */
  tidy(keep: number): Promise<void>;
  /** Gives the lock up. The store stays. */
  release(): Promise<void>;
}
