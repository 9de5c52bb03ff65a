/** How the records of a join go together in time, as its options say it: near to each other, in one window, and so on. */
import { isProblem, problem } from '../../diagnostics/index.js';
import type { JoinMatch } from '../../plan/index.js';
import { parseDuration } from '../../time/index.js';
import { lateOption, latePolicy } from './late-policy.js';
import { numberOf, textOf } from './options.js';
import type { OptionSpec, OptionValues } from './spec.js';
import { windowShape } from './window-shape.js';

export const matchOptions: readonly OptionSpec[] = [
  {
    flags: '--within <duration>',
    name: 'within',
    kind: 'duration',
    unit: 'duration',
    summary: 'how far apart the event times may be, either way',
  },
  {
    flags: '--between <from..to>',
    name: 'between',
    kind: 'text',
    continues: /^[-+]?\d(?!.*\.\.)[\da-z.]*$/i,
    summary: 'the time of the right record less that of the left one, such as -5m..10m, or as two words',
  },
  {
    flags: '--window <shape>',
    name: 'window',
    kind: 'list',
    summary: "both records are in the same window: 'tumble SIZE', 'hop SIZE SLIDE' or 'cumulate MAX STEP'",
  },
  {
    flags: '--offset <duration>',
    name: 'offset',
    kind: 'duration',
    default: '0s',
    unit: 'duration',
    summary: 'move the windows by this much; may be negative',
  },
  {
    flags: '--temporal',
    name: 'temporal',
    kind: 'flag',
    summary: 'the right records are versions: the last one that is not after the left record',
  },
  {
    flags: '--retention <duration>',
    name: 'retention',
    kind: 'text',
    unit: 'duration',
    summary: 'any distance in time: records are kept for so long in event time, or forever',
  },
  lateOption,
];

function signedDuration(text: string): number {
  return text.startsWith('-') ? -parseDuration(text.slice(1)) : parseDuration(text.replace(/^\+/, ''));
}

/** Reads `-5m..10m` or `-5m 10m`: how far from the left record the right one may be. */
function readBounds(text: string): JoinMatch {
  const ends = text.trim().split(/\s*\.\.\s*|\s+/);
  if (ends.length !== 2) {
    throw problem({
      code: 'usage',
      message: `--between ${text} does not say from when to when`,
      hint: 'the time of the right record less that of the left one: --between -5m..10m',
    });
  }
  const [lowerMs, upperMs] = ends.map(signedDuration) as [number, number];
  if (lowerMs <= upperMs) return { by: 'interval', lowerMs, upperMs };
  throw problem({ code: 'usage', message: `--between ${text} ends before it begins` });
}

/** Reads `tumble 1m`. */
function readWindow(text: string, options: OptionValues): JoinMatch {
  const place = { offsetMs: numberOf(options, 'offset'), zone: textOf(options, 'zone') };
  const window = windowShape(text.trim().split(/\s+/), place);
  if (window.shape !== 'session' && window.shape !== 'count') {
    return { by: 'window', window, late: latePolicy(options) };
  }
  throw problem({
    code: 'usage',
    message: `a join has no ${window.shape} windows`,
    hint: 'they follow from the records of one input; --window takes tumble, hop and cumulate, --within goes by nearness',
  });
}

/** Reads `1h` or `forever`. */
function readRetention(text: string): JoinMatch {
  if (text === 'forever') return { by: 'regular' };
  try {
    return { by: 'regular', retentionMs: parseDuration(text) };
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, message: `--retention: ${error.details.message}, or forever` });
  }
}

/** Options that are about one way of going together. */
const belongings: readonly { readonly option: string; readonly to: readonly string[] }[] = [
  { option: 'offset', to: ['window'] },
  { option: 'late', to: ['window', 'temporal'] },
];

function checkBelongings(options: OptionValues, way: string): void {
  const stray = belongings.find(({ option, to }) => options[option] !== undefined && !to.includes(way));
  if (stray === undefined) return;
  throw problem({
    code: 'usage',
    message: `a join --${way} has no --${stray.option}`,
    hint: `it belongs to ${stray.to.map((name) => `--${name}`).join(' and ')}`,
  });
}

const ways = ['within', 'between', 'window', 'temporal', 'retention'] as const;

/** The match that the options say, which must be one. */
export function joinMatch(options: OptionValues): JoinMatch {
  const given = ways.filter((name) => options[name] !== undefined);
  const [way, other] = given;
  if (way === undefined || other !== undefined) {
    throw problem({
      code: 'usage',
      message:
        way === undefined
          ? 'a join needs to know how its records go together in time'
          : `a join goes by one of ${given.map((name) => `--${name}`).join(' and ')}`,
      hint: "--within 10m, --between 0s..10m, --window 'tumble 1h', --temporal for versions, --retention 1d for any distance",
    });
  }
  checkBelongings(options, way);
  switch (way) {
    case 'within': {
      const withinMs = numberOf(options, 'within')!;
      return { by: 'interval', lowerMs: -withinMs, upperMs: withinMs };
    }
    case 'between':
      return readBounds(textOf(options, 'between')!);
    case 'retention':
      return readRetention(textOf(options, 'retention')!);
    case 'temporal':
      return { by: 'temporal', late: latePolicy(options) };
    case 'window':
      return readWindow(textOf(options, 'window')!, options);
  }
}
