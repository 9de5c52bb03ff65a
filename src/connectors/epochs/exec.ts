/**
 * A command of the user as an output: it is run once for each epoch that is not empty, when the checkpoint
 * exists, with the epoch on its stdin and an idempotency key in its environment. The same epoch comes with
 * the same key, also after a crash, so that a command which remembers keys takes each epoch once.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { EpochSink } from '../epoch-sink.js';
import { createAppliedEpochs } from './applied-epochs.js';

export interface ExecOptions {
  /** A line for sh -c. */
  readonly command: string;
  /** How often it is run again after a status other than 0. */
  readonly retries: number;
  readonly job: string;
  readonly sink: string;
  /** Whether a failed run can be gone on with. */
  readonly resumes: boolean;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;
const passedAtOnceBytes = 1 << 18;

function commandProblem(options: ExecOptions, message: string, cause?: unknown): Error {
  return problem({
    code: 'output',
    message: `the command failed: ${message}`,
    place: { kind: 'argument', name: options.command },
    hint: options.resumes
      ? 'run the job again to go on from there: the same output comes with the same LEAT_IDEMPOTENCY_KEY'
      : 'its own message says why; --exec-retries runs it again when that can help',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Feeds a file to the stdin of a child; a child that does not read all of it is no failure. */
async function feed(disk: Disk, path: string, stdin: NodeJS.WritableStream): Promise<void> {
  let gone = false;
  stdin.on('error', () => {
    gone = true;
  });
  const file = await disk.open(path, 'read');
  try {
    for (let at = 0; !gone; ) {
      const buffer = Buffer.allocUnsafe(passedAtOnceBytes);
      const count = await file.read(buffer, at);
      if (count === 0) break;
      at += count;
      await new Promise<void>((resolve) => stdin.write(buffer.subarray(0, count), () => resolve()));
    }
  } finally {
    await file.close();
    stdin.end();
  }
}

async function runCommand(disk: Disk, path: string, epoch: number, options: ExecOptions): Promise<void> {
  const { command, job, sink } = options;
  // Loaded with the first command: a run without one does not pay for it at its start.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: {
      ...process.env,
      LEAT_JOB: job,
      LEAT_SINK: sink,
      LEAT_EPOCH: String(epoch),
      LEAT_IDEMPOTENCY_KEY: `${job}/${sink}/${epoch}`,
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(commandProblem(options, error.message, error)));
    child.once('close', (status, signal) => {
      if (status === 0) resolve();
      else
        reject(
          commandProblem(options, signal === null ? `it ended with status ${status}` : `signal ${signal}`),
        );
    });
  });
  await Promise.all([ended, feed(disk, path, child.stdin)]);
}

async function runWithRetries(disk: Disk, path: string, epoch: number, options: ExecOptions): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await runCommand(disk, path, epoch, options);
    } catch (error) {
      if (attempt >= options.retries) throw error;
      const pauseMs = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** The sink that runs a command for each epoch; `folder` is there and holds the epochs that it was not run for yet. */
export function createExecEpochs(disk: Disk, folder: string, options: ExecOptions): EpochSink {
  return createAppliedEpochs(disk, folder, {
    name: options.command,
    guarantee: 'at-least-once',
    begin: () => Promise.resolve(0),
    apply: (path, epoch) => runWithRetries(disk, path, epoch, options),
  });
}
