/** The words of all commands as completion needs them, from the command table. */
import type { CommandWords, OptionSpec, ToolSpec } from '../../frontends/index.js';
import { optionGroups } from '../help/index.js';

/** How the value of an option is completed: not at all, by choices, by file names, by fields of the input. */
export type ValueKind = 'none' | 'choice' | 'file' | 'fields' | 'other';

export interface CompletedOption {
  readonly name: string;
  readonly short: string | undefined;
  readonly summary: string;
  readonly value: ValueKind;
  readonly choices: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What stands behind the command: actions of a tool, files, fields, or nothing that is known. */
  readonly arguments: 'actions' | 'file' | 'fields' | 'other';
  readonly actions: readonly string[];
}

const files: ReadonlySet<string> = new Set(['from', 'to', 'state', 'late', 'bad']);
const fieldLists: ReadonlySet<string> = new Set(['by', 'time', 'on', 'per', 'drop']);

function valueKind({ kind, name, choices }: OptionSpec): ValueKind {
  if (kind === 'flag') return 'none';
  if (choices !== undefined) return 'choice';
  if (fieldLists.has(name)) return 'fields';
  return files.has(name) ? 'file' : 'other';
}

function optionOf(option: OptionSpec): CompletedOption {
  const short = /^-(\w)\b/.exec(option.flags)?.[1];
  const { name, summary, choices = [] } = option;
  return { name, short, summary, value: valueKind(option), choices };
}

const isTool = (spec: CommandWords): spec is ToolSpec => spec.role === 'tool';
const fileArguments: ReadonlySet<string> = new Set(['uri', 'path', 'inputs', 'input', 'file']);

function argumentsOf(spec: CommandWords): CompletedCommand['arguments'] {
  if (isTool(spec)) return 'actions';
  const [first] = spec.arguments;
  if (first === undefined) return 'other';
  if (fileArguments.has(first.name)) return 'file';
  return first.kind === 'expression' && spec.role === 'stage' ? 'fields' : 'other';
}

/** What can be completed of each command. */
export function completedCommands(specs: readonly CommandWords[]): readonly CompletedCommand[] {
  return specs.map((spec) => ({
    name: spec.name,
    summary: spec.summary,
    options: optionGroups(spec).flatMap(({ options }) => options.map(optionOf)),
    arguments: argumentsOf(spec),
    actions: isTool(spec) ? spec.actions.map(({ name }) => name) : [],
  }));
}
