/** What a run goes on from: a pure decision over checkpoints of the past that have been looked at, newest first. */
import type { Ancestor } from './facts.js';

/**
 * What was found when a checkpoint was read: undefined for whole, otherwise the sentence that says what is damaged.
 */
export interface Verdict {
  readonly epoch: number;
  readonly damage: string | undefined;
}

export type RestoreDecision =
  | { readonly kind: 'begin' }
  /** Index of the verdict. */
  | { readonly kind: 'restore'; readonly at: number; readonly findings: readonly string[] }
  | { readonly kind: 'refuse'; readonly message: string };

/**
 * `from`: what the last run went on from, as far as known: a job that had a checkpoint must not begin at zero because
 * somebody removed it.
 */
export function decideRestore(verdicts: readonly Verdict[], from: Ancestor | undefined): RestoreDecision {
  const at = verdicts.findIndex(({ damage }) => damage === undefined);
  if (at >= 0) {
    const { epoch } = verdicts[at]!;
    const findings = verdicts
      .slice(0, at)
      .map(
        (passed) =>
          `checkpoint ${passed.epoch} is damaged and was passed over for ${epoch}: ${passed.damage}`,
      );
    return { kind: 'restore', at, findings };
  }
  const newest = verdicts[0];
  if (newest !== undefined) {
    const count = verdicts.length === 1 ? 'the only checkpoint is' : `all ${verdicts.length} checkpoints are`;
    return { kind: 'refuse', message: `${count} damaged: ${newest.damage}` };
  }
  if (from !== undefined && from !== 'nothing') {
    return { kind: 'refuse', message: `checkpoint ${from.epoch}, which the job went on from, is not there` };
  }
  return { kind: 'begin' };
}
