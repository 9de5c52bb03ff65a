/** What tools have in common: where the store is, and how the words of an action are checked. */
import { didYouMean, problem } from '../../diagnostics/index.js';
import { checkArguments, commandUsage } from './arguments.js';
import { readOptions } from './options.js';
import type { ActionSpec, ArgumentSpec, OptionSpec, OptionValues, RawOptions, ToolSpec } from './spec.js';

/** Where a tool finds the store. */
export const storeOption: OptionSpec = {
  flags: '--state <folder>',
  name: 'state',
  kind: 'text',
  default: './state',
  summary: 'folder of the store',
};

export const jsonOption: OptionSpec = {
  flags: '--json',
  name: 'json',
  kind: 'flag',
  summary: 'records of NDJSON for programs, in place of a table',
};

/** An argument of an action. */
export function word(name: string, summary: string, more: Partial<ArgumentSpec> = {}): ArgumentSpec {
  return { name, summary, required: true, variadic: false, kind: 'word', ...more };
}

/** The arguments of a tool, as its usage shows them. */
export function actionArguments(actions: readonly ActionSpec[]): readonly ArgumentSpec[] {
  const names = actions.map(({ name }) => name);
  return [
    word('action', `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`),
    word('argument', 'what the action is about', { required: false, variadic: true }),
  ];
}

/** How an action is written, without `leat`. */
export function actionUsage(tool: ToolSpec, action: ActionSpec): string {
  return commandUsage({ ...tool, name: `${tool.name} ${action.name}`, arguments: action.arguments });
}

function noAction(tool: ToolSpec, name: string | undefined): Error {
  const names = tool.actions.map((action) => action.name);
  const all = `leat ${tool.name} ${names.join('|')}`;
  if (name === undefined) {
    return problem({ code: 'usage', message: `${tool.name} needs to be told what to do`, hint: all });
  }
  return problem({
    code: 'usage',
    message: `${tool.name} cannot ${name}`,
    place: { kind: 'text', text: name, start: 0, end: name.length },
    hint: didYouMean(name, names) ?? all,
  });
}

export interface ActionWords {
  readonly action: ActionSpec;
  readonly args: readonly string[];
  readonly options: OptionValues;
}

/** Reads the words behind a tool's name. Throws usage problems. */
export function readAction(tool: ToolSpec, words: readonly string[], raw: RawOptions): ActionWords {
  const [name, ...args] = words;
  const action = tool.actions.find((one) => one.name === name);
  if (action === undefined) throw noAction(tool, name);
  checkArguments({ ...tool, name: `${tool.name} ${action.name}`, arguments: action.arguments }, args);
  const needless = Object.keys(raw).find((option) => !action.options.includes(option));
  if (needless !== undefined) {
    throw problem({
      code: 'usage',
      message: `${tool.name} ${action.name} has no option --${needless}`,
      hint: actionUsage(tool, action),
    });
  }
  return { action, args, options: readOptions(tool.options, raw) };
}
