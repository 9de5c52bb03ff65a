/** The room of time: instants, durations, forms of event time, window assignment, watermark rules. Pure. */
export { createAssigner } from './assigner.js';
export {
  addMonths,
  type CivilDate,
  civilFromDays,
  dayMs,
  dayOfYear,
  daysFromCivil,
  daysInMonth,
  isLeapYear,
  isoDayOfWeek,
  isoWeek,
} from './civil.js';
export { detectForm, type FormOptions } from './detect.js';
export { formatDuration, parseDuration } from './duration.js';
export type { TimeForm } from './form.js';
export { formFromName, formName } from './form-name.js';
export {
  formOfSpeller,
  instantFromBytes,
  instantFromDigits,
  instantFromNumber,
  instantFromText,
  spellInstant,
} from './instant.js';
export { spellDate, spellLocal } from './iso.js';
export { compileLetterPattern, type LetterPattern } from './letter-pattern.js';
export { compilePattern, type TimePattern } from './pattern.js';
export { type PatternSpan, patternSpan } from './pattern-span.js';
export type { ParsedTime, SpelledTime } from './pattern-step.js';
export { sessionEnd, sessionsMeet } from './session.js';
export {
  hasFired,
  heldInOrderMs,
  isLate,
  markInOrder,
  watermarkBehind,
  windowTime,
} from './watermark.js';
export { type AlignedShape, tumbleStart, type WindowAssigner } from './window.js';
export { checkZone, epochToLocal, isZone, localToEpoch, spellOffset, zoneOffsetMs } from './zone.js';
