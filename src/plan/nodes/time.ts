/** How a node takes event time from records. All durations in milliseconds. */
export interface TimeAssignment {
  /** The event-time field, an expression path such as ts or request.time. */
  readonly field: string;
  /** strptime pattern; without it the form is settled by the first record. */
  readonly format?: string;
  /** Zone for texts without one, default UTC. */
  readonly zone?: string;
  /** Watermark = highest time seen - delay. */
  readonly delayMs: number;
  /** A record further ahead than this of the highest time so far and of the clock is refused. */
  readonly maxSkewMs?: number;
  /** Leave the input out of the watermark after this much silence. */
  readonly idleMs?: number;
}

/** The field that holds the event time when nobody names one: what every log format fills. */
export const defaultTimeField = 'time';
