/**
 * A command of the user as an output: it is run once for each epoch that is not empty, when the checkpoint
 * exists, with the epoch on its stdin and an idempotency key in its environment. The same epoch comes with
 * the same key, also after a crash, so that a command which remembers keys takes each epoch once.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { Committable, EpochSink } from '../epoch-sink.js';
import { beginEpoch, type EpochPiece, epochPath, removeEpochs } from './epoch-log.js';
import { fileCommittable, hasEpoch, outputFailure } from './target.js';
import { createWriteQueue } from './write-queue.js';

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
  const { command } = options;
  const queue = createWriteQueue((error) => outputFailure(command, error));
  let log = beginEpoch(disk, folder, 1);
  let pending: readonly EpochPiece[] = [];
  let done = 0;
  let last: Promise<unknown> = Promise.resolve();

  const runPieces = async (pieces: readonly EpochPiece[]): Promise<void> => {
    for (const piece of pieces) {
      const path = epochPath(folder, piece.epoch);
      if (piece.epoch <= done) continue;
      // Its file goes when the command has been run for it.
      if (piece.lengthBytes > 0 && (await hasEpoch(disk, path, piece))) {
        await runWithRetries(disk, path, piece.epoch, options);
        await disk.remove(path);
      }
      done = piece.epoch;
    }
    pending = pending.filter(({ epoch }) => epoch > done);
  };
  const inTurn = (pieces: readonly EpochPiece[]): Promise<void> => {
    const result = last.then(() => runPieces(pieces));
    last = result.catch(() => {});
    return result;
  };

  return {
    name: command,
    kind: 'file',
    guarantee: 'at-least-once',
    closedByReader: false,
    write(bytes, lengthBytes) {
      queue.add(bytes, lengthBytes, log.take(bytes.subarray(0, lengthBytes)));
      return queue.exchange();
    },
    drained: () => queue.drained(),
    flushed: () => queue.reached(),
    async recover(from) {
      // A savepoint of another output leaves nothing to do for this command.
      const isOther = from?.savepoint !== undefined && from.committable['path'] !== command;
      const pieces = from === undefined || isOther ? [] : fileCommittable(from.committable).pieces;
      await removeEpochs(disk, folder, new Set(pieces.map(({ epoch }) => epoch)));
      log = beginEpoch(disk, folder, (from?.epoch ?? 0) + 1);
      await inTurn(pieces);
      done = from?.epoch ?? 0;
    },
    async prepare(epoch) {
      const { lengthBytes, checksum } = log;
      const ended = log;
      log = beginEpoch(disk, folder, epoch + 1);
      const pieces = [...pending, { epoch, baseBytes: 0, lengthBytes, checksum }];
      if (lengthBytes > 0) pending = pieces;
      await queue.reached();
      try {
        await ended.seal(epoch);
      } catch (error) {
        throw outputFailure(command, error);
      }
      return { version: 1, path: command, pieces } as Committable;
    },
    commit: (_epoch, committable) => inTurn(fileCommittable(committable).pieces),
    async close() {
      try {
        await queue.reached();
        await last;
      } finally {
        await log.close();
      }
    },
  };
}
