/** Programs of others in the middle of a stream; see docs/foreign.md. */

/** How records go through a program. */
export interface ViaOptions {
  /** How it is brought to give all that it owes: see docs/foreign.md. Default `restart`. */
  readonly settle?: 'restart' | 'count' | 'mark';
  /** Exit statuses that count as success; default 0 alone. */
  readonly ok?: readonly number[];
  /** What comes out of it has no event time any more. */
  readonly untimed?: boolean;
}

/** How a command is run. */
export interface ExecOptions {
  /** Once for each record, which is the default, or once for each window, when it is complete. */
  readonly per?: 'record' | 'window';
  /** How many run at a time; default 1. What they print leaves in the order of the records. */
  readonly jobs?: number;
  /** How often it is run again when it fails, after 100 ms, 200 ms and so on; default 0. */
  readonly retries?: number;
  /** Exit statuses that count as success; default 0 alone. */
  readonly ok?: readonly number[];
  readonly uid?: string;
}
