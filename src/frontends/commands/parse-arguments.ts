/**
 * The words of a shell command line as arguments and written options. The grammar of words is commander's,
 * loaded only for words with options; its errors become problems with a hint. What the values mean is read
 * by {@link readOptions}.
 */
import { didYouMean, problem } from '../../diagnostics/index.js';
import { commandUsage } from './arguments.js';
import { backendOptions } from './backend-options.js';
import { jobOptions } from './job-options.js';
import { globalOptions } from './options.js';
import { shellOptionsOf } from './shell-options.js';
import type { CommandWords, OptionSpec, RawOptions } from './spec.js';

export interface ParsedArguments {
  readonly args: readonly string[];
  /** Options of the command as written. */
  readonly options: RawOptions;
  /** Global options as written: bad, marks, plain, verbose, quiet, debug, help. */
  readonly globals: RawOptions;
  /** Options about the job as written: state, checkpoint and so on. */
  readonly job: RawOptions;
}

/** What commander throws, as far as it is used here. */
interface CommanderProblem {
  readonly code: string;
  readonly message: string;
}

function isCommanderProblem(error: unknown): error is CommanderProblem {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

function asProblem(error: CommanderProblem, spec: CommandWords, options: readonly OptionSpec[]): Error {
  const name = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownOption') {
    const hint = name.startsWith('--')
      ? didYouMean(
          name.slice(2),
          options.map((option) => option.name),
        )?.replace('did you mean ', 'did you mean --')
      : 'put -- before an argument that begins with -';
    return problem({
      code: 'usage',
      message: `${spec.name} has no option ${name}`,
      hint: hint ?? `leat ${spec.name} --help lists the options`,
    });
  }
  if (error.code === 'commander.optionMissingArgument') {
    return problem({ code: 'usage', message: `option ${name} needs a value` });
  }
  return problem({
    code: 'usage',
    message: error.message.replace(/^error: /, ''),
    hint: commandUsage(spec),
  });
}

function pick(options: readonly OptionSpec[], values: Readonly<Record<string, unknown>>): RawOptions {
  const picked: Record<string, string | true | readonly string[]> = {};
  for (const { name } of options) {
    const value = values[name];
    if (value !== undefined) picked[name] = value as string | true | readonly string[];
  }
  return picked;
}

/**
 * Options may be written more than once only when they say so: twice --time is an oversight that must be
 * seen.
 */
function collect(option: OptionSpec, values: Record<string, unknown>): (value: string) => void {
  return (value) => {
    const before = values[option.name];
    if (option.repeats === true) values[option.name] = [...((before as string[] | undefined) ?? []), value];
    else if (before === undefined) values[option.name] = value;
    else throw problem({ code: 'usage', message: `--${option.name} is given twice` });
  };
}

/** The words, with values of two words as one: `--emit early 10s`, `--between -5m 10m`. */
function withWholeValues(words: readonly string[], options: readonly OptionSpec[]): string[] {
  const whole: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const option = options.find(({ name, continues }) => continues !== undefined && word === `--${name}`);
    const [value, next] = words.slice(at + 1);
    whole.push(word);
    if (value === undefined || next === undefined || next.startsWith('--')) continue;
    if (option?.continues?.test(value) !== true) continue;
    whole.push(`${value} ${next}`);
    at += 2;
  }
  return whole;
}

/** What can be said of a run, whatever it computes. */
const runOptions = [...jobOptions, ...backendOptions];

/**
 * Reads the words behind the command's name. Throws usage problems. The number of arguments is not checked
 * yet, so that `--help` works without them.
 */
export async function parseArguments(spec: CommandWords, words: readonly string[]): Promise<ParsedArguments> {
  // Without an option there is no grammar to know.
  if (words.every((word) => !word.startsWith('-'))) return { args: words, options: {}, globals: {}, job: {} };
  const { Command, Option } = await import('commander');
  const own = shellOptionsOf(spec);
  const known = [...own, ...(spec.role === 'tool' ? [] : runOptions), ...globalOptions];
  const values: Record<string, unknown> = {};
  const command = new Command(spec.name)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .helpOption(false)
    .allowExcessArguments(true)
    .passThroughOptions(spec.arguments.some(({ kind }) => kind === 'command'));
  for (const option of known) {
    command.addOption(new Option(option.flags, option.summary));
    const take = collect(option, values);
    command.on(`option:${option.name}`, (value: string | null) => {
      if (option.kind === 'flag') values[option.name] = true;
      else take(value!);
    });
  }
  try {
    command.parse(withWholeValues(words, own), { from: 'user' });
  } catch (error) {
    if (isCommanderProblem(error)) throw asProblem(error, spec, known);
    throw error;
  }
  return {
    args: command.args,
    options: pick(own, values),
    globals: pick(globalOptions, values),
    job: spec.role === 'tool' ? {} : pick(runOptions, values),
  };
}
