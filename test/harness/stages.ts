/** The processes of a pipe that a shell has started, each of which a test may kill. */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';

/** Whether this system tells the processes that a shell has started. */
export const hasProcesses = fs.existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

/**
 * The stages of leat that a shell has started and that are still there. A producer such as cat is none: when it is killed it
 * has ended for whoever reads it, and nothing in a pipe tells that apart from the end of its input.
 */
export function stagesOf(shell: ChildProcess): number[] {
  try {
    const text = fs.readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8');
    const pids = text.trim().split(' ').filter(Boolean).map(Number);
    return pids.filter((pid) => fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'cat');
  } catch {
    return [];
  }
}

/** Sends a signal to a process, if it is there. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Whether the shell and everything in its process group has ended. */
export function isGone(shell: ChildProcess): boolean {
  try {
    process.kill(-shell.pid!, 0);
    return false;
  } catch {
    return true;
  }
}
