/** The operators of a plan with several sources, each by itself, for whoever looks into their state. */
import { createUnion, loadBuilders, type Services } from '../../../operators/index.js';
import type { Plan } from '../../../plan/index.js';
import { createByteWriter } from '../../../record/index.js';
import type { PartFacts } from '../../../state/index.js';
import type { StreamLine } from '../../../stream/index.js';
import { isLeaf, stepsOf, treeOf } from './branches.js';
import { type BuiltBranch, branchesIn, buildBranch, meetingUid, type Named, waitingUid } from './chains.js';
import { createJoinOf } from './join-of.js';

/** What stands where branches meet. */
function meetingOf(built: BuiltBranch, services: Services): readonly Named[] {
  const { branch, inputs, timed } = built;
  if (isLeaf(branch)) return [];
  const input = { waitedFor: true, idleMs: undefined };
  const { meeting } = branch;
  const join =
    meeting.kind === 'join' ? createJoinOf(meeting, built, services, createByteWriter()) : undefined;
  const union = createUnion({
    inputs: inputs.map(() => input),
    timed,
    clock: () => 0,
    ...(join === undefined ? {} : { keyOf: join.keyOf }),
    deliver() {},
  });
  const waiting = { uid: waitingUid(branch), operator: union.operator };
  return join === undefined ? [waiting] : [waiting, { uid: meetingUid(branch), operator: join.operator }];
}

/** Builds the operators by the plan and by what a checkpoint says of the streams at the heads of its sources. */
export async function operatorsApart(
  plan: Plan,
  facts: PartFacts,
  servicesOf: (uid: string) => Services,
): Promise<readonly Named[]> {
  const { trunk } = treeOf(plan);
  const builders = await loadBuilders(['sort', ...stepsOf(trunk).map((step) => step.kind)]);
  const streams = (facts['streams'] ?? {}) as Readonly<Record<string, StreamLine>>;
  const built = buildBranch(trunk, { builders, streamOf: (id) => streams[id] });
  return branchesIn(built).flatMap((one) => [
    ...meetingOf(one, servicesOf('')),
    ...one.chain.createApart((_late, uid) => servicesOf(uid)),
  ]);
}
