/**
 * What help and man pages say about options and arguments, from the command table: summaries, units,
 * defaults.
 */
import {
  type ArgumentSpec,
  backendOptions,
  type CommandWords,
  globalOptions,
  inputOptionsOf,
  jobOptions,
  type OptionSpec,
  outputOptionsOf,
  type ToolSpec,
} from '../../frontends/index.js';

/** The summary of an option with its choices, unit and default. */
export function optionMeaning(option: OptionSpec): string {
  const notes: string[] = [];
  if (option.choices !== undefined) notes.push(`one of ${option.choices.join(', ')}`);
  if (option.unit === 'duration') notes.push('a duration such as 500ms, 10s, 1h30m');
  else if (option.unit !== undefined) notes.push(`in ${option.unit}`);
  if (option.default !== undefined) notes.push(`default ${option.default}`);
  if (option.repeats === true) notes.push('repeatable');
  return notes.length === 0 ? option.summary : `${option.summary} (${notes.join('; ')})`;
}

/** A thing that a tool does: how it is written, and what it is. */
function actionRows({ actions }: ToolSpec): readonly (readonly [string, string])[] {
  return actions.map((action) => {
    const words = action.arguments.map((argument) =>
      argument.required ? argumentTerm(argument) : `[${argumentTerm(argument)}]`,
    );
    const meanings = action.arguments.map(({ name, summary }) => `; ${name}: ${summary}`);
    return [[action.name, ...words].join(' '), `${action.summary}${meanings.join('')}`] as const;
  });
}

/** The table of what stands behind a command's name: arguments, or the actions of a tool. */
export function argumentSection(spec: CommandWords): {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
} {
  if (isTool(spec)) return { title: 'Actions', rows: actionRows(spec) };
  return {
    title: 'Arguments',
    rows: spec.arguments.map((argument) => [argumentTerm(argument), argument.summary] as const),
  };
}

const isTool = (spec: CommandWords): spec is ToolSpec => spec.role === 'tool';

function argumentTerm({ name, variadic }: ArgumentSpec): string {
  return variadic ? `${name}...` : name;
}

/** Commands that mostly stand at the head of a pipe: their help tells of jobs. */
function beginsJobs(spec: CommandWords): boolean {
  return spec.role === 'source' || spec.name === 'run' || spec.name === 'checkpoint';
}

/** Groups of options, each under its title; empty groups are left out. */
export function optionGroups(
  spec: CommandWords,
): readonly { title: string; options: readonly OptionSpec[] }[] {
  return [
    { title: 'Options', options: spec.options },
    { title: 'Input and output', options: [...inputOptionsOf(spec), ...outputOptionsOf(spec)] },
    { title: 'Job', options: beginsJobs(spec) ? jobOptions : [] },
    { title: 'State', options: beginsJobs(spec) || spec.name === 'aggregate' ? backendOptions : [] },
    { title: 'Common options', options: globalOptions },
  ].filter(({ options }) => options.length > 0);
}

/** Exit statuses, as the command line gives them. */
export const exitStatuses: readonly (readonly [string, string])[] = [
  ['0', 'done; also when the reader downstream closed the pipe'],
  ['1', 'failed'],
  ['2', 'the question or the command line is wrong'],
  ['3', 'done, but some records were refused'],
  ['130, 143', 'ended by SIGINT or SIGTERM'],
];
