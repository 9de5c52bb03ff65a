/**
 * The shell form to plan: one command between its input and its output, which are stdin and stdout unless --from and
 * --to say otherwise. `run` and `explain` give the plan of their pipeline, or of the file that holds it.
 */
import { problem } from '../../diagnostics/index.js';
import { type Plan, planFromJson } from '../../plan/index.js';
import {
  type CommandSpec,
  checkArguments,
  findCommand,
  inputFormat,
  inputOptionsOf,
  type NodeDraft,
  type OptionValues,
  outputOptionsOf,
  type RawOptions,
  readOptions,
  textOf,
  toDraft,
} from '../commands/index.js';
import { assemble, needsSource } from './assemble.js';
import { pipelineDrafts } from './parse-pipeline.js';

export interface ShellContext {
  /** Reads a pipeline or plan file; for run and explain. Throws when it cannot. */
  readText(path: string): string;
}

/** The source that --from, --format and the like stand for; undefined when none is given. */
function sourceDraft(spec: CommandSpec, options: OptionValues): NodeDraft | undefined {
  const names = inputOptionsOf(spec).map(({ name }) => name);
  const given = Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
  if (Object.keys(given).length === 0) return undefined;
  const uris = (given['from'] as readonly string[] | undefined) ?? ['-'];
  return { kind: 'from', uris, format: inputFormat(uris, given) };
}

/** The drafts of the command together with --from and --to. */
function around(
  spec: CommandSpec,
  drafts: readonly NodeDraft[],
  options: OptionValues,
): readonly NodeDraft[] {
  const source = sourceDraft(spec, options);
  if (source !== undefined && !needsSource(drafts)) {
    throw problem({
      code: 'usage',
      message: 'the pipeline has a source of its own, and --from and --format give it another',
      hint: 'leave one of them out',
    });
  }
  const isSink = outputOptionsOf(spec).length === 0;
  const isSaid = !isSink && ['guarantee', 'changelog'].some((name) => options[name] !== undefined);
  const uri = isSink ? undefined : textOf(options, 'to');
  const to = uri ?? (isSaid ? '-' : undefined);
  if (to !== undefined && drafts.at(-1)?.kind === 'to') {
    throw problem({
      code: 'usage',
      message: 'the pipeline ends with to, and --to, --guarantee and --changelog give it another output',
      hint: 'leave one of them out',
    });
  }
  return [
    ...(source === undefined ? [] : [source]),
    ...drafts,
    ...(to === undefined ? [] : [toDraft(to, options)]),
  ];
}

/** A single word that is no command is the name of a file. */
function isFileName(args: readonly string[]): boolean {
  return (
    args.length === 1 && args[0] !== '' && !/[\s|]/.test(args[0]!) && findCommand(args[0]!) === undefined
  );
}

function hasShellOptions(spec: CommandSpec, options: OptionValues): boolean {
  return [...inputOptionsOf(spec), ...outputOptionsOf(spec)].some(({ name }) => options[name] !== undefined);
}

/**
 * The plan of a command line. `args` and `raw` are what {@link parseArguments} read.
 * Throws problems of the codes usage, syntax, type, unknown-name and plan.
 */
export function planOfCommand(
  spec: CommandSpec,
  args: readonly string[],
  raw: RawOptions,
  context?: ShellContext,
): Plan {
  checkArguments(spec, args);
  const known = [...spec.options, ...inputOptionsOf(spec), ...outputOptionsOf(spec)];
  const options = readOptions(known, raw);
  let words = args;
  if (spec.role === 'question' && context !== undefined && isFileName(args)) {
    const text = context.readText(args[0]!);
    if (text.trimStart().startsWith('{')) {
      if (!hasShellOptions(spec, options)) return planFromJson(text);
      throw problem({
        code: 'usage',
        message: 'a plan file says its input and output itself',
        hint: 'leave --from and --to out',
      });
    }
    words = [text];
  }
  const drafts = spec.toNodes(words, options, { pipeline: pipelineDrafts });
  return assemble(around(spec, drafts, options));
}
