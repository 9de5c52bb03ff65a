/**
 * A job run in this process on a disk double, disturbed and run again until it is done: the machine crashes in the middle
 * of an operation of the disk, operations fail, the disk is full. Everything follows from one seed: the question,
 * the records, the chunks, the clock, and what goes wrong when. The outputs must be those of the undisturbed run.
 */
import { type JobOptions, type RunOptions, runLocal } from '../../src/backends/local/index.js';
import { isProblem } from '../../src/diagnostics/index.js';
import type { Disk } from '../../src/disk/index.js';
import { parsePipeline } from '../../src/frontends/index.js';
import type { Plan } from '../../src/plan/index.js';
import { createDiskDouble, DiskCrash, type DiskDouble, type Random } from './disk/index.js';
import { memorySource } from './run-plan.js';

/** A question to a job: its pipeline ends with a `to`, and these are the paths of what it writes. */
export interface Question {
  readonly text: string;
  readonly input: Uint8Array | string;
  /** Other inputs, by path. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly chunkBytes: number;
  readonly everyMs: number;
  /** Is waited for before each read: without it all of a short input is read while the first checkpoint is written. */
  readonly settled?: () => Promise<void>;
}

/** Everything that a disk in memory has to do is done when the event loop has gone round. */
export function oneTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export interface Outcome {
  readonly files: ReadonlyMap<string, string>;
  /** How often the run was started. */
  readonly starts: number;
}

const stateFolder = '/state';
const outFolder = '/out';

/** A clock that goes on by 2 ms whenever somebody looks: time passes with the work that is done. */
function countingClock(): () => number {
  let nowMs = 1_760_000_000_000;
  return () => {
    nowMs += 2;
    return nowMs;
  };
}

/** What a run is asked with, but for its disk; `state` is the folder of the store. */
export function optionsOf(question: Question, state = stateFolder): RunOptions {
  const job: JobOptions = {
    state,
    name: 'simulated',
    everyMs: question.everyMs,
    minPauseMs: 0,
    timeoutMs: 60_000,
    keep: 2,
    takeOver: false,
    allowDroppedState: false,
  };
  return {
    say() {},
    job,
    holders: { self: { pid: 1, host: 'sim', boot: '', start: '' }, life: () => Promise.resolve('dead') },
    clock: countingClock(),
    chunkBytes: question.chunkBytes,
    open: {
      async source(path) {
        const source = memorySource(
          path,
          Buffer.from((question.files?.[path] ?? question.input) as string),
          question.chunkBytes,
        );
        const { settled } = question;
        if (settled === undefined) return source;
        return { ...source, read: (into) => settled().then(() => source.read(into)) };
      },
    },
  };
}

/**
 * What a user sees: the files below the output folder that are not hidden. The parts of a folder count as one file: where
 * one ends and the next begins is the business of barriers and clocks.
 */
function outputs(double: DiskDouble): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const path of double.paths()) {
    const isVisible = path.startsWith(`${outFolder}/`) && !path.slice(outFolder.length).includes('/.');
    if (!isVisible) continue;
    const name = path.replace(/part-\d+-\d+\.ndjson$/, 'parts');
    files.set(name, (files.get(name) ?? '') + double.text(path)!);
  }
  return files;
}

/** A disk with an empty folder for the outputs. */
function preparedDisk(seed: number): DiskDouble {
  const double = createDiskDouble({ seed });
  double.put(`${outFolder}/.folder`, '');
  return double;
}

/** Runs the question without any disturbance. */
export async function undisturbed(question: Question): Promise<Outcome> {
  const double = preparedDisk(1);
  await runLocal(parsePipeline(question.text), { ...optionsOf(question), disk: double.disk });
  return { files: outputs(double), starts: 1 };
}

/** One thing that goes wrong, chosen by chance; the run meets it at some operation of the disk. */
function disturb(double: DiskDouble, random: Random, operations: number): void {
  const at = double.operations + 1 + random.below(Math.max(1, operations));
  const kind = random.below(10);
  if (kind < 6) double.crashAt(at);
  else if (kind < 8) double.failAt(at, random.below(2) === 0 ? 'EIO' : 'ENOSPC', 1 + random.below(3));
  else double.failAt(at, 'ENOSPC', 1_000_000);
}

function undisturb(double: DiskDouble): void {
  double.crashAt(undefined);
  double.failAt(Number.MAX_SAFE_INTEGER, 'EIO', 0);
}

/** Whether the run ended as the disturbance lets it end: with a crash, or with a problem that says what failed. */
export function isExpected(error: unknown): boolean {
  if (error instanceof DiskCrash) return true;
  if (isProblem(error)) return error.details.code === 'state' || error.details.code === 'output';
  return error instanceof Error && error.cause instanceof DiskCrash;
}

/** Runs the question, disturbed `times` times, until it is done. `operations` is about how many one run needs. */
export async function disturbed(
  question: Question,
  random: Random,
  times: number,
  operations: number,
): Promise<Outcome> {
  const double = preparedDisk(random.below(1 << 30));
  const plan = parsePipeline(question.text);
  let starts = 0;
  let hadPower = true;
  const say = (line: string): void => {
    // What was written at once comes again, in whatever pieces the input comes; only a machine that crashed loses some.
    if (hadPower && line.includes('do not come again')) throw new Error(line);
  };
  for (let left = times; ; left--) {
    if (left > 0) disturb(double, random, operations);
    starts++;
    const chunkBytes = starts === 1 ? question.chunkBytes : 20 + random.below(400);
    try {
      await runLocal(plan, { ...optionsOf({ ...question, chunkBytes }), say, disk: double.disk });
      if (left <= 0) return { files: outputs(double), starts };
    } catch (error) {
      if (left <= 0 || !isExpected(error)) throw error;
    }
    undisturb(double);
    if (double.crashed || random.below(2) === 0) {
      if (!double.crashed) double.crash();
      const after = random.below(2) === 0 ? 'process' : 'power';
      if (after === 'power') hadPower = false;
      double.restart(after);
    }
  }
}

/** What came of a run that crashed and the one after it. */
export interface Aftermath {
  readonly operation: number;
  /** The outputs when the first one had crashed, as readers saw them. */
  readonly seen: Outcome['files'];
  readonly outcome: Outcome;
}

/**
 * Runs the question once for every operation of the disk, and crashes at that one. `then` is asked afterwards: the same, or
 * its input has grown.
 */
export async function crashEverywhere(
  question: Question,
  check: (aftermath: Aftermath) => void,
  then = question,
): Promise<number> {
  const plan = parsePipeline(question.text);
  for (let operation = 1; ; operation++) {
    const double = preparedDisk(operation);
    double.crashAt(operation);
    let finished = false;
    try {
      await runLocal(plan, { ...optionsOf(question), disk: double.disk });
      finished = !double.crashed;
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
    if (finished) return operation - 1;
    const seen = outputs(double);
    double.restart('power');
    undisturb(double);
    await runLocal(plan, { ...optionsOf(then), disk: double.disk });
    check({ operation, seen, outcome: { files: outputs(double), starts: 2 } });
  }
}

/** The disk, which crashes as soon as the n-th checkpoint exists: at the moment at which its manifest has its name. */
function crashingAtCheckpoint(double: DiskDouble, number: number): Disk {
  const { disk } = double;
  let left = number;
  return {
    ...disk,
    async rename(from, to) {
      await disk.rename(from, to);
      if (to.endsWith('/manifest.json') && --left === 0) double.crash();
    },
  };
}

/**
 * Runs a plan as often as it has barriers: killed at one of them, each time at the next, and then resumed to its end.
 * Returns how many there were. `between` may do something to the store, and says which one is gone on with.
 */
export async function killedAtEveryBarrier(
  plan: Plan,
  question: Question,
  check: (double: DiskDouble, files: Outcome['files'], barrier: number) => void,
  between: (double: DiskDouble) => Promise<string> = () => Promise.resolve(stateFolder),
): Promise<number> {
  for (let barrier = 1; ; barrier++) {
    const double = preparedDisk(barrier);
    try {
      await runLocal(plan, { ...optionsOf(question), disk: crashingAtCheckpoint(double, barrier) });
      return barrier - 1;
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
    double.restart(barrier % 2 === 0 ? 'power' : 'process');
    const state = await between(double);
    await runLocal(plan, { ...optionsOf(question, state), disk: double.disk });
    check(double, outputs(double), barrier);
  }
}
