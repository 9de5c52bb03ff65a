/**
 * Records in the state of entries: as JSON objects where these say them exactly. One whose numbers are spelled in another
 * way, or whose members stand in another order than an object would have them, is the text of its line.
 */
import type { Value } from '../expression/index.js';
import { membersOf } from '../record/index.js';
import { isPlainObject, type Plain, type PlainObject, samePlain, wrongEntry } from './entry.js';
import { numberOfPlain, plainNumber, plainValue } from './keyed-cells/plain-things.js';
import type { KeptRecord } from './window/kept.js';

export function plainRecord(text: string): Plain {
  const plain = JSON.parse(text) as Plain;
  return JSON.stringify(plain) === text ? plain : text;
}

function parsed(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** The line of a record without its end. Throws a problem of the code state when it is none. */
export function recordOfPlain(plain: Plain | undefined): string {
  if (isPlainObject(plain)) return JSON.stringify(plain);
  if (typeof plain === 'string' && !/[\n\r]/.test(plain) && isPlainObject(parsed(plain))) return plain;
  throw wrongEntry(
    `${JSON.stringify(plain)?.slice(0, 60) ?? 'nothing'} is no record`,
    'write it as a JSON object, or as the text of one on one line',
  );
}

/** The time of a record in an entry, in epoch ms. */
export function timeOfPlain(plain: Plain | undefined): number {
  if (typeof plain === 'number') return plain;
  throw wrongEntry(
    plain === undefined ? 'one of its records has no time' : `${JSON.stringify(plain)} is no time`,
    'time is in milliseconds, such as 1432108800000; 0 where records have none',
  );
}

/** The members of a state that a kept record is; see keptOfPlain. */
export const keptMembers = ['time', 'source', 'record'] as const;

export const textOfKept = ({ bytes }: KeptRecord): string => Buffer.from(bytes).toString();

/** A record that is kept as bytes. One without event time says none. */
export function plainKept(kept: KeptRecord): PlainObject {
  const { time, source } = kept;
  const its: PlainObject = Number.isNaN(time) ? {} : { time: plainNumber(time) };
  return { ...its, source, record: plainRecord(textOfKept(kept)) };
}

/** The record of a state that plainKept has given; `timed`: it must have a time. */
export function keptOfPlain(state: PlainObject, timed: boolean): KeptRecord {
  const { time, source = 'edited' } = state;
  if (typeof source !== 'string') throw wrongEntry('its source is no text', 'leave source out');
  const bytes = Buffer.from(recordOfPlain(state['record']));
  if (timed) return { bytes, time: timeOfPlain(time), source };
  return { bytes, time: time === undefined ? Number.NaN : numberOfPlain(time), source };
}

/** The field that a value beside a record is; undefined where it is computed. */
export type FieldName = string | undefined;

/** Refuses values that are not those of their record, as far as its fields say them. `name` is where they are said. */
export function checkFields(
  text: string,
  values: readonly Value[],
  fields: readonly FieldName[],
  name: string,
): void {
  const members = new Map<string, string>(membersOf(text));
  for (const [index, field] of fields.entries()) {
    const plain = plainValue(values[index]!);
    if (field === undefined || (typeof plain === 'object' && plain !== null)) continue;
    const said = members.get(field) ?? 'null';
    const own = JSON.parse(said) as unknown;
    // The text of a number counts as one in some places.
    const isOfOther = own !== null && typeof own !== typeof plain;
    if (isOfOther || samePlain(own, plain)) continue;
    throw wrongEntry(
      `${name} says ${JSON.stringify(plain)}, and ${field} of its record is ${said}`,
      `${name} is what counts: change both`,
    );
  }
}
