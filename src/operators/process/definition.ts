/**
 * What a program of the user is to the operator that runs it: plain functions that are given records, timers and a
 * context. The words are those of Flink's KeyedProcessFunction. State belongs to the key of the record or timer at hand.
 */

/** One value of a key. Values are plain JSON. */
export interface ValueState<Value> {
  get(): Value | undefined;
  set(value: Value): void;
  clear(): void;
}

/** A list of a key, in the order in which it was added to. */
export interface ListState<Item> {
  get(): readonly Item[];
  add(item: Item): void;
  clear(): void;
}

/** Values of a key by names of their own. */
export interface MapState<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  delete(name: string): void;
  entries(): readonly (readonly [string, Value])[];
  clear(): void;
}

/** What a program may do while it is given a record or a timer. */
export interface ProcessContext<Output> {
  /** The values of the key, in the order of --by. */
  readonly key: readonly unknown[];
  /** Event time of the record, or the time of the timer, in epoch ms; undefined for a record without event time. */
  readonly time: number | undefined;
  /** The watermark before the record, in epoch ms; -Infinity before there is one. */
  readonly watermark: number;
  /** The clock, in epoch ms. */
  processingTime(): number;
  /** Gives a record to what stands behind. */
  emit(record: Output): void;
  /** Gives a record to an output beside the main one, which --side gave a file. */
  side(name: string, record: object): void;
  value<Value>(name: string): ValueState<Value>;
  list<Item>(name: string): ListState<Item>;
  map<Value>(name: string): MapState<Value>;
  /** Asks for onTimer when the watermark reaches an instant, in epoch ms; the same instant twice is one timer. */
  onEventTime(atMs: number): void;
  cancelEventTime(atMs: number): void;
  /** Asks for onTimer when the clock reaches an instant, in epoch ms. Not called once the input has ended. */
  onProcessingTime(atMs: number): void;
  cancelProcessingTime(atMs: number): void;
}

export interface ProcessTimer {
  readonly kind: 'event' | 'processing';
  /** The instant that was asked for, in epoch ms. */
  readonly time: number;
}

/** A program: all of it is synchronous. What it throws ends the run. */
export interface ProcessDefinition<
  Input extends object = Record<string, unknown>,
  Output extends object = object,
> {
  /** Called once before the first record of each run. */
  open?(): void;
  onRecord(record: Input, context: ProcessContext<Output>): void;
  onTimer?(timer: ProcessTimer, context: ProcessContext<Output>): void;
}

/**
 * Gives a program its types: the default export of a module for `leat process FILE`.
 *
 *     export default defineProcess<{ user: string }, { user: string; n: number }>({
 *       onRecord({ user }, context) {
 *         const seen = context.value<number>('seen');
 *         seen.set((seen.get() ?? 0) + 1);
 *         context.emit({ user, n: seen.get()! });
 *       },
 *     });
 */
export function defineProcess<Input extends object = Record<string, unknown>, Output extends object = object>(
  definition: ProcessDefinition<Input, Output>,
): ProcessDefinition<Input, Output> {
  return definition;
}

/** Gives the program of a file; handed in, since operators touch no file. */
export type Programs = (file: string) => ProcessDefinition;
