/** The processes of a pipe that a shell has started, each of which a test may kill. */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';

/** Whether this system tells the processes that a shell has started. */
export const hasProcesses = fs.existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

/** The name of a process and its group; undefined when it has ended. */
function factsOf(pid: number): { readonly name: string; readonly group: number } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return state === 'Z' ? undefined : { name, group: Number(group) };
  } catch {
    return undefined;
  }
}

/**
 * The stages of leat that a shell has started, also by way of a process substitution, and that are still there. A producer
 * such as cat is none: when it is killed it has ended for whoever reads it, and nothing in a pipe tells that apart from the
 * end of its input.
 */
export function stagesOf(shell: ChildProcess): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const facts = factsOf(pid);
    return facts?.group === shell.pid && facts?.name !== 'cat' && facts?.name !== 'bash';
  });
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
