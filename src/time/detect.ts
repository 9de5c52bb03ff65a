/**
 * Settles the form of event time from the first record of a stream. Later records are held to that form, so
 * this is the one place that guesses: numbers by their magnitude, texts by their looks.
 */
import { epochKindOf } from './epoch.js';
import type { TimeForm } from './form.js';
import { instantFromNumber, instantFromText } from './instant.js';
import { compilePattern } from './pattern.js';
import { checkZone, spellOffset } from './zone.js';

/** What the user said about the form: a strptime pattern, and the zone of texts that name none. */
export interface FormOptions {
  readonly pattern?: string | undefined;
  readonly zone?: string | undefined;
}

const dateTime =
  /^\d{4}-\d\d-\d\d(?:([Tt ])\d\d:\d\d(?::\d\d(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;
const digits = /^[+-]?\d{1,20}(?:\.(\d+))?$/;

function inZone(zone: string | undefined): { readonly zone: string } | undefined {
  return zone === undefined ? undefined : { zone };
}

function epochForm(magnitude: number, quoted: boolean, fractionDigits: number): TimeForm {
  return { kind: epochKindOf(magnitude), quoted, fractionDigits: Math.min(9, fractionDigits), suffix: '' };
}

function patternForm(sample: string, pattern: string, zone: string | undefined): TimeForm {
  const compiled = compilePattern(pattern);
  const offset = zone === undefined ? compiled.offsetOf(sample) : undefined;
  const fraction = pattern.includes('%f') ? /[.,](\d{1,9})(?!\d)/.exec(sample)?.[1] : undefined;
  return {
    kind: 'pattern',
    quoted: false,
    fractionDigits: fraction?.length ?? 0,
    suffix: '',
    pattern,
    // Bounds of windows are spelled where the first record was, not in a zone that nobody mentioned.
    ...inZone(zone ?? (offset === undefined || offset === 0 ? undefined : spellOffset(offset, ':'))),
  };
}

function dateTimeForm(match: RegExpExecArray, zone: string | undefined): TimeForm {
  const end = match[3];
  const zulu = end === 'Z' || end === 'z';
  const suffix = end === undefined ? '' : zulu ? 'Z' : 'offset';
  const named =
    suffix === 'offset' ? (end!.length === 3 ? `${end}:00` : end!.replace(/^(...):?/, '$1:')) : undefined;
  return {
    kind: match[1] === ' ' ? 'sql' : 'iso',
    quoted: false,
    fractionDigits: match[2]?.length ?? 0,
    suffix,
    ...inZone(zone ?? (named === '+00:00' || named === '-00:00' ? undefined : named)),
  };
}

function textForm(sample: string, { pattern, zone }: FormOptions): TimeForm | undefined {
  if (pattern !== undefined) return patternForm(sample, pattern, zone);
  const match = dateTime.exec(sample);
  if (match !== null) return dateTimeForm(match, zone);
  const number = digits.exec(sample);
  if (number !== null) return epochForm(Math.abs(Number(sample)), true, number[1]?.length ?? 0);
  return undefined;
}

/**
 * The form that a value of the event-time field is written in, or undefined when it is none that leat knows
 * (or does not fit the pattern). Numbers below 1e11 are seconds, below 1e14 milliseconds, below 1e17
 * microseconds, else nanoseconds. Throws a problem for a bad pattern or zone, whatever the sample.
 */
export function detectForm(sample: number | string, options: FormOptions = {}): TimeForm | undefined {
  if (options.zone !== undefined) checkZone(options.zone);
  if (typeof sample === 'number') {
    if (options.pattern !== undefined) return undefined;
    const fraction = Number.isInteger(sample) ? 0 : 3;
    const form = epochForm(Math.abs(sample), false, fraction);
    return Number.isNaN(instantFromNumber(form, sample)) ? undefined : form;
  }
  const form = textForm(sample, options);
  return form === undefined || Number.isNaN(instantFromText(form, sample)) ? undefined : form;
}
