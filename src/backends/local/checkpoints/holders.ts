/** Which processes hold stores, asked of this machine: a pid alone may be that of another process by now. */
import fs from 'node:fs';
import os from 'node:os';
import type { HolderFacts, Holders } from '../../../state/index.js';

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The fields of proc(5) stat behind the name, which may hold blanks and brackets itself; none where there is no /proc. */
function statOf(pid: number): readonly string[] {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** When a process started, in ticks since the boot; empty where the system does not tell. */
const startOf = (pid: number): string => statOf(pid)[19] ?? '';

/** Killed, and only waiting for its parent to notice. */
const isZombie = (pid: number): boolean => statOf(pid)[0] === 'Z';

function factsOf(pid: number): HolderFacts {
  return { pid, host: os.hostname(), boot: readText('/proc/sys/kernel/random/boot_id'), start: startOf(pid) };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The processes of this machine. */
export function processHolders(): Holders {
  const self = factsOf(process.pid);
  return {
    self,
    async life(holder) {
      if (holder.host !== self.host) return 'unknown';
      if (holder.boot !== self.boot || !exists(holder.pid) || isZombie(holder.pid)) return 'dead';
      return startOf(holder.pid) === holder.start ? 'alive' : 'dead';
    },
  };
}
