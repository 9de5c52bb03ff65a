/**
 * Durations as people write them: 10s, 500ms, 1h30m, 1.5s, 2d, 1w. A duration is a whole number of
 * milliseconds and never negative; offsets put their own sign in front. Months and years have no fixed
 * length and are no durations.
 */
import { didYouMean, problem } from '../diagnostics/index.js';

const unitMs: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** Words for the units, so that a hint can offer the letter that leat wants. */
const unitWords: Readonly<Record<string, string>> = {
  week: 'w',
  weeks: 'w',
  day: 'd',
  days: 'd',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  millis: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
};

const example = 'write it as 10s, 500ms, 1m, 1h30m, 2d or 1w';

function refuse(text: string, start: number, end: number, message: string, hint = example): never {
  throw problem({
    code: 'syntax',
    message,
    place: { kind: 'text', text, start, end: Math.max(end, start) },
    hint,
  });
}

function unitAt(text: string, start: number, end: number): string {
  const unit = text.slice(start, end);
  if (unit === '') return refuse(text, start, start + 1, `the duration ${text} needs a unit`);
  if (Object.hasOwn(unitMs, unit)) return unit;
  const lower = unit.toLowerCase();
  const meant = Object.hasOwn(unitMs, lower) ? lower : unitWords[lower];
  const hint = meant === undefined ? didYouMean(unit, Object.keys(unitMs)) : `leat writes it ${meant}`;
  return refuse(text, start, end, `unknown unit ${unit} in the duration ${text}`, hint);
}

/**
 * The milliseconds of a duration such as `1h30m`: numbers with units w, d, h, m, s, ms, the larger first,
 * each at most once; `0` needs no unit. Throws a problem of code syntax that points at what is wrong.
 */
export function parseDuration(text: string): number {
  if (/^0+$/.test(text)) return 0;
  const part = /(\d+(?:\.\d+)?|\.\d+)([A-Za-z\u00b5]*)/y;
  let total = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) return refuse(text, at, at + 1, `${text} is not a duration`);
    const end = part.lastIndex;
    const unitStart = at + match[1]!.length;
    const ms = unitMs[unitAt(text, unitStart, end)]!;
    if (ms >= smallest) {
      return refuse(
        text,
        at,
        end,
        `the units of the duration ${text} must go from large to small, each once`,
      );
    }
    smallest = ms;
    total += Number(match[1]) * ms;
    at = end;
  }
  if (text === '') return refuse(text, 0, 0, 'a duration is missing');
  const whole = Math.round(total);
  if (Math.abs(whole - total) > 1e-6) {
    return refuse(text, 0, text.length, `the duration ${text} is finer than a millisecond`);
  }
  if (!Number.isSafeInteger(whole)) refuse(text, 0, text.length, `the duration ${text} is too long`);
  return whole;
}

/**
 * The shortest spelling of a duration in ms that {@link parseDuration} reads back: 5400000 is `1h30m`, 0 is
 * `0s`.
 */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [unit, length] of Object.entries(unitMs)) {
    // 10d reads better than 1w3d, so weeks are used only when they are all there is.
    if (unit === 'w' && rest % length !== 0) continue;
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text;
}
