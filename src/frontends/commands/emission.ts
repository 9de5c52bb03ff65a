/** When results are given besides once when a window fires, as options say it. */
import { isProblem, problem } from '../../diagnostics/index.js';
import type { Emission, Emit } from '../../plan/index.js';
import { parseDuration } from '../../time/index.js';
import { numberOf, textOf } from './options.js';
import type { OptionSpec, OptionValues } from './spec.js';

export const emitOption: OptionSpec = {
  flags: '--emit <when>',
  name: 'emit',
  kind: 'text',
  continues: /^early$/,
  summary:
    'results before they are final, as a changelog: every change (changes), or what has changed, in steps of event time (early 10s)',
};

const latenessOption: OptionSpec = {
  flags: '--allowed-lateness <duration>',
  name: 'allowed-lateness',
  kind: 'duration',
  unit: 'duration',
  summary: 'take records for so long after a window has fired, and correct its results: a changelog',
};

/** The options of a window. */
export const emissionOptions: readonly OptionSpec[] = [
  emitOption,
  latenessOption,
  {
    flags: '--fill <how>',
    name: 'fill',
    kind: 'choice',
    choices: ['zero'],
    summary: 'give every key that was seen a row in every window, also in those without its records',
  },
  {
    flags: '--at-most <n>',
    name: 'at-most',
    kind: 'integer',
    unit: 'records',
    summary: 'give the row of a window and key at so many records, and begin it anew',
  },
];

function wrongEmit(text: string): Error {
  return problem({
    code: 'usage',
    message: `--emit cannot be ${text}`,
    hint: '--emit changes, or --emit early 10s',
  });
}

function earlyMs(text: string): number {
  try {
    const everyMs = parseDuration(text);
    if (everyMs > 0) return everyMs;
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, message: `--emit early: ${error.details.message}` });
  }
  throw problem({ code: 'usage', message: '--emit early needs a step of more than 0' });
}

/** What --emit says. Throws usage problems. */
export function readEmit(options: OptionValues): Emit | undefined {
  const text = textOf(options, 'emit');
  if (text === undefined) return undefined;
  if (text === 'changes') return { kind: 'changes' };
  const [kind, step, ...more] = text.trim().split(/\s+/);
  if (kind !== 'early' || step === undefined || more.length > 0) throw wrongEmit(text);
  return { kind: 'early', everyMs: earlyMs(step) };
}

/** What the options of a window say; undefined when they say nothing. */
export function readEmission(options: OptionValues): Emission | undefined {
  const emit = readEmit(options);
  const latenessMs = numberOf(options, 'allowed-lateness');
  const atMost = numberOf(options, 'at-most');
  if (latenessMs === 0) throw problem({ code: 'usage', message: '--allowed-lateness must be more than 0' });
  if (atMost === 0) throw problem({ code: 'usage', message: '--at-most must be at least 1' });
  const emission: Emission = {
    ...(emit === undefined ? {} : { emit }),
    ...(latenessMs === undefined ? {} : { latenessMs }),
    ...(options['fill'] === 'zero' ? { fill: 'zero' } : {}),
    ...(atMost === undefined ? {} : { atMost }),
  };
  return Object.keys(emission).length === 0 ? undefined : emission;
}
