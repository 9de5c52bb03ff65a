/** The room of commands: what can be said on a command line, as data. Makes plan nodes and runs nothing. */
export { checkArguments, commandUsage } from './arguments.js';
export { backendOptions, readBackend } from './backend-options.js';
export { inputFormat } from './format-choice.js';
export { type JobWords, jobOptions, readJob } from './job-options.js';
export { globalOptions, numberOf, readOptions, textOf } from './options.js';
export { type ParsedArguments, parseArguments } from './parse-arguments.js';
export { inputOptionsOf, outputOptionsOf, shellOptionsOf } from './shell-options.js';
export type {
  ActionSpec,
  ArgumentSpec,
  CommandContext,
  CommandSpec,
  CommandWords,
  ExampleSpec,
  NodeDraft,
  OptionKind,
  OptionSpec,
  OptionValue,
  OptionValues,
  RawOptions,
  ToolSpec,
} from './spec.js';
export { allWords, commandTable, findCommand, findTool, toolTable, unknownCommand } from './table.js';
export { toDraft } from './to.js';
export { type ActionWords, actionUsage, readAction } from './tool-words.js';
