/**
 * Options about the job that a run belongs to: where its state is kept, how often, and what to start from. They say how a
 * run behaves, not what it computes, so they are no part of a plan. Of every command that can stand at the head of
 * a pipe; the stages behind it learn all of this from the stream.
 */
import { problem } from '../../diagnostics/index.js';
import { numberOf, readOptions, textOf } from './options.js';
import type { OptionSpec, OptionValues, RawOptions } from './spec.js';

export const jobOptions: readonly OptionSpec[] = [
  {
    flags: '--state <folder>',
    name: 'state',
    kind: 'text',
    summary: 'keep state and positions in this folder, and go on from what is there',
  },
  {
    flags: '--checkpoint <duration>',
    name: 'checkpoint',
    kind: 'duration',
    default: '10s',
    unit: 'duration',
    summary: 'time between two checkpoints; needs --state',
  },
  {
    flags: '--job <name>',
    name: 'job',
    kind: 'text',
    summary: "name of the job; without it the name of the state's folder",
  },
  { flags: '--keep <n>', name: 'keep', kind: 'integer', default: '3', summary: 'checkpoints that are kept' },
  {
    flags: '--min-pause <duration>',
    name: 'min-pause',
    kind: 'duration',
    default: '0s',
    unit: 'duration',
    summary: 'least time between the end of a checkpoint and the next one',
  },
  {
    flags: '--timeout <duration>',
    name: 'timeout',
    kind: 'duration',
    default: '10m',
    unit: 'duration',
    summary: 'longest that a checkpoint may take',
  },
  {
    flags: '--branches <list>',
    name: 'branches',
    kind: 'list',
    summary: 'names of other pipes of the same job that flow into this one, at union or join',
  },
  {
    flags: '--branch <name>',
    name: 'branch',
    kind: 'text',
    summary: 'this pipe is that branch of the job; besides it takes --state and --timeout alone',
  },
  {
    flags: '--take-over',
    name: 'take-over',
    kind: 'flag',
    summary: 'fence a run of the job that seems to live still, and go on in its place',
  },
  {
    flags: '--from-savepoint <name>',
    name: 'from-savepoint',
    kind: 'text',
    summary: 'start from a savepoint of the store, or from the folder of one, not from the newest checkpoint',
  },
  {
    flags: '--allow-dropped-state',
    name: 'allow-dropped-state',
    kind: 'flag',
    summary: 'go on although no operator takes some of the state, or its shape has changed',
  },
];

/** What the job options say. Durations in ms; undefined where nothing was said. */
export interface JobWords {
  readonly state: string;
  readonly name?: string;
  readonly everyMs?: number;
  readonly keep?: number;
  readonly minPauseMs?: number;
  readonly timeoutMs?: number;
  readonly takeOver: boolean;
  readonly savepoint?: string;
  readonly allowDroppedState: boolean;
  readonly branches?: readonly string[];
  readonly branch?: string;
}

function positive(name: string, value: number | undefined): number | undefined {
  if (value === undefined || value > 0) return value;
  throw problem({ code: 'usage', message: `--${name} must be more than nothing` });
}

const branchName = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

function checkBranch(name: string): string {
  if (branchName.test(name)) return name;
  throw problem({
    code: 'usage',
    message: `a branch cannot be called ${JSON.stringify(name)}`,
    hint: 'a name begins with a letter and has letters, digits, _ and -, at most 32',
  });
}

function readBranches(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => checkBranch(name.trim()));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw problem({ code: 'usage', message: `--branches names ${twice} twice` });
}

/** What all pipes of a job share is said once, at the head that holds the state. */
function refuseBesideBranch(options: OptionValues): void {
  const other = jobOptions.find(
    ({ name }) => options[name] !== undefined && !['state', 'branch', 'timeout'].includes(name),
  );
  if (other === undefined) return;
  throw problem({
    code: 'usage',
    message: `--${other.name} is said at the head that holds the state, not at that of a branch`,
    hint: 'leave it out here; --state and --branch are enough',
  });
}

/** Reads job options as written; undefined when there is no job. Throws usage problems. */
export function readJob(raw: RawOptions): JobWords | undefined {
  const options = readOptions(jobOptions, raw);
  const given = jobOptions.find(({ name }) => options[name] !== undefined);
  if (given === undefined) return undefined;
  const state = textOf(options, 'state');
  if (state === undefined || state === '') {
    throw problem({
      code: 'usage',
      message: `--${given.name} needs a place for the state`,
      hint: 'add --state FOLDER',
    });
  }
  const branch = textOf(options, 'branch');
  if (branch !== undefined) refuseBesideBranch(options);
  const words = {
    branches: readBranches(textOf(options, 'branches')),
    branch: branch === undefined ? undefined : checkBranch(branch),
    name: textOf(options, 'job'),
    everyMs: positive('checkpoint', numberOf(options, 'checkpoint')),
    keep: positive('keep', numberOf(options, 'keep')),
    minPauseMs: numberOf(options, 'min-pause'),
    timeoutMs: positive('timeout', numberOf(options, 'timeout')),
    savepoint: textOf(options, 'from-savepoint'),
  };
  const said = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  return {
    state,
    ...said,
    takeOver: options['take-over'] === true,
    allowDroppedState: options['allow-dropped-state'] === true,
  };
}
