/** What a step does with late records, whichever kind it is of: asked where its files are opened and where it is built. */
import type { LatePolicy } from './nodes/index.js';
import type { PhysicalStep } from './rewrite/physical-steps.js';

/** The policy of a step; undefined when nothing is late there. */
export function latePolicyOf(step: PhysicalStep): LatePolicy | undefined {
  if (step.kind === 'join') return 'late' in step.match ? step.match.late : undefined;
  const node = step.kind === 'windowed-aggregate' ? step.window : step;
  return 'late' in node ? node.late : undefined;
}
