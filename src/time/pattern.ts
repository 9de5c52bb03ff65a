/**
 * strptime patterns, as `--time-format` and the formats of web server logs give them: `%d/%b/%Y:%H:%M:%S
 * %z`. English names only, whatever the locale. White space in a pattern stands for any run of white space.
 * A directive that leat does not know is a problem, never taken as text.
 */
import { problem } from '../diagnostics/index.js';
import { type NumberField, readSteps, type Step, spellSteps } from './pattern-step.js';
import { localToEpoch, zoneOffsetMs } from './zone.js';

/** A compiled strptime pattern. */
export interface TimePattern {
  readonly pattern: string;
  /**
   * Epoch ms of a text, what is finer cut off, or NaN when it does not fit. `zone` is that of texts that
   * name none (default UTC), `year` that of patterns without one (default 1970).
   */
  parse(text: string, zone?: string, year?: number): number;
  /** Spells an epoch ms on the clock of `zone`, default UTC. */
  spell(epochMs: number, zone?: string): string;
  /** The offset in ms that a text names by itself, or undefined. */
  offsetOf(text: string): number | undefined;
}

function number(field: NumberField, width: number, pad: '0' | ' ' = '0', needs = 1): Step {
  return { kind: 'number', field, least: width, most: width, needs, pad };
}

const literal = (text: string): Step => ({ kind: 'literal', text });

const directives: Readonly<Record<string, Step | string>> = {
  Y: number('year', 4, '0', 4),
  y: number('year2', 2, '0', 2),
  m: number('month', 2),
  d: number('day', 2),
  e: number('day', 2, ' '),
  j: number('dayOfYear', 3),
  H: number('hour24', 2),
  k: number('hour24', 2, ' '),
  I: number('hour12', 2),
  l: number('hour12', 2, ' '),
  M: number('minute', 2),
  S: number('second', 2),
  s: { kind: 'number', field: 'epochSeconds', least: 1, most: 12, needs: 1, pad: '0' },
  f: { kind: 'fraction', digits: 6, fixed: false },
  b: { kind: 'monthName', long: false },
  h: { kind: 'monthName', long: false },
  B: { kind: 'monthName', long: true },
  a: { kind: 'weekday', long: false },
  A: { kind: 'weekday', long: true },
  p: { kind: 'half' },
  z: { kind: 'offset', separator: '', zuluForZero: false },
  ':z': { kind: 'offset', separator: ':', zuluForZero: false },
  Z: { kind: 'zone' },
  '%': literal('%'),
  n: { kind: 'space', optional: false },
  t: { kind: 'space', optional: false },
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
};

function stepsOf(pattern: string, fractionDigits: number): Step[] {
  const steps: Step[] = [];
  const token = /%(:?.)?|\s+|[^%\s]+/gsu;
  for (const match of pattern.matchAll(token)) {
    const text = match[0];
    if (text.startsWith('%')) {
      const name = match[1] ?? '';
      const directive = Object.hasOwn(directives, name) ? directives[name]! : undefined;
      if (directive === undefined) {
        throw problem({
          code: 'syntax',
          message: `unknown directive ${text} in a time format`,
          place: { kind: 'text', text: pattern, start: match.index, end: match.index + text.length },
          hint: `known are: ${Object.keys(directives)
            .map((known) => `%${known}`)
            .join(' ')}`,
        });
      }
      if (typeof directive === 'string') steps.push(...stepsOf(directive, fractionDigits));
      else if (directive.kind === 'fraction') steps.push({ ...directive, digits: fractionDigits });
      else steps.push(directive);
    } else if (text.trim() === '') {
      // %e and its like skip blanks themselves, so the pattern's blank may have been the padding.
      steps.push({ kind: 'space', optional: false });
    } else {
      steps.push(literal(text));
    }
  }
  return steps;
}

/**
 * Compiles a strptime pattern. `fractionDigits` is how many digits %f spells (it reads 1 to 9). Throws a
 * problem of code syntax at a directive that is not known, or when the pattern has none.
 */
export function compilePattern(pattern: string, fractionDigits = 6): TimePattern {
  const steps = stepsOf(pattern, fractionDigits);
  if (steps.every((step) => step.kind === 'literal' || step.kind === 'space')) {
    throw problem({
      code: 'syntax',
      message: 'a time format needs directives',
      place: { kind: 'text', text: pattern, start: 0, end: pattern.length },
      hint: 'such as %Y-%m-%d %H:%M:%S or %d/%b/%Y:%H:%M:%S %z',
    });
  }
  const namesOffset = steps.some((step) => step.kind === 'offset');
  return {
    pattern,
    parse(text, zone, year) {
      const parsed = readSteps(steps, text, year);
      if (parsed === undefined) return Number.NaN;
      if (parsed.offsetMs !== undefined) return parsed.localMs - parsed.offsetMs;
      const where = parsed.zone ?? zone;
      return where === undefined ? parsed.localMs : localToEpoch(where, parsed.localMs);
    },
    spell(epochMs, zone = 'UTC') {
      const exact = zoneOffsetMs(zone, epochMs);
      // Local mean times of long ago have seconds, which a spelled offset has not.
      const offsetMs = namesOffset ? Math.round(exact / 60_000) * 60_000 : exact;
      return spellSteps(steps, { localMs: epochMs + offsetMs, nanos: 0, offsetMs, zone });
    },
    offsetOf: (text) => readSteps(steps, text)?.offsetMs,
  };
}
