/** Restores the operators of a stage from its part of a checkpoint, after their states were matched as a whole. */
import type { SpillRun } from '../spill-run.js';
import type { JobStage } from './job-stage.js';
import { matchState } from './match-state.js';
import type { NamedOperator } from './operator-name.js';

/** A pipe that has become shorter leaves the state of its last stages behind. */
function dropLaterStages(stage: JobStage, say: (line: string) => void): void {
  const { store, allowDroppedState } = stage;
  const present = new Set([...stage.before, stage.id]);
  const later = (store.restored?.parts ?? []).filter((part) => !present.has(part.stage));
  const { dropped } = matchState(
    later.flatMap(({ operators }) => operators),
    [],
    allowDroppedState,
  );
  if (dropped.length > 0) say(`leat: the state of ${dropped.join(', ')} was dropped, as you asked`);
}

/** Gives each operator its state back. Says what was dropped, which only happens when it was allowed. */
export async function restoreState(
  stage: JobStage,
  operators: readonly NamedOperator[],
  isLast: boolean,
  spill: SpillRun | undefined,
  say: (line: string) => void,
): Promise<void> {
  const { restored, allowDroppedState } = stage;
  if (isLast) dropLaterStages(stage, say);
  if (restored === undefined) return;
  const wanted = operators.flatMap(({ uid, operator: { stateShape } }) =>
    stateShape === undefined ? [] : [{ uid, shape: stateShape }],
  );
  const match = matchState(restored.operators, wanted, allowDroppedState);
  for (const stored of match.restored) {
    const { operator } = operators.find(({ uid }) => uid === stored.uid)!;
    if (stored.files !== undefined) await spill?.restore(stored.uid, stored.files);
    operator.restore(await stored.load());
  }
  if (match.dropped.length > 0)
    say(`leat: the state of ${match.dropped.join(', ')} was dropped, as you asked`);
}
