/**
 * What a built-in function is. Families (string.ts, number.ts, time.ts, ...) export arrays of definitions;
 * the registry collects them. A function is pure: the same arguments give the same value, but for those
 * marked volatile.
 */
import type { Value, ValueType } from '../value.js';

export interface FunctionDefinition {
  /** Canonical name in capitals, as in Flink SQL where Flink has the function. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly family: 'string' | 'number' | 'time' | 'regexp' | 'json' | 'conditional' | 'hash' | 'url';
  /** For help: `SUBSTRING(text, start [, length])`. */
  readonly usage: string;
  readonly summary: string;
  /** An expression over no columns and its value as JSON text; run by a test and shown in the docs. */
  readonly example: readonly [expression: string, result: string];
  /**
   * Types of the arguments, 'any' for all; the last one repeats when `variadic`. A value of another type is
   * converted if SQL does so, else it is a type error.
   */
  readonly parameters: readonly ValueType[];
  /** How many of the parameters must be given; default all. */
  readonly required?: number;
  readonly variadic?: boolean;
  readonly returns: ValueType;
  /** True when it wants to see nulls; otherwise a null argument gives null without a call. */
  readonly acceptsNull?: boolean;
  /** NOW() and the like: not folded. */
  readonly volatile?: boolean;
  /**
   * Called with converted arguments. Throw valueError(message) (value-error.ts) to refuse the record.
   * `session.nowMs()` is the clock.
   */
  evaluate(arguments_: readonly Value[], session: FunctionSession): Value;
}

/** What a function may know of its surroundings. */
export interface FunctionSession {
  nowMs(): number;
  /** The session's zone, default UTC. */
  readonly zone: string;
}
