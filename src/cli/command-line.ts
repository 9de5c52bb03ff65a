/**
 * One command line: finds the command, reads its words, makes the plan and runs it. Returns the exit status: 0 done,
 * 3 done but records were refused, 130 or 143 after a signal. Everything else is thrown as a problem.
 */
import fs from 'node:fs';
import { type BadPolicy, type RunOptions, type RunResult, runLocal } from '../backends/local/index.js';
import { fileProblem } from '../connectors/index.js';
import { problem } from '../diagnostics/index.js';
import {
  type CommandSpec,
  commandTable,
  findCommand,
  parseArguments,
  planOfCommand,
  type RawOptions,
  unknownCommand,
} from '../frontends/index.js';
import { checkPlan, explainPlan, type FormatFields, type Plan, planToJson } from '../plan/index.js';
import type { ProgressLine } from '../terminal/index.js';
import { mayColor } from './color.js';
import { listenForInterrupt } from './interrupt.js';

const doneWithRefusals = 3;

async function showHelp(subject: CommandSpec | readonly CommandSpec[] | 'functions'): Promise<number> {
  const { renderFunctions, renderHelp } = await import('./help/index.js');
  const style = { width: process.stdout.columns ?? 100, color: mayColor(process.stdout) };
  fs.writeSync(1, subject === 'functions' ? renderFunctions(style) : renderHelp(subject, style));
  return 0;
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const failure = fileProblem('input', path, error);
    throw problem({
      ...failure.details,
      hint: 'a pipeline of one word is taken for the name of a file that holds it',
    });
  }
}

function badPolicy(globals: RawOptions): BadPolicy {
  const said = globals['bad'];
  if (typeof said !== 'string' || said === 'report') return { kind: 'report' };
  return said === 'fail' ? { kind: 'fail' } : { kind: 'file', path: said };
}

/** The fields that text formats are known to give; the formats are loaded only for plans that have one. */
async function formatFieldsFor(plan: Plan): Promise<FormatFields> {
  const isText = plan.nodes.some(
    (node) => node.kind === 'parse' || (node.kind === 'from' && node.format.name !== 'json'),
  );
  if (!isText) return () => undefined;
  const { formatFieldNames } = await import('../formats/index.js');
  return (format) =>
    format.name === 'json' ? undefined : formatFieldNames({ ...format, name: format.name });
}

async function refuseWrongPlan(plan: Plan): Promise<void> {
  const [first] = checkPlan(plan, { formatFields: await formatFieldsFor(plan) });
  if (first !== undefined) throw first;
}

async function progressLine(globals: RawOptions): Promise<ProgressLine | undefined> {
  if (globals['quiet'] === true || !process.stderr.isTTY || process.stdout.isTTY) return undefined;
  const { createProgressLine } = await import('../terminal/index.js');
  return createProgressLine(
    (text) => process.stderr.write(text),
    () => performance.now(),
  );
}

function runOptions(
  globals: RawOptions,
  progress: ProgressLine | undefined,
  signal: AbortSignal,
): RunOptions {
  const marks = globals['marks'] === true ? 'always' : globals['plain'] === true ? 'never' : 'auto';
  return {
    say(line) {
      progress?.clear();
      if (globals['quiet'] !== true) process.stderr.write(`${line}\n`);
    },
    bad: badPolicy(globals),
    marks,
    verbose: globals['verbose'] === true,
    signal,
    ...(progress === undefined ? {} : { onProgress: (figures) => progress.update(figures) }),
  };
}

function statusOf(result: RunResult, interrupted: number | undefined): number {
  if (result.outcome === 'stopped' && interrupted !== undefined) return interrupted;
  return result.totals.rejected > 0 ? doneWithRefusals : 0;
}

async function runPlanned(plan: Plan, globals: RawOptions): Promise<number> {
  await refuseWrongPlan(plan);
  const interrupt = listenForInterrupt();
  const progress = await progressLine(globals);
  const result = await runLocal(plan, runOptions(globals, progress, interrupt.signal));
  progress?.clear();
  return statusOf(result, interrupt.exitStatus());
}

async function runSpec(spec: CommandSpec, words: readonly string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) return await showHelp(spec);
  const { args, options, globals } = await parseArguments(spec, words);
  const plan = planOfCommand(spec, args, options, { readText });
  if (spec.name !== 'explain') return await runPlanned(plan, globals);
  await refuseWrongPlan(plan);
  fs.writeSync(1, `${options['json'] === true ? planToJson(plan) : explainPlan(plan)}\n`);
  return 0;
}

/** Runs the words behind `leat`. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (rest[0] === undefined || name !== 'help') return await showHelp(commandTable);
    if (rest[0] === 'functions') return await showHelp('functions');
    const spec = findCommand(rest[0]);
    if (spec === undefined) throw unknownCommand(rest[0]);
    return await showHelp(spec);
  }
  const spec = findCommand(name);
  if (spec !== undefined) return await runSpec(spec, rest);
  if (name.startsWith('-')) {
    throw problem({
      code: 'usage',
      message: `a command comes first, not ${name}`,
      hint: 'leat --help lists the commands',
    });
  }
  throw unknownCommand(name);
}
