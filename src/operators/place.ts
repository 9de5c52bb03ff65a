/**
 * A place in a chain while it is built: what records look like there, and which time, key and window hold.
 * Builders go front to back over places; the operators are then created back to front, each with its output.
 */
import type { Emission, TimeAssignment, WindowShape } from '../plan/index.js';
import type { Spill } from '../state/index.js';
import type { TimeForm } from '../time/index.js';
import type { Clock, Operator, Output, Reports, RowShape } from './operator.js';
import type { Programs } from './process/definition.js';
import type { TableFiles } from './table-file.js';

/**
 * Event time at a place. The form is a cell: the first record (or the stream line) settles it, everybody
 * reads it.
 */
export interface PlaceTime {
  readonly assignment: TimeAssignment;
  readonly cell: { form: TimeForm | undefined };
  /**
   * The watermark does not follow from the times of the records, because several sources are read beside each
   * other: it is that of the one which is behind, and is said.
   */
  readonly said?: boolean;
}

/** A window that was assigned upstream: records carry its bounds in these fields. */
export interface PlaceWindow {
  readonly shape: WindowShape;
  readonly startField: 'window_start';
  readonly endField: 'window_end';
  /** What an aggregate behind it is asked to give besides results when the window fires. */
  readonly emission?: Emission | undefined;
}

/** A grouping key: the field name and the column its values stand in. */
export interface PlaceKey {
  readonly name: string;
  readonly column: number;
}

export interface Place {
  readonly rows: RowShape;
  readonly time: PlaceTime | undefined;
  /** The key said upstream by keyby or window; empty for none. */
  readonly key: readonly PlaceKey[];
  readonly window: PlaceWindow | undefined;
  /** Whether the records come from sources that are read beside each other here, in the order in which they come. */
  readonly isBeside?: boolean;
  /** Whether the input can end. */
  readonly bounded: boolean;
  /** Files to look things up in; undefined where operators are built and not run. */
  readonly tables: TableFiles | undefined;
  /** Programs of the user; undefined where operators are built and not run. */
  readonly programs: Programs | undefined;
  /** Whether a window was used up on the way: records that leave for another process are plain then. */
  readonly isPlain?: boolean;
}

/** What a running operator is handed besides its output. */
export interface Services {
  readonly reports: Reports;
  readonly clock: Clock;
  /**
   * Sources that are read beside each other, while the rows of `present` are worked on: those that have something to come.
   * Undefined where sources are read one after another.
   */
  readonly sources?: ((present: string) => readonly string[]) | undefined;
  /** Opens an output beside the main one, for copies; absent where nothing is kept. */
  copy?(path: string): { append(bytes: Uint8Array): void };
  /** Where state may go that does not fit into memory; its operator has this space alone. */
  readonly spill?: Spill;
}

/** A built node: the place behind it, and how to make its operator. */
export interface Built {
  readonly place: Place;
  create(output: Output, services: Services): Operator;
}
