/**
 * The inputs of a plan with several sources while they are opened: each with its head, at the place where a checkpoint left
 * it. Those that come from stages before say which job this is and when its barriers are; they are of one run of one job.
 */
import type { Plan } from '../../../plan/index.js';
import type { PartFacts } from '../../../state/index.js';
import type { StreamLine } from '../../../stream/index.js';
import type { JobStage } from '../checkpoints/job-stage.js';
import type { InputPosition } from '../input.js';
import { type OpenedInput, openStage } from '../open-stage.js';
import type { RunOptions } from '../run-options.js';
import type { Leaf } from './branches.js';

export interface OpenedLeaf extends OpenedInput {
  readonly leaf: Leaf;
  readonly stream: StreamLine | undefined;
  /** The stage before says the barriers here: this stage as it would be if nothing else flowed in. */
  readonly joined: JobStage | undefined;
}

export interface OpenedLeaves {
  readonly leaves: readonly OpenedLeaf[];
  readonly stage: JobStage | undefined;
}

type Positions = Readonly<Record<string, InputPosition | undefined>>;

const positionsOf = (facts: PartFacts | undefined): Positions => (facts?.['inputs'] ?? {}) as Positions;

/** Opens all inputs. Throws when two of them belong to different jobs. */
export async function openLeaves(
  plan: Plan,
  leaves: readonly Leaf[],
  options: RunOptions,
  begun: JobStage | undefined,
  signal: AbortSignal,
): Promise<OpenedLeaves> {
  const kept = positionsOf(begun?.restored?.facts);
  const open = async (leaf: Leaf, position: InputPosition | undefined): Promise<OpenedLeaf> => {
    const parts = { plan, source: leaf.source, middle: leaf.middle, to: undefined };
    const input = await openStage(parts, { ...options, position }, begun, signal);
    const joined = begun === undefined ? input.stage : undefined;
    return { ...input, leaf, joined, stream: input.position?.stream ?? input.head.stream };
  };
  const opened = await Promise.all(leaves.map((leaf) => open(leaf, kept[leaf.source.id])));
  const joined = opened.flatMap((input) => input.joined ?? []);
  const stage = begun ?? (joined.length < 2 ? joined[0] : (await import('../open-job.js')).meetAt(joined));
  const left = begun === undefined ? positionsOf(stage?.restored?.facts) : {};
  // Only now is it known where the others were left.
  const again = opened.map(async (input) => {
    const position = left[input.leaf.source.id];
    if (position === undefined) return { ...input, stage };
    input.feed.close();
    return { ...(await open(input.leaf, position)), stage };
  });
  return { leaves: await Promise.all(again), stage };
}
