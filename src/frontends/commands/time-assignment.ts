/**
 * Event time from options: which field, in which form, how late. Made only when an option about event time was given;
 * otherwise the time said upstream holds, or the default field where nothing was said at all.
 */
import { defaultTimeField, type TimeAssignment } from '../../plan/index.js';
import { numberOf, textOf } from './options.js';
import type { OptionValues } from './spec.js';

const timeOptionNames = ['time', 'delay', 'time-format', 'max-skew', 'idle'] as const;

/** The assignment of a source, where a zone too can only be about event time. */
export function sourceTime(options: OptionValues): TimeAssignment | undefined {
  const zoned = options['zone'] !== undefined && options['time'] === undefined;
  return timeAssignment(zoned ? { ...options, time: defaultTimeField } : options);
}

/**
 * The assignment that the options say, or undefined when none of them is about event time. `upstream` lends its field
 * and form when only the delay or the like is given.
 */
export function timeAssignment(options: OptionValues, upstream?: TimeAssignment): TimeAssignment | undefined {
  if (timeOptionNames.every((name) => options[name] === undefined)) return undefined;
  const field = textOf(options, 'time');
  const base = field === undefined ? upstream : undefined;
  const format = textOf(options, 'time-format') ?? base?.format;
  const zone = textOf(options, 'zone') ?? base?.zone;
  const maxSkewMs = numberOf(options, 'max-skew') ?? base?.maxSkewMs;
  const idleMs = numberOf(options, 'idle') ?? base?.idleMs;
  return {
    field: field ?? base?.field ?? defaultTimeField,
    ...(format === undefined ? {} : { format }),
    ...(zone === undefined ? {} : { zone }),
    delayMs: numberOf(options, 'delay') ?? base?.delayMs ?? 0,
    ...(maxSkewMs === undefined ? {} : { maxSkewMs }),
    ...(idleMs === undefined ? {} : { idleMs }),
  };
}
