/**
 * Date-time patterns in letters (`yyyy-MM-dd HH:mm:ss.SSS`), as DATE_FORMAT and its kin in Flink SQL take
 * them: the letters of java.time's DateTimeFormatter that name a date, a time, or a zone. English names
 * only. Letters that leat does not know are a problem, since all of them are reserved.
 */
import { problem } from '../diagnostics/index.js';
import {
  type NumberField,
  type ParsedTime,
  readSteps,
  type SpelledTime,
  type Step,
  spellSteps,
} from './pattern-step.js';

/** A compiled pattern of letters. */
export interface LetterPattern {
  /** What a text says, or undefined when it does not fit. */
  read(text: string): ParsedTime | undefined;
  spell(time: SpelledTime): string;
}

const numbers: Readonly<Record<string, NumberField>> = {
  Q: 'quarter',
  q: 'quarter',
  M: 'month',
  L: 'month',
  d: 'day',
  D: 'dayOfYear',
  H: 'hour24',
  h: 'hour12',
  m: 'minute',
  s: 'second',
};

const knownLetters = 'y u Q M d D E a H h m s S z V Z X x';

function stepOfNumber(field: NumberField, count: number): Step {
  const widest = field === 'dayOfYear' ? 3 : field === 'quarter' ? 1 : 2;
  return {
    kind: 'number',
    field,
    least: count,
    most: Math.max(count, widest),
    needs: count,
    pad: '0',
  };
}

function stepOfYear(count: number): Step {
  if (count === 2) return { kind: 'number', field: 'year2000', least: 2, most: 2, needs: 2, pad: '0' };
  return { kind: 'number', field: 'year', least: count, most: Math.max(4, count), needs: count, pad: '0' };
}

/** The step of a run of one letter, or undefined when there is none. */
function stepOf(letter: string, count: number): Step | undefined {
  switch (letter) {
    case 'y':
    case 'u':
      return stepOfYear(count);
    case 'S':
      return count > 9 ? undefined : { kind: 'fraction', digits: count, fixed: true };
    case 'E':
      return { kind: 'weekday', long: count === 4 };
    case 'a':
      return { kind: 'half' };
    case 'z':
    case 'V':
      return { kind: 'zone' };
    case 'Z':
      return { kind: 'offset', separator: count === 5 ? ':' : '', zuluForZero: count === 5 };
    case 'X':
    case 'x':
      return count > 3
        ? undefined
        : {
            kind: 'offset',
            separator: count === 3 ? ':' : '',
            zuluForZero: letter === 'X',
            ...(count === 1 ? { hoursAlone: true } : {}),
          };
    case 'M':
    case 'L':
      if (count >= 3) return { kind: 'monthName', long: count === 4 };
      return stepOfNumber('month', count);
    default: {
      const field = Object.hasOwn(numbers, letter) ? numbers[letter] : undefined;
      return field === undefined || count > 3 ? undefined : stepOfNumber(field, count);
    }
  }
}

function refuse(pattern: string, start: number, end: number, message: string): never {
  throw problem({
    code: 'syntax',
    message,
    place: { kind: 'text', text: pattern, start, end },
    hint: `letters are ${knownLetters}; put other text in single quotes`,
  });
}

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  const token = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+|'/g;
  for (const match of pattern.matchAll(token)) {
    const text = match[0];
    const start = match.index;
    const letter = match[1];
    if (text === "'") refuse(pattern, start, start + 1, 'a quote in a date-time pattern is not closed');
    if (letter === undefined) {
      const quoted = match[2];
      const literal = quoted === undefined ? text : quoted === '' ? "'" : quoted.replaceAll("''", "'");
      steps.push({ kind: 'literal', text: literal });
      continue;
    }
    const step = stepOf(letter, text.length);
    if (step === undefined) {
      return refuse(pattern, start, start + text.length, `${text} means nothing in a date-time pattern`);
    }
    steps.push(step);
  }
  return steps;
}

/** Compiles a pattern of letters. Throws a problem of code syntax at what it does not know. */
export function compileLetterPattern(pattern: string): LetterPattern {
  const steps = stepsOf(pattern);
  return {
    read: (text) => readSteps(steps, text),
    spell: (time) => spellSteps(steps, time),
  };
}
