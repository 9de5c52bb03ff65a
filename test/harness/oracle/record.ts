/**
 * Records as the oracle sees them: one line parsed to a map of values, nothing clever. Numbers keep their
 * exactness, the spelling of what is only passed on is kept beside its value.
 */
import { memberOf, readJson, spellValue, type Value } from '../../../src/expression/index.js';
import type { Path } from '../../../src/record/index.js';

export interface OracleRecord {
  readonly fields: ReadonlyMap<string, Value>;
  /** The line as it came, for what is late or refused. */
  readonly line: string;
}

/** Parses a line; undefined when it is no JSON object. */
export function parseRecord(line: string): OracleRecord | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = new Map<string, Value>();
  for (const name of Object.keys(parsed)) fields.set(name, memberOf(readJson(line), [name]));
  return { fields, line };
}

/** The value under a path, null when there is nothing. */
export function valueAt(record: OracleRecord, path: Path): Value {
  const [name, ...steps] = path;
  return memberOf(record.fields.get(String(name)) ?? null, steps);
}

/** The record as an NDJSON line. */
export function spellRecord(fields: ReadonlyMap<string, Value>): string {
  return `{${[...fields].map(([name, value]) => `${JSON.stringify(name)}:${spellValue(value)}`).join(',')}}`;
}
