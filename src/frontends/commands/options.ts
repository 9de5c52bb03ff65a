/**
 * Options that several commands share, and reading option values: from the text that was written to the kind that the
 * option has. A value that cannot be read names its option. Defaults stand in the commands, not here, because "not
 * given" has a meaning of its own (a window without --time takes the time said upstream).
 */
import { didYouMean, isProblem, problem } from '../../diagnostics/index.js';
import { parseDuration } from '../../time/index.js';
import { readSize } from './size.js';
import type { OptionSpec, OptionValue, OptionValues, RawOptions } from './spec.js';

/** Options about event time; of from, gen and window. */
export const timeOptions: readonly OptionSpec[] = [
  {
    flags: '--time <field>',
    name: 'time',
    kind: 'text',
    default: 'time',
    summary: 'field that holds the event time, such as ts or request.time',
  },
  {
    flags: '--delay <duration>',
    name: 'delay',
    kind: 'duration',
    default: '0s',
    unit: 'duration',
    summary: 'how far behind the newest record others may come: the watermark is the highest time less this',
  },
  {
    flags: '--time-format <pattern>',
    name: 'time-format',
    kind: 'text',
    summary: 'strptime pattern of the event time, when it is neither epoch, ISO 8601 nor SQL',
  },
  {
    flags: '--zone <zone>',
    name: 'zone',
    kind: 'text',
    default: 'UTC',
    summary: 'time zone such as Europe/Oslo for times that name none, and for day windows',
  },
  {
    flags: '--max-skew <duration>',
    name: 'max-skew',
    kind: 'duration',
    unit: 'duration',
    summary: 'refuse a record that is further than this ahead of the highest time and of the clock',
  },
  {
    flags: '--idle <duration>',
    name: 'idle',
    kind: 'duration',
    unit: 'duration',
    summary: 'leave an input out of the watermark after this much silence',
  },
];

export const formatNames = ['json', 'nginx', 'apache', 'logfmt', 'syslog', 'csv', 'tsv'] as const;

/** Options about the format of an input. */
export const formatOptions: readonly OptionSpec[] = [
  {
    flags: '--format <name>',
    name: 'format',
    kind: 'text',
    summary: `format of the input: ${formatNames.join(', ')}; nginx:combined names a log_format as well; without it .csv and .tsv say the format, all else is json`,
    suggestions: formatNames,
  },
  {
    flags: '--pattern <log_format>',
    name: 'pattern',
    kind: 'text',
    summary: 'log_format of nginx or LogFormat of Apache, or the name of a preset such as combined',
  },
  {
    flags: '--columns <names>',
    name: 'columns',
    kind: 'list',
    summary: 'names of the columns of csv and tsv when the first line is not a header',
  },
];

export const byOption: OptionSpec = {
  flags: '--by <list>',
  name: 'by',
  kind: 'list',
  summary: "key: fields or expressions, such as 'country, lower(page) as page'",
};

/** Of stages that keep state. */
export const uidOption: OptionSpec = {
  flags: '--uid <name>',
  name: 'uid',
  kind: 'text',
  summary: 'name of its state in the store of a job, by which it is found when the pipeline has changed',
};

/** The uid of a node, if it was given. */
export function uidOf(options: OptionValues): { readonly uid?: string } {
  const uid = textOf(options, 'uid');
  return uid === undefined ? {} : { uid };
}

/** Options of every stage in the shell form: another input than stdin. */
export const inputOptions: readonly OptionSpec[] = [
  {
    flags: '--from <uri>',
    name: 'from',
    kind: 'text',
    repeats: true,
    default: '-',
    summary: 'read this path or glob instead of stdin; may be given several times',
  },
];

/** What readers of an output can rely on under checkpoints. */
export const guaranteeOption: OptionSpec = {
  flags: '--guarantee <name>',
  name: 'guarantee',
  kind: 'choice',
  choices: ['exactly-once', 'at-least-once'],
  default: 'exactly-once',
  summary: 'under checkpoints: output when the checkpoint exists, or at once and again after a crash',
};

/** How changes leave. */
export const changelogOption: OptionSpec = {
  flags: '--changelog <form>',
  name: 'changelog',
  kind: 'choice',
  choices: ['debezium'],
  summary: 'write changes as envelopes with before and after, and not as records with a field op',
};

/** Options of every command in the shell form: another output than stdout. */
export const outputOptions: readonly OptionSpec[] = [
  {
    flags: '--to <uri>',
    name: 'to',
    kind: 'text',
    default: '-',
    summary: 'write to this path instead of stdout; .csv and .tsv say the format, a / at the end a folder',
  },
  guaranteeOption,
  changelogOption,
];

/**
 * Options that every command takes and that say how a run behaves, not what it computes. Read by the command
 * line.
 */
export const globalOptions: readonly OptionSpec[] = [
  {
    flags: '--bad <policy>',
    name: 'bad',
    kind: 'text',
    default: 'report',
    summary: 'records that cannot be used: report them and go on, fail at the first, or keep them in a FILE',
  },
  { flags: '--marks', name: 'marks', kind: 'flag', summary: 'keep the control lines in the output' },
  { flags: '--plain', name: 'plain', kind: 'flag', summary: 'never write control lines' },
  { flags: '-v, --verbose', name: 'verbose', kind: 'flag', summary: 'say more on stderr about what is done' },
  { flags: '--quiet', name: 'quiet', kind: 'flag', summary: 'no progress and no summary on stderr' },
  { flags: '--debug', name: 'debug', kind: 'flag', summary: 'show the stack of an error' },
  { flags: '-h, --help', name: 'help', kind: 'flag', summary: 'show this help' },
];

function readNumber(option: OptionSpec, text: string): number {
  const pattern = option.kind === 'integer' ? /^\d+$/ : /^\d+(\.\d+)?$/;
  const value = pattern.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value) && (option.kind === 'number' || Number.isSafeInteger(value))) return value;
  throw problem({
    code: 'usage',
    message: `${text === '' ? 'an empty text' : text} is not ${option.kind === 'integer' ? 'a whole number' : 'a number'}`,
    place: { kind: 'argument', name: `--${option.name}` },
  });
}

/** A duration with an optional minus sign, in ms. */
export function readDuration(text: string): number {
  return text.startsWith('-') ? -parseDuration(text.slice(1)) : parseDuration(text);
}

function readDurationOption(option: OptionSpec, text: string): number {
  try {
    const value = readDuration(text);
    if (value >= 0 || option.name === 'offset') return value;
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, message: `--${option.name}: ${error.details.message}` });
  }
  throw problem({ code: 'usage', message: `--${option.name} cannot be negative` });
}

function readChoice(option: OptionSpec, text: string): string {
  if (option.choices?.includes(text)) return text;
  const hint = didYouMean(text, option.choices ?? []);
  throw problem({
    code: 'usage',
    message: `--${option.name} cannot be ${text}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function readValue(option: OptionSpec, raw: string | true | readonly string[]): OptionValue {
  if (option.kind === 'flag') return true;
  if (raw === true) {
    throw problem({ code: 'usage', message: `--${option.name} needs a value: ${option.flags}` });
  }
  if (typeof raw !== 'string') return raw;
  switch (option.kind) {
    case 'duration':
      return readDurationOption(option, raw);
    case 'size':
      return readSize(raw);
    case 'integer':
    case 'number':
      return readNumber(option, raw);
    case 'choice':
      return readChoice(option, raw);
    default:
      return raw;
  }
}

/** Reads written options by their kinds. Throws usage or syntax problems that name the option. */
export function readOptions(options: readonly OptionSpec[], raw: RawOptions): OptionValues {
  const values: Record<string, OptionValue> = {};
  for (const option of options) {
    const written = raw[option.name];
    if (written !== undefined) values[option.name] = readValue(option, written);
  }
  return values;
}

/** The text of a text, list or choice option, if it was given. */
export function textOf(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The number of a duration (ms), size (bytes), integer or number option, if it was given. */
export function numberOf(options: OptionValues, name: string): number | undefined {
  const value = options[name];
  return typeof value === 'number' ? value : undefined;
}
