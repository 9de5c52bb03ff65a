/**
 * What an operator is: a state machine with a handful of hooks. It touches no process, file, thread or clock: what it
 * needs is handed in. It is built once for its place in a chain and then driven batch by batch, synchronously.
 */
import type { Batch, Layout, Path } from '../record/index.js';
import type { SnapshotReader, SnapshotWriter } from '../state/index.js';
import type { EntryEditor, ShownEntry } from './entry.js';

/** What records look like at a place in the chain: which names are known to be where. */
export interface RowShape {
  /** Names that stand in columns of their own (computed, or put there by a format or an aggregate). */
  readonly fields: ReadonlyMap<string, number>;
  /** Whether names not in `fields` can be scanned from the incoming record. */
  readonly open: boolean;
  /** Names of the incoming record that have been dropped or renamed away. */
  readonly dropped: ReadonlySet<string>;
  /** The columns of the batches that flow here. */
  readonly layout: Layout;
  /** Told each field of the incoming record that the user asks for, with its column. */
  readonly asked?: ((path: Path, column: number) => void) | undefined;
}

/** What downstream receives. */
export interface Output {
  batch(batch: Batch): void;
  watermark(time: number): void;
}

/** Where an operator says what it could not use. Never silent: the runtime counts, reports and keeps. */
export interface Reports {
  /** Refuses a row of a batch (a bad record). The operator must also take the row out of the selection. */
  reject(batch: Batch, row: number, reason: string): void;
  /** A row that came late for every window it belongs to. */
  late(batch: Batch, row: number): void;
  /** The same of a record that has left its batch. */
  lateText(text: string): void;
}

/** The clock of processing time: epoch ms. Handed in so that tests and simulations own it. */
export type Clock = () => number;

/**
 * An operator. What it keeps between two batches is its state: `snapshot` writes all of it and `restore` takes it back,
 * both only while no batch is under way; nothing that a later answer depends on may be left out. There is no default:
 * an operator without state says so with {@link stateless}.
 */
export interface Operator {
  /**
   * What the state looks like, as a text: state can be restored into an operator of the same shape only.
   * Undefined when there is no state.
   */
  readonly stateShape: string | undefined;
  /** The state grows with the input, and stays in memory even where there is a spill. */
  readonly staysInMemory?: boolean;
  snapshot(into: SnapshotWriter): void;
  /**
   * Shows what the state holds of each key, like results as they would be now. Changes nothing; to be called while no batch
   * is under way. Of all operators that keep something by key.
   */
  entries?(): Iterable<ShownEntry>;
  /**
   * Begins to replace what the state holds by key, after it was restored and before the first batch. Entries that are shown,
   * with their states, and given back in the same order make the same operator. Wherever there are entries.
   */
  edit?(): EntryEditor;
  /** Called at most once, before the first batch. Throws a problem of the code state when the pages do not fit. */
  restore(from: SnapshotReader): void;
  onBatch(batch: Batch): void;
  onWatermark(time: number): void;
  /** The input is complete. A watermark of +Infinity came before it when the input was bounded. */
  onEnd(): void;
  /**
   * Only of operators that were handed a spill. To be called when a chunk is done and after each hook that says the end of
   * the input, again and again until it returns false. True: it has put something into its space, which has to be
   * flushed, or emitted something of a large answer, which has to be written before there is more.
   */
  onRest?(): boolean;
  /** Processing time has reached a point the operator asked for; see nextTimer. */
  onTimer?(nowMs: number): void;
  /** The processing time (epoch ms) at which onTimer wants to be called, or +Infinity. */
  nextTimer?(): number;
}

/** The state hooks of an operator that keeps nothing between two batches. */
export const stateless = {
  stateShape: undefined,
  snapshot() {},
  restore() {},
} as const;
