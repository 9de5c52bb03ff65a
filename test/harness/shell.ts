/**
 * Runs leat as a person does: real processes in a shell, with a temporary folder to work in. The commands find `leat`
 * on the PATH. Nothing here waits for a fixed time; a command that does not end is killed when its deadline comes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = process.env.LEAT_ROOT!;

/** How a command ended. `status` is 128 and the signal's number where a signal ended it. */
export interface ShellResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellOptions {
  /** Folder to work in; the project's by default. */
  readonly cwd?: string;
  /** Path of a file that is stdin; nothing by default. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this the command is killed. */
  readonly deadlineMs?: number;
}

/** Variables that speak of colour or of the machine that tests run on: a user's shell has none of them. */
const foreignNames = ['CI', 'FORCE_COLOR', 'NO_COLOR', 'NODE_OPTIONS', 'LEAT_DEBUG'];

/** The environment of a user, with `leat` on the PATH and no colour. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  for (const name of foreignNames) delete inherited[name];
  return { ...inherited, PATH: `${path.join(root, 'bin')}:${process.env['PATH']}`, ...more };
}

/** Starts bash with a script; a pipe fails when a command in it fails. */
export function startShell(script: string, options: ShellOptions = {}): ChildProcess {
  const stdin = options.stdin === undefined ? 'ignore' : fs.openSync(options.stdin, 'r');
  const child = spawn('bash', ['-c', `set -o pipefail\n${script}`], {
    cwd: options.cwd ?? root,
    env: environment(options.env),
    stdio: [stdin, 'pipe', 'pipe'],
    detached: true,
  });
  if (typeof stdin === 'number') fs.closeSync(stdin);
  return child;
}

/** Ends a shell and everything it started. */
export function killShell(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Runs a script in bash to its end. */
export async function runShell(script: string, options: ShellOptions = {}): Promise<ShellResult> {
  const child = startShell(script, options);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => err.push(chunk));
  let expired = false;
  const deadline = setTimeout(() => {
    expired = true;
    killShell(child);
  }, options.deadlineMs ?? 60_000);
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal!] ?? 0)));
  });
  clearTimeout(deadline);
  const stderr = Buffer.concat(err).toString();
  return {
    status,
    stdout: Buffer.concat(out).toString(),
    stderr: expired ? `${stderr}\nkilled: the deadline passed` : stderr,
  };
}

const temporaryFolders: string[] = [];

process.on('exit', () => {
  for (const folder of temporaryFolders) fs.rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed when the process ends. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-test-'));
  temporaryFolders.push(folder);
  return folder;
}

/** A word of a shell command, quoted so that it is one. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Waits until something holds; looks every few milliseconds and fails when the deadline comes. */
export async function until(what: string, holds: () => boolean, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
