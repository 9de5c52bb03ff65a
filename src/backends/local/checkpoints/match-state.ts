/**
 * Which stored state goes to which operator: a decision on names and shapes alone, made before anything is restored.
 * State that no operator takes, or that has another shape, is never dropped silently.
 */
import { type Problem, problem } from '../../../diagnostics/index.js';
import type { StoredOperator } from '../../../state/index.js';

/** An operator with state, as the plan has it. */
export interface WantedState {
  readonly uid: string;
  readonly shape: string;
}

/** What is to be done: which states are restored, and which operators begin empty. */
export interface StateMatch {
  readonly restored: readonly StoredOperator[];
  readonly fresh: readonly string[];
  readonly dropped: readonly string[];
}

function otherShape(wanted: WantedState, stored: StoredOperator): Problem {
  return problem({
    code: 'state',
    message: `the state of ${wanted.uid} was kept by another operator: stored is ${stored.shape}, asked is ${wanted.shape}`,
    hint: 'give the operators names of their own with --uid, or begin it anew with --allow-dropped-state',
  });
}

function nobodyTakes(stored: readonly StoredOperator[], wanted: readonly WantedState[]): Problem {
  const names = stored.map(({ uid }) => uid).join(', ');
  const has = wanted.map(({ uid }) => uid).join(', ') || 'no operator with state';
  return problem({
    code: 'state',
    message: `the checkpoint holds state of ${names}, and no operator of this pipeline takes it: the pipeline has ${has}`,
    hint: 'give the operator that is meant the same --uid, or drop the state with --allow-dropped-state',
  });
}

/** Matches stored state with operators. Throws a problem of the code state unless dropping is allowed. */
export function matchState(
  stored: readonly StoredOperator[],
  wanted: readonly WantedState[],
  allowDropped: boolean,
): StateMatch {
  const restored: StoredOperator[] = [];
  const fresh: string[] = [];
  for (const operator of wanted) {
    const found = stored.find(({ uid }) => uid === operator.uid);
    if (found === undefined) fresh.push(operator.uid);
    else if (found.shape === operator.shape) restored.push(found);
    else if (allowDropped) fresh.push(operator.uid);
    else throw otherShape(operator, found);
  }
  const left = stored.filter((one) => !restored.includes(one));
  const orphans = left.filter(({ uid }) => !wanted.some((operator) => operator.uid === uid));
  if (orphans.length > 0 && !allowDropped) throw nobodyTakes(orphans, wanted);
  return { restored, fresh, dropped: left.map(({ uid }) => uid) };
}
