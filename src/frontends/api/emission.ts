/**
 * When windows of a program give results: the options of a window and of an aggregate, and what follows for the type of the
 * results. Results that may be corrected are changes, which begin with `op`; see docs/emission.md.
 */
import type { RowKind } from '../../plan/index.js';
import type { Field } from './fields.js';
import type { TimeOptions } from './time-options.js';

/** Results before they are final: every change, or what has changed in steps of event time, such as `early 10s`. */
export type EmitWords = 'changes' | `early ${string}`;

/** What an aggregate behind a window gives: final results, or changes. */
export type Emits = 'results' | 'changes';

export interface WindowOptions<Row> extends TimeOptions<Row> {
  /** The key, also that of the aggregate behind it. */
  readonly by?: readonly Field<Row>[];
  /** Results before they are final, as changes. */
  readonly emit?: EmitWords | undefined;
  /** For so long after a window has fired, late records correct its results: changes. A duration: `20s`. */
  readonly allowedLateness?: string | undefined;
  /** Every key that was seen has a row in every window, also in those without its records. */
  readonly fill?: 'zero';
  /** The row of a window and key is given at so many records, and begun anew. */
  readonly atMost?: number;
}

/** Options of a window whose results are changes. */
export type WithChanges = { readonly emit: EmitWords } | { readonly allowedLateness: string };
/** Options of one whose results are final. */
export interface WithoutChanges {
  readonly emit?: undefined;
  readonly allowedLateness?: undefined;
}

export interface AggregateOptions<Key> {
  /** The key; that of the window, where none is given. */
  readonly by?: readonly Key[];
  /** Results before they are final, as changes. */
  readonly emit?: EmitWords | undefined;
}

/** A change of a result: `+I` a row is new, `-U` and `+U` a row as it was and as it is, `-D` a row is gone. */
export type Change<Row> = { readonly op: RowKind } & Row;

/** The records that an aggregate gives; where it is not known whether they are changes, `op` may be missing. */
export type Given<Row, How extends Emits> = [How] extends ['results']
  ? Row
  : [How] extends ['changes']
    ? Change<Row>
    : Partial<Change<unknown>> & Row;
