/**
 * The values an expression computes with. JSON numbers are number (exact while safe) or bigint; DECIMAL is exact;
 * nested values stay JSON text until somebody looks inside; instants are SQL timestamps. null stands for SQL NULL and
 * for a missing field.
 */

/** An exact decimal: unscaled * 10^-scale. */
export interface Decimal {
  readonly type: 'decimal';
  readonly unscaled: bigint;
  readonly scale: number;
  json(): string;
}

/**
 * A SQL date-time value. `timestamp` and `timestamp_ltz` count epoch ms of the (UTC) wall clock, `date` is
 * midnight of its day, `time` is ms of the day. `nanos` (0 to 999,999) is what is finer than a
 * millisecond.
 */
export interface Temporal {
  readonly type: 'timestamp' | 'timestamp_ltz' | 'date' | 'time';
  readonly ms: number;
  readonly nanos: number;
  /** The SQL text as a JSON string: "2026-11-24 10:00:00.000". */
  json(): string;
}

/** A SQL interval: whole months, or milliseconds. */
export interface Interval {
  readonly type: 'interval';
  readonly months: number;
  readonly ms: number;
  json(): string;
}

/** A JSON object or array, as its text. */
export interface Nested {
  readonly type: 'nested';
  readonly text: string;
  json(): string;
}

export type Value = null | boolean | number | bigint | string | Decimal | Temporal | Interval | Nested;

/** Static types as far as they are known; `any` is an undeclared JSON field. */
export type ValueType =
  | 'any'
  | 'null'
  | 'boolean'
  | 'number'
  | 'decimal'
  | 'text'
  | 'timestamp'
  | 'timestamp_ltz'
  | 'date'
  | 'time'
  | 'interval'
  | 'nested';
