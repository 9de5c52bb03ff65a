/**
 * From what a record holds to an instant, and back, by the form that its stream settled on. An instant is
 * whole epoch milliseconds; NaN says that the value is not of the form. Nothing here guesses: that is done
 * once, in detect.ts.
 */
import { epochFromBytes, epochFromNumber, epochToNumber, epochToText, isEpochKind } from './epoch.js';
import type { TimeForm } from './form.js';
import { isoFromBytes, spellLocal } from './iso.js';
import { compilePattern, type TimePattern } from './pattern.js';
import { epochToLocal, spellOffset, zoneOffsetMs } from './zone.js';

/** Longer texts are no instants, so that a text can be written into one small buffer. */
const mostLength = 128;
const scratch = new Uint8Array(mostLength * 3);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Compiled patterns by form; a form is made once a stream. */
const patterns = new WeakMap<TimeForm, TimePattern>();

function patternOf(form: TimeForm): TimePattern {
  let compiled = patterns.get(form);
  if (compiled === undefined) {
    compiled = compilePattern(form.pattern ?? '', form.fractionDigits > 0 ? form.fractionDigits : 6);
    patterns.set(form, compiled);
  }
  return compiled;
}

/** The instant of a JSON number; NaN when the form is a text. */
export function instantFromNumber(form: TimeForm, n: number): number {
  return form.quoted || !isEpochKind(form.kind) ? Number.NaN : epochFromNumber(form.kind, n);
}

/**
 * The instant of a JSON number given by its digits, which is exact where a double is not (nanoseconds). A
 * number with an exponent is read as a double. NaN when the form is a text.
 */
export function instantFromDigits(form: TimeForm, bytes: Uint8Array, start: number, length: number): number {
  if (form.quoted || !isEpochKind(form.kind)) return Number.NaN;
  const exact = epochFromBytes(form.kind, bytes, start, length);
  if (!Number.isNaN(exact)) return exact;
  return epochFromNumber(form.kind, Number(decoder.decode(bytes.subarray(start, start + length))));
}

function instantFromPattern(form: TimeForm, text: string): number {
  return patternOf(form).parse(text, form.zone);
}

/**
 * The instant of a text, given as the bytes inside its quotes; NaN when it is not of the form, and always
 * when the form is an unquoted number. Allocates nothing for ISO, SQL and epoch forms.
 */
export function instantFromBytes(form: TimeForm, bytes: Uint8Array, start: number, length: number): number {
  switch (form.kind) {
    case 'iso':
      return isoFromBytes(bytes, start, length, 84, form.zone);
    case 'sql':
      return isoFromBytes(bytes, start, length, 32, form.zone);
    case 'pattern':
      if (length > mostLength) return Number.NaN;
      return instantFromPattern(form, decoder.decode(bytes.subarray(start, start + length)));
    default:
      return form.quoted ? epochFromBytes(form.kind, bytes, start, length) : Number.NaN;
  }
}

/** The instant of a text; see {@link instantFromBytes}. */
export function instantFromText(form: TimeForm, text: string): number {
  if (text.length > mostLength) return Number.NaN;
  if (form.kind === 'pattern') return instantFromPattern(form, text);
  return instantFromBytes(form, scratch, 0, encoder.encodeInto(text, scratch).written);
}

function spellText(form: TimeForm, separator: 'T' | ' '): (ms: number) => string {
  const { fractionDigits, suffix, zone } = form;
  if (suffix === 'Z') return (ms) => `${spellLocal(ms, separator, fractionDigits)}Z`;
  if (zone === undefined) {
    const end = suffix === 'offset' ? '+00:00' : '';
    return (ms) => spellLocal(ms, separator, fractionDigits) + end;
  }
  if (suffix === '') return (ms) => spellLocal(epochToLocal(zone, ms), separator, fractionDigits);
  return (ms) => {
    // Local mean times of long ago have seconds, which the spelled offset has not.
    const offset = Math.round(zoneOffsetMs(zone, ms) / 60_000) * 60_000;
    return spellLocal(ms + offset, separator, fractionDigits) + spellOffset(offset, ':');
  };
}

/** The forms of the functions that spellInstant has made, so that what holds one can be written down. */
const formsOfSpellers = new WeakMap<SpellInstant, TimeForm>();

/** The form that a function made by {@link spellInstant} spells. */
export function formOfSpeller(spell: SpellInstant): TimeForm | undefined {
  return formsOfSpellers.get(spell);
}

export type SpellInstant = (epochMs: number) => number | string;

/**
 * A function that spells instants (epoch ms) in a form: a number, or the inside of a JSON string. What it
 * spells, the form reads back as the same instant; patterns without a fraction lose it.
 */
export function spellInstant(form: TimeForm): SpellInstant {
  const spell = spellerOf(form);
  formsOfSpellers.set(spell, form);
  return spell;
}

function spellerOf(form: TimeForm): SpellInstant {
  const { kind, fractionDigits } = form;
  switch (kind) {
    case 'iso':
      return spellText(form, 'T');
    case 'sql':
      return spellText(form, ' ');
    case 'pattern': {
      const pattern = patternOf(form);
      return (ms) => pattern.spell(ms, form.zone);
    }
    default:
      return form.quoted ? (ms) => epochToText(kind, ms, fractionDigits) : (ms) => epochToNumber(kind, ms);
  }
}
