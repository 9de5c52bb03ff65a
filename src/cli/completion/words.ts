/** The words of all commands as completion needs them, from the command table. */
import type { CommandWords, OptionSpec, ToolSpec } from '../../frontends/index.js';
import { optionGroups } from '../help/index.js';

/** How the value of an option is completed: not at all, by certain words, by file names, by fields of the input. */
export type ValueKind = 'none' | 'words' | 'file' | 'fields' | 'other';

export interface CompletedOption {
  readonly name: string;
  readonly short: string | undefined;
  readonly summary: string;
  readonly value: ValueKind;
  readonly words: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What stands behind the command: certain words, files, fields, or nothing that is known. */
  readonly arguments: Exclude<ValueKind, 'none'>;
  readonly words: readonly string[];
}

const files: ReadonlySet<string> = new Set(['from', 'to', 'state', 'late', 'bad']);
const fieldLists: ReadonlySet<string> = new Set(['by', 'time', 'on', 'per', 'drop']);

function valueKind({ kind, name, choices, suggestions }: OptionSpec): ValueKind {
  if (kind === 'flag') return 'none';
  if (choices !== undefined || suggestions !== undefined) return 'words';
  if (fieldLists.has(name)) return 'fields';
  return files.has(name) ? 'file' : 'other';
}

function optionOf(option: OptionSpec): CompletedOption {
  const short = /^-(\w)\b/.exec(option.flags)?.[1];
  const { name, summary, choices, suggestions = [] } = option;
  return { name, short, summary, value: valueKind(option), words: choices ?? suggestions };
}

const isTool = (spec: CommandWords): spec is ToolSpec => spec.role === 'tool';
const fileArguments: ReadonlySet<string> = new Set(['uri', 'path', 'inputs', 'input', 'file']);

/** What the first word behind a command may be, where it is one of a few. */
function wordsOf(spec: CommandWords): readonly string[] {
  return isTool(spec) ? spec.actions.map(({ name }) => name) : (spec.arguments[0]?.suggestions ?? []);
}

function argumentsOf(spec: CommandWords): CompletedCommand['arguments'] {
  if (wordsOf(spec).length > 0) return 'words';
  const [first] = spec.arguments;
  if (first === undefined) return 'other';
  if (fileArguments.has(first.name)) return 'file';
  return first.kind === 'expression' && spec.role === 'stage' ? 'fields' : 'other';
}

/** What can be completed of each command, and of `help`. */
export function completedCommands(specs: readonly CommandWords[]): readonly CompletedCommand[] {
  const commands = specs.map(completedCommand);
  const words = commands.map(({ name }) => name);
  return [
    ...commands,
    { name: 'help', summary: 'explain a command', options: [], arguments: 'words', words },
  ];
}

function completedCommand(spec: CommandWords): CompletedCommand {
  return {
    name: spec.name,
    summary: spec.summary,
    options: optionGroups(spec).flatMap(({ options }) => options.map(optionOf)),
    arguments: argumentsOf(spec),
    words: wordsOf(spec),
  };
}
