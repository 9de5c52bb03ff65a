/** Names of fields in a program: checked against the type of the records where one is given. */
import { printPath } from '../../expression/index.js';

/** What is known of records of which no type is given. */
export type AnyRecord = Record<string, unknown>;

/** The names of the fields of records; any text where the type does not say them. */
export type Field<Row> = string extends keyof Row ? string : Extract<keyof Row, string>;

/** A name as it is written in an expression. */
export const fieldText = (name: string): string => printPath([name]);
