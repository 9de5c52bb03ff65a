/**
 * A job with the disk backend on the disk of this machine, killed at every barrier and resumed. From the moment of the crash
 * no operation of the run's disk does anything; what its LevelDB still does, it does to files that no checkpoint names.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type RunOptions, runLocal } from '../../src/backends/local/index.js';
import { type Disk, type DiskFile, realDisk } from '../../src/disk/index.js';
import type { Plan } from '../../src/plan/index.js';
import { DiskCrash } from './disk/index.js';
import { isExpected } from './simulation.js';

/**
 * The machine's disk without the waiting for the device, which no crash of a process needs. `renamed` is told what got its
 * name, and says whether the process is still there; when it is not, nothing works any more.
 */
function swiftDisk(renamed: (to: string) => boolean): Disk {
  let alive = true;
  const guarded = <Does extends object>(does: Does): Does =>
    new Proxy(does, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          if (!alive && name !== 'close') throw new DiskCrash('the process was killed');
          if (name === 'sync' || name === 'syncFolder') return undefined;
          const result = (await member.apply(target, given)) as unknown;
          if (name === 'rename') alive = renamed(given[1] as string);
          if (!alive) throw new DiskCrash('the process was killed');
          return name === 'open' ? guarded(result as DiskFile) : result;
        };
      },
    });
  return guarded(realDisk);
}

/** A run in a folder: its plan writes there, and its options say all but the disk. */
export interface DiskQuestion {
  readonly plan: (folder: string) => Plan;
  readonly options: (folder: string) => RunOptions;
}

/** Runs a plan until its n-th checkpoint exists, and kills it; false when it ended before. */
async function runUntil(number: number, question: DiskQuestion, folder: string): Promise<boolean> {
  let left = number;
  const disk = swiftDisk((to) => !to.endsWith('/manifest.json') || --left > 0);
  try {
    await runLocal(question.plan(folder), { ...question.options(folder), disk });
  } catch (error) {
    if (left > 0 || !isExpected(error)) throw error;
  }
  return left <= 0;
}

/**
 * Runs a plan as often as it has barriers, each time killed at the next and resumed to its end. Returns how often, and in how
 * many checkpoints an operator had groups on disk.
 */
export async function killedAtEveryBarrierOnDisk(
  base: string,
  question: DiskQuestion,
  check: (folder: string, barrier: number) => void,
): Promise<{ readonly barriers: number; readonly captured: number }> {
  let captured = 0;
  for (let barrier = 1; ; barrier++) {
    const folder = path.join(base, String(barrier));
    fs.mkdirSync(folder, { recursive: true });
    try {
      if (!(await runUntil(barrier, question, folder))) return { barriers: barrier - 1, captured };
      const kept = fs.readdirSync(path.join(folder, 'state/operators'), { recursive: true }).map(String);
      captured += kept.filter((name) => name.endsWith('.files')).length;
      const disk = swiftDisk(() => true);
      await runLocal(question.plan(folder), { ...question.options(folder), disk });
      check(folder, barrier);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }
}
