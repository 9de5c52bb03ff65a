/**
 * Where pipes of one job meet: which inputs wait at a barrier, and when a checkpoint may be cut. All inputs get barriers of
 * the same numbers. One that has reached a barrier is not read until the others have reached it too; then the checkpoint is
 * cut, once. A number that an input has skipped is subsumed by the next: who waits at the lower one goes on to the higher.
 * Knows numbers only, no streams. After Carbone et al., "Lightweight asynchronous snapshots for distributed dataflows"
 * (2015).
 */

export interface Alignment<Input> {
  /**
   * An input has reached a barrier. `aligned`: all have, and all go on when its checkpoint is cut; `held`: the input waits,
   * and those that wait for a lower barrier go on; `passed`: others have skipped this barrier, and the input goes on. Throws
   * when the numbers of an input do not grow.
   */
  reach(input: Input, checkpoint: number): 'held' | 'aligned' | 'passed';
  /** Whether an input waits. */
  isHeld(input: Input): boolean;
  /** Whether others wait for this input: it has to be read, however far it is ahead. */
  isAwaited(input: Input): boolean;
}

export function createAlignment<Input>(inputs: readonly Input[]): Alignment<Input> {
  const reached = new Map<Input, number>(inputs.map((input) => [input, 0]));
  /** The highest barrier that an input has reached, and the last one that all have. */
  let target = 0;
  let aligned = 0;
  return {
    reach(input, checkpoint) {
      const before = reached.get(input)!;
      if (checkpoint <= before) throw new Error(`barrier ${checkpoint} came behind barrier ${before}`);
      reached.set(input, checkpoint);
      if (checkpoint < target) return 'passed';
      target = checkpoint;
      if ([...reached.values()].some((number) => number !== target)) return 'held';
      aligned = target;
      return 'aligned';
    },
    isHeld: (input) => target > aligned && reached.get(input) === target,
    isAwaited: (input) => target > aligned && reached.has(input) && reached.get(input)! < target,
  };
}
