/**
 * A program of somebody else as a child: bytes go to its stdin, its stdout is read piece by piece and no faster than it is
 * wanted, its stderr is that of this process. Started from an argument list and never through a shell, in a process group
 * of its own, so that Ctrl-C, which is ours to handle, does not reach it. Ends with this process.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type Problem, problem } from '../../diagnostics/index.js';

export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Exit statuses that count as success. */
  readonly ok: readonly number[];
  /** Variables besides those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** It may end before it has read everything. */
  readonly mayLeave?: boolean;
  /** Takes a piece of its output; the next one comes when the promise has resolved. */
  take(bytes: Buffer): Promise<void> | undefined;
}

export interface Child {
  /** Gives it bytes to read, which must not change any more. A promise to wait for while it reads slowly. */
  give(bytes: Uint8Array): Promise<void> | undefined;
  /** Nothing more will be given. */
  close(): void;
  /** When it has ended with an accepted status and all of its output was taken. Rejects with a problem. */
  readonly ended: Promise<void>;
  kill(): void;
}

type Process = ChildProcessByStdio<Writable, Readable, null>;

const living = new Set<Process>();

/** The group, for the child may have children. */
function killGroup(child: Process): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function killLiving(): void {
  for (const child of living) killGroup(child);
}

function watchOver(child: Process): void {
  if (living.size === 0) process.once('exit', killLiving);
  living.add(child);
  child.once('close', () => {
    living.delete(child);
    if (living.size === 0) process.removeListener('exit', killLiving);
  });
}

/** A command as a person would say it. */
export const commandName = (command: readonly string[]): string => command[0] ?? '';

export function commandProblem(
  command: readonly string[],
  message: string,
  hint: string,
  cause?: unknown,
): Problem {
  return problem({
    code: 'command',
    message: `${commandName(command)} ${message}`,
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

function notStarted(command: readonly string[], error: NodeJS.ErrnoException): Problem {
  if (error.code === 'ENOENT') {
    return commandProblem(
      command,
      'cannot be run: there is no such command',
      'its name or path comes first, its arguments are words of their own',
      error,
    );
  }
  return commandProblem(command, `cannot be run: ${error.message}`, 'it must be a program', error);
}

/** Whether a program could not even be started: what a command of any record would meet. */
export const wasNotStarted = ({ details }: Problem): boolean => details.cause !== undefined;

const ownMessage = 'its own message, if it has one, stands on stderr';

function endOf(child: Process, options: ChildOptions, wasClosed: () => boolean, wasRead: () => boolean) {
  const { command, ok, mayLeave } = options;
  return new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(command, error)));
    child.once('close', (status, signal) => {
      if (signal !== null) reject(commandProblem(command, `was ended by ${signal}`, ownMessage));
      else if (!ok.includes(status!)) {
        const hint = `${ownMessage}; --ok ${[...ok, status].join()} takes that status for success`;
        reject(commandProblem(command, `failed: it ended with status ${status}`, hint));
      } else if (mayLeave !== true && !(wasClosed() && wasRead())) {
        const hint = 'a filter reads its input to the end';
        reject(commandProblem(command, 'ended before it had read all of its input', hint));
      } else resolve();
    });
  });
}

async function readAll(output: Readable, take: ChildOptions['take']): Promise<void> {
  for await (const piece of output) await take(piece as Buffer);
}

/** Starts a program. */
export function startChild(options: ChildOptions): Child {
  const { command, variables } = options;
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child: Process = spawn(command[0]!, command.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...variables },
  });
  watchOver(child);
  let closed = false;
  let broken = false;
  child.stdin.on('error', () => {
    broken = true;
  });
  const exit = endOf(
    child,
    options,
    () => closed,
    () => !broken,
  );
  // What it says by its status comes before what its output, cut short, says.
  const reading = readAll(child.stdout, options.take);
  const ended = Promise.all([exit, reading]).then(() => {});
  // Whoever waits for it sees why it failed; until then it must not count as unhandled.
  ended.catch(() => {});
  return {
    give(bytes) {
      if (broken) return options.mayLeave === true ? undefined : ended;
      if (child.stdin.write(bytes)) return undefined;
      return new Promise((resolve) => {
        const done = (): void => {
          child.stdin.removeListener('drain', done).removeListener('close', done);
          resolve();
        };
        child.stdin.once('drain', done).once('close', done);
      });
    },
    close() {
      closed = true;
      child.stdin.end();
    },
    ended,
    kill: () => killGroup(child),
  };
}
