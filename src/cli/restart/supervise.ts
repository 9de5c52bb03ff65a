/**
 * Supervision: runs leat in a child process and starts it again when it fails. The parent holds nothing that a crash
 * could lose: no input, no output, no state. What ended on purpose is never started again: done, wrong usage,
 * refused records, a signal that came to us.
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { decideRestart, type RestartPolicy } from './policy.js';

/** Exit statuses after which nothing is to be done: complete, wrong question, complete with refusals. */
const onPurpose: ReadonlySet<number> = new Set([0, 2, 3]);

export interface SupervisedRun {
  /** The words behind `leat`, without --restart. */
  readonly words: readonly string[];
  readonly policy: RestartPolicy;
  say(line: string): void;
}

function pause(ms: number, untilStopped: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([over, untilStopped]).finally(() => clearTimeout(timer));
}

/** Runs until the run ends on purpose or the policy gives up; returns its exit status. */
export async function supervise({ words, policy, say }: SupervisedRun): Promise<number> {
  const failures: number[] = [];
  let stopped = false;
  let kill: (signal: NodeJS.Signals) => void = () => {};
  let release: () => void = () => {};
  const untilStopped = new Promise<void>((resolve) => {
    release = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopped = true;
      release();
      // A terminal has sent SIGINT to the child itself, and a second one would stop it at once.
      if (signal === 'SIGTERM' || !(process.stdin.isTTY || process.stderr.isTTY)) kill(signal);
    });
  }
  for (;;) {
    const status = await runOnce(words, (killer) => {
      kill = killer;
    });
    kill = () => {};
    if (stopped || onPurpose.has(status)) return status;
    failures.push(Date.now());
    if (failures.length > 1000) failures.shift();
    const decision = decideRestart(policy, failures);
    say(`leat: the run ended with status ${status}; ${decision.says}`);
    if (decision.kind === 'give-up') return status;
    await pause(decision.afterMs, untilStopped);
    if (stopped) return status;
  }
}

function runOnce(
  words: readonly string[],
  onStart: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
      stdio: 'inherit',
    });
    onStart((signal) => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal!] ?? 0)));
  });
}
