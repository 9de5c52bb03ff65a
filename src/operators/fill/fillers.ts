/**
 * The records that are put into a gap: as the one before it, with the time of their own, the key as it is, and the other
 * fields as the fill says. Members stay in their order, and what is not touched keeps its spelling.
 */
import type { FillValue } from '../../plan/index.js';
import { type Member, membersOf } from '../../record/index.js';

export interface Gap {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** How far apart in time they are. */
  readonly lengthMs: number;
  readonly everyMs: number;
  /** How many records are put in. */
  readonly missing: number;
}

export interface FillRules {
  readonly value: FillValue;
  /** Fields that stay as they are. */
  readonly key: ReadonlySet<string>;
}

const isNumber = (value: string): boolean => /^[-\d]/.test(value);

/** Between two numbers, as far along as `share`; null when one of them is none. */
function between(before: string, after: string | undefined, share: number): string {
  if (after === undefined || !isNumber(before) || !isNumber(after)) return 'null';
  const from = Number(before);
  const value = from + (Number(after) - from) * share;
  return Number.isFinite(value) ? JSON.stringify(value) : 'null';
}

function filledValue(rules: FillRules, before: string, after: string | undefined, share: number): string {
  switch (rules.value) {
    case 'zero':
      return isNumber(before) || (after !== undefined && isNumber(after)) ? '0' : 'null';
    case 'previous':
      return before;
    case 'null':
      return 'null';
    case 'linear':
      return between(before, after, share);
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Makes the records of a gap one after the other; `timeMembers` spells the fields of time that are so much later. */
export function* fillersOf(
  gap: Gap,
  rules: FillRules,
  timeMembers: (laterMs: number) => ReadonlyMap<string, string>,
): Generator<Uint8Array> {
  const before = membersOf(textOf(gap.before));
  const after = new Map<string, string>(membersOf(textOf(gap.after)));
  for (let k = 1; k <= gap.missing; k++) {
    const laterMs = k * gap.everyMs;
    const times = timeMembers(laterMs);
    const spell = ([name, value]: Member): string => {
      const kept = times.get(name) ?? (rules.key.has(name) ? value : undefined);
      return `${JSON.stringify(name)}:${kept ?? filledValue(rules, value, after.get(name), laterMs / gap.lengthMs)}`;
    };
    yield Buffer.from(`{${before.map(spell).join(',')}}`);
  }
}
