/** Aggregates of a program, each with what it reads and what comes of it in its type. */
import { type AnyRecord, fieldText } from './fields.js';

/** What an aggregate gives: a number, a value of its field, or a list of them. */
export type AggregateResult = 'number' | 'value' | 'values' | 'unknown';

declare const reads: unique symbol;
declare const gives: unique symbol;

/** An aggregate that reads the field `Name`. */
export interface Aggregate<Name extends string = string, Result extends AggregateResult = AggregateResult> {
  /** As it is written in pipeline text. */
  readonly text: string;
  readonly [reads]?: Name;
  readonly [gives]?: Result;
}

type Value<Row, Name extends string> = Name extends keyof Row ? Row[Name] : unknown;

/** The type of what an aggregate gives for records of a type. */
export type ResultOf<Row, Call> =
  Call extends Aggregate<infer Name, infer Result>
    ? Result extends 'number'
      ? number
      : Result extends 'value'
        ? Value<Row, Name> | null
        : Result extends 'values'
          ? Value<Row, Name>[] | null
          : unknown
    : never;

/** Aggregates by the names that their results get. */
export type Calls<Name extends string> = Readonly<Record<string, Aggregate<Name>>>;

/** Names of fields that aggregates read. */
export type ReadBy<Call> = Call extends Aggregate<infer Name> ? Name : never;

const call = <Name extends string, Result extends AggregateResult>(
  name: string,
  field: Name,
  more = '',
): Aggregate<Name, Result> => ({ text: `${name}(${fieldText(field)}${more})` });

/** The number of records, or of those whose field is not null. */
export function count(): Aggregate<never, 'number'>;
export function count<Name extends string>(field: Name): Aggregate<Name, 'number'>;
export function count(field?: string): Aggregate<string, 'number'> {
  return { text: field === undefined ? 'count(*)' : `count(${fieldText(field)})` };
}

/** The number of different values of a field, exactly. */
export const countDistinct = <Name extends string>(field: Name): Aggregate<Name, 'number'> => ({
  text: `count(distinct ${fieldText(field)})`,
});

/** The sum of a field; exact for integers. Null over nothing. */
export const sum = <Name extends string>(field: Name) => call<Name, 'number'>('sum', field);
/** The mean of a field. Null over nothing. */
export const avg = <Name extends string>(field: Name) => call<Name, 'number'>('avg', field);
/** The least value of a field. */
export const min = <Name extends string>(field: Name) => call<Name, 'value'>('min', field);
/** The greatest value of a field. */
export const max = <Name extends string>(field: Name) => call<Name, 'value'>('max', field);
/** The value of a field in the first record. */
export const first = <Name extends string>(field: Name) => call<Name, 'value'>('first', field);
/** The value of a field in the last record. */
export const last = <Name extends string>(field: Name) => call<Name, 'value'>('last', field);
/** All values of a field that are not null, in order of arrival. */
export const list = <Name extends string>(field: Name) => call<Name, 'values'>('list', field);
/** The different values of a field. */
export const set = <Name extends string>(field: Name) => call<Name, 'values'>('set', field);
/** A quantile of a field within 1 %, such as 0.95. */
export const quantile = <Name extends string>(field: Name, fraction: number) =>
  call<Name, 'number'>('quantile', field, `, ${fraction}`);

/** Any aggregate as pipeline text has it: `aggregate('sum(price * count) filter (where paid)')`. Its type is not known. */
export const aggregate = (text: string): Aggregate<never, 'unknown'> => ({ text });

/** Records of a group: the key and what the aggregates give. */
export type Aggregated<Row, Names extends Calls<string>, Key> = Pick<Row, Extract<Key, keyof Row>> & {
  [Name in keyof Names]: ResultOf<Row, Names[Name]>;
} & (Row extends WindowBounds ? WindowBounds : unknown);

/** The bounds that records in windows have, in the form of their event time. */
export interface WindowBounds {
  readonly window_start: string | number;
  readonly window_end: string | number;
}

export type { AnyRecord };
