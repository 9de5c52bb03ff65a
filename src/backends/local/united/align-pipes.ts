/**
 * The pipes of one job that flow into a plan: at a barrier each is checked by itself, and what is done at a barrier is done
 * once, when it has come through all of them.
 */
import { type Alignment, createAlignment } from '../checkpoints/alignment.js';
import type { JobRun } from '../checkpoints/job-run.js';
import { assertWhole } from '../checkpoints/whole-epoch.js';
import type { Running } from '../running.js';

/** A source that barriers come through. */
export interface Pipe {
  readonly id: string;
  readonly running: Running;
}

/** Has the pipes wait for each other; `take` is done where they are aligned. */
export function alignPipes(pipes: readonly Pipe[], take: JobRun['onBarrier']): Alignment<string> {
  const alignment = createAlignment(pipes.map(({ id }) => id));
  for (const { id, running } of pipes) {
    running.onBarrier = (line, lines) => {
      const { checkpoint, records } = line;
      if (checkpoint === undefined) return 'taken';
      assertWhole(line, lines);
      const how = alignment.reach(id, checkpoint);
      if (how === 'aligned') take(line, records!);
      return how === 'held' ? 'held' : 'taken';
    };
  }
  return alignment;
}
