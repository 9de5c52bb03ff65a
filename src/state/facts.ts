/**
 * The few single numbers and texts of a state, as one page of JSON: a watermark, a counter, a flag. Numbers that JSON
 * cannot spell are texts there.
 */
import { misfit } from './misfit.js';
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';

export type Facts = Readonly<Record<string, number | string | boolean>>;

const section = 'facts';

function spell(_name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

export function writeFacts(into: SnapshotWriter, facts: Facts): void {
  into.page(section, 0, Buffer.from(JSON.stringify(facts, spell)));
}

function parse(page: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(page).toString()) as Readonly<Record<string, unknown>>;
  } catch {
    throw misfit(section, 'is no JSON');
  }
}

/** Reads facts of the same names and types as those given, which are only looked at for that. */
export function readFacts<Wanted extends Facts>(from: SnapshotReader, like: Wanted): Widened<Wanted> {
  if (from.pageCount(section) !== 1) throw misfit(section, 'is not there');
  const stored = parse(from.page(section, 0));
  const facts: Record<string, number | string | boolean> = {};
  for (const [name, example] of Object.entries(like)) {
    const value = stored[name];
    const fact = typeof example === 'number' && typeof value === 'string' ? Number(value) : value;
    if (typeof fact !== typeof example) throw misfit(section, `has no ${typeof example} named ${name}`);
    facts[name] = fact as number | string | boolean;
  }
  return facts as Widened<Wanted>;
}

type Widened<Given extends Facts> = {
  [Name in keyof Given]: Given[Name] extends number ? number : Given[Name] extends string ? string : boolean;
};
