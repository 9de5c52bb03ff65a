/** Event time as a program says it. */
import type { AnyRecord, Field } from './fields.js';

/** Event time: the field that holds it, and how far behind the newest record others may come. */
export interface TimeOptions<Row = AnyRecord> {
  readonly time?: Field<Row>;
  readonly delay?: string;
  readonly timeFormat?: string;
  readonly zone?: string;
  readonly maxSkew?: string;
  readonly idle?: string;
}
