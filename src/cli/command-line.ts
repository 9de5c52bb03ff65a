/**
 * One command line: finds the command, reads its words, makes the plan and runs it. Returns the exit status: 0 done,
 * 3 done but records were refused, 130 or 143 after a signal. Everything else is thrown as a problem.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  type BadPolicy,
  type JobOptions,
  jobDefaults,
  type RunOptions,
  type RunResult,
  runLocal,
} from '../backends/local/index.js';
import { isTerminal } from '../connectors/index.js';
import { problem } from '../diagnostics/index.js';
import {
  allWords,
  type CommandSpec,
  type CommandWords,
  findCommand,
  findTool,
  type ParsedArguments,
  parseArguments,
  planOfCommand,
  type RawOptions,
  readAction,
  readBackend,
  readJob,
  type ToolSpec,
  textOf,
  unknownCommand,
} from '../frontends/index.js';
import type { Plan } from '../plan/index.js';
import type { ProgressLine } from '../terminal/index.js';
import { mayColor } from './color.js';
import { listenForInterrupt } from './interrupt.js';
import { readText, refuseWrongPlan } from './read-plan.js';
import { tell } from './stderr.js';

const doneWithRefusals = 3;
const stoppedByOthers = 143;

async function showHelp(subject: CommandWords | readonly CommandWords[] | 'functions'): Promise<number> {
  const { renderFunctions, renderHelp } = await import('./help/index.js');
  const style = { width: process.stdout.columns ?? 100, color: mayColor(process.stdout) };
  fs.writeSync(1, subject === 'functions' ? renderFunctions(style) : renderHelp(subject, style));
  return 0;
}

function badPolicy(globals: RawOptions): BadPolicy {
  const said = globals['bad'];
  if (typeof said !== 'string' || said === 'report') return { kind: 'report' };
  return said === 'fail' ? { kind: 'fail' } : { kind: 'file', path: said };
}

/** Whether the answer itself appears on the terminal, where a line of progress would stand in its way. */
function showsAnswer({ nodes }: Plan): boolean {
  const to = nodes.find((node) => node.kind === 'to');
  const isElsewhere = to !== undefined && (to.uri !== '-' || to.exec !== undefined);
  return !isElsewhere && isTerminal(1);
}

async function progressLine(globals: RawOptions, plan: Plan): Promise<ProgressLine | undefined> {
  if (globals['quiet'] === true || !isTerminal(2) || showsAnswer(plan)) return undefined;
  const { createProgressLine } = await import('../terminal/index.js');
  return createProgressLine(tell, () => performance.now());
}

/** The job that the words ask for, if they do. `checkpoint` always is one, and says how often itself. */
function jobOf(spec: CommandSpec, { job, options }: ParsedArguments): JobOptions | undefined {
  const every = spec.name === 'checkpoint' ? options['every'] : undefined;
  const words = readJob(typeof every === 'string' ? { ...job, checkpoint: every } : job);
  if (words === undefined) {
    if (spec.name !== 'checkpoint') return undefined;
    throw problem({
      code: 'usage',
      message: 'checkpoint needs a place for the state',
      hint: 'add --state FOLDER',
    });
  }
  const { savepoint } = words;
  const start = savepoint?.includes('/') ? { savepoint: path.resolve(savepoint) } : {};
  return { ...jobDefaults, ...words, ...start, state: path.resolve(words.state) };
}

/** What was said of a run besides the plan. */
interface RunWords {
  readonly job: JobOptions | undefined;
  readonly spillBytes: number | undefined;
}

function runOptions(
  globals: RawOptions,
  { job, spillBytes }: RunWords,
  progress: ProgressLine | undefined,
  signal: AbortSignal,
): RunOptions {
  const marks = globals['marks'] === true ? 'always' : globals['plain'] === true ? 'never' : 'auto';
  return {
    say(line) {
      progress?.clear();
      if (globals['quiet'] !== true) tell(`${line}\n`);
    },
    bad: badPolicy(globals),
    marks,
    verbose: globals['verbose'] === true,
    signal,
    ...(job === undefined ? {} : { job }),
    ...(spillBytes === undefined ? {} : { spillBytes }),
    ...(progress === undefined ? {} : { onProgress: (figures) => progress.update(figures) }),
  };
}

function statusOf(result: RunResult, interrupted: number | undefined): number {
  // A stage of a job that the stage before it stopped ends as if the signal had come to it.
  if (result.outcome === 'stopped') return interrupted ?? stoppedByOthers;
  return result.totals.rejected > 0 ? doneWithRefusals : 0;
}

async function runPlanned(plan: Plan, globals: RawOptions, words: RunWords): Promise<number> {
  await refuseWrongPlan(plan);
  const interrupt = listenForInterrupt();
  const progress = await progressLine(globals, plan);
  const result = await runLocal(plan, runOptions(globals, words, progress, interrupt.signal));
  progress?.clear();
  return statusOf(result, interrupt.exitStatus());
}

/** The words without an option and its value. */
function wordsWithout(words: readonly string[], option: string): readonly string[] {
  const at = words.indexOf(option);
  if (at >= 0) return [...words.slice(0, at), ...words.slice(at + 2)];
  return words.filter((word) => !word.startsWith(`${option}=`));
}

/** Runs the words in a child process that is started again when it fails. */
async function runAgainAndAgain(
  words: readonly string[],
  said: string,
  globals: RawOptions,
): Promise<number> {
  const { readRestart, supervise } = await import('./restart/index.js');
  const policy = readRestart(said);
  const say = (line: string): void => {
    if (globals['quiet'] !== true) tell(`${line}\n`);
  };
  return await supervise({ words: ['run', ...wordsWithout(words, '--restart')], policy, say });
}

/** A run that is started again finds the other pipes of its job dead. */
function refuseRestartOfOne({ job }: ParsedArguments): void {
  if (job['branches'] === undefined && job['branch'] === undefined) return;
  throw problem({
    code: 'usage',
    message: '--restart starts one process again, and all pipes of a job end together',
    hint: 'ask with one leat run, or start the whole line again, as in: until LINE; do sleep 1; done',
  });
}

/** Whether help is asked for; behind -- words are somebody else's. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return own.includes('--help') || own.includes('-h');
}

async function runSpec(spec: CommandSpec, words: readonly string[]): Promise<number> {
  if (asksForHelp(words)) return await showHelp(spec);
  const parsed = await parseArguments(spec, words);
  const { args, options, globals } = parsed;
  const plan = planOfCommand(spec, args, options, { readText });
  const { restart } = options;
  if (typeof restart === 'string' && restart !== 'none') {
    await refuseWrongPlan(plan);
    refuseRestartOfOne(parsed);
    return await runAgainAndAgain(words, restart, globals);
  }
  if (spec.name !== 'explain') {
    const spillBytes = readBackend(parsed.job);
    return await runPlanned(plan, globals, { job: jobOf(spec, parsed), spillBytes });
  }
  await refuseWrongPlan(plan);
  const { explainPlan, planToJson } = await import('../plan/index.js');
  fs.writeSync(1, `${options['json'] === true ? planToJson(plan) : explainPlan(plan)}\n`);
  return 0;
}

async function runTool(spec: ToolSpec, words: readonly string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) return await showHelp(spec);
  const parsed = await parseArguments(spec, words);
  const { action, args, options } = readAction(spec, parsed.args, parsed.options);
  const { toolActions } = await import('./tools/index.js');
  const act = await toolActions[spec.name]![action.name]!();
  const say = (line: string): void => {
    if (parsed.globals['quiet'] !== true) tell(`${line}\n`);
  };
  return await act({ args, options, store: path.resolve(textOf(options, 'state') ?? 'state'), say });
}

/** Runs the words behind `leat`. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (rest[0] === undefined || name !== 'help') return await showHelp(allWords);
    if (rest[0] === 'functions') return await showHelp('functions');
    const spec = findCommand(rest[0]) ?? findTool(rest[0]);
    if (spec === undefined) throw unknownCommand(rest[0]);
    return await showHelp(spec);
  }
  const spec = findCommand(name);
  if (spec !== undefined) return await runSpec(spec, rest);
  const tool = findTool(name);
  if (tool !== undefined) return await runTool(tool, rest);
  if (name.startsWith('-')) {
    throw problem({
      code: 'usage',
      message: `a command comes first, not ${name}`,
      hint: 'leat --help lists the commands',
    });
  }
  throw unknownCommand(name);
}
