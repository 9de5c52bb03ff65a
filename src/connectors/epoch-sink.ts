/**
 * A sink whose output appears in epochs, exactly once. What is written between two barriers is one epoch; at the barrier
 * `prepare` makes it durable out of sight, and when the checkpoint exists `commit` applies it, as often as it is asked and
 * with the same result. After a crash `recover` brings the output to where the checkpoint has it: the epoch that
 * was committed last is applied again, and what came after it is gone. (Two-phase commit as in Flink's sinks.)
 */
import type { ByteSink } from './sink.js';

/** What `commit` needs to know, as plain data (JSON) that the checkpoint keeps: lengths, names of files. */
export type Committable = Readonly<Record<string, unknown>>;

export interface CommittedEpoch {
  readonly epoch: number;
  readonly committable: Committable;
  /** The run starts from a savepoint, which it may do with another output than the one that the savepoint knows. */
  readonly savepoint?: SavepointStart;
}

/**
 * What the output has beyond the savepoint is cut off, and one that is not there, empty or of another kind begins anew.
 * Either is said.
 */
export interface SavepointStart {
  say(line: string): void;
  /** The output begins anew. */
  begins(): void;
}

export interface EpochSink extends ByteSink {
  /** What a reader of the output can rely on. */
  readonly guarantee: 'exactly-once' | 'at-least-once';
  /** Bytes of the epoch so far that `commit` will write a second time; undefined when it does not. */
  readonly waitingBytes?: number;
  /**
   * What is written from here to the end of the epoch may come otherwise after a crash, even where the run repeats itself: it
   * waits for the checkpoint. Nothing happens where all output waits, or none.
   */
  hold?(): void;
  /**
   * To be called once before anything is written: with the epoch of the checkpoint that the run goes on from, or with
   * undefined for a run from the beginning. Throws a problem when the output is not what the checkpoint left.
   */
  recover(last: CommittedEpoch | undefined): Promise<void>;
  /**
   * Ends the epoch: everything written before the call belongs to it, what is written after to the next, also
   * while the promise is pending. Resolves when the epoch is durable.
   */
  prepare(epoch: number): Promise<Committable>;
  /** Applies a prepared epoch. The checkpoint exists. Applying it twice is applying it once. */
  commit(epoch: number, committable: Committable): Promise<void>;
}
