/**
 * Looks into the state of a checkpoint: builds the operators of each stage by the plan that is kept with it, gives them their
 * state back and has them show it. Nothing is run, and nothing is written.
 */
import { problem } from '../../diagnostics/index.js';
import { loadBuilders, type Operator, type Services } from '../../operators/index.js';
import { type Plan, planFromJson } from '../../plan/index.js';
import { recordText } from '../../record/index.js';
import type { StoredCheckpoint, StoredOperator, StoredPart, Uid } from '../../state/index.js';
import type { StreamLine } from '../../stream/index.js';
import { buildChain, type ChainInput } from './chain.js';
import { splitPlan } from './ends.js';
import type { InputPosition } from './input.js';
import { type Member, membersOf } from './members.js';

/** What is known of one key, or of one window of it. Values are JSON texts as results spell them. */
export interface StateEntry {
  readonly operator: Uid;
  /** Bounds of the window; empty without windows. */
  readonly window: readonly Member[];
  readonly key: readonly Member[];
  readonly value: readonly Member[];
}

/** An operator with state. */
export interface InspectedOperator {
  readonly uid: Uid;
  readonly stage: number;
  readonly shape: string;
  readonly lengthBytes: number;
  /** Undefined for state that is no groups, or that cannot be shown. */
  readonly entries: number | undefined;
}

/** Why the state of an operator cannot be shown, as a sentence. */
export type InspectionReport = (line: string) => void;

const services: Services = {
  reports: { reject() {}, late() {} },
  clock: () => 0,
};

function planOf({ stage, facts }: StoredPart): Plan {
  const kept = facts['plan'];
  if (kept !== undefined) return planFromJson(JSON.stringify(kept));
  throw problem({
    code: 'state',
    message: `stage ${stage} does not say what it computes: an older leat wrote this checkpoint`,
    hint: 'run the job again for one checkpoint',
  });
}

/** The operators of a stage, by the names that their states have. */
async function operatorsOf(part: StoredPart): Promise<ReadonlyMap<Uid, Operator>> {
  const parts = splitPlan(planOf(part));
  const { facts, stage } = part;
  const position = facts['input'] as InputPosition | undefined;
  const stream = (facts['stream'] as StreamLine | undefined) ?? position?.stream;
  const described: ChainInput = {
    source: parts.source.id,
    base: (parts.source.format ?? { name: 'json' }).name === 'json' ? 'line' : 'foreign',
    time: parts.source.time,
    stream,
    bounded: true,
  };
  const builders = await loadBuilders(parts.middle.map((step) => step.kind));
  const chain = buildChain(parts.middle, described, builders);
  const prefix = stage === 0 ? '' : `${stage}.`;
  const named = chain.createApart(() => services);
  return new Map(named.map(({ uid, operator }) => [`${prefix}${uid}`, operator]));
}

/** Gives an operator its state; false when it is not to be read here. */
async function restore(stored: StoredOperator, operator: Operator, say: InspectionReport): Promise<boolean> {
  if (operator.stateShape !== stored.shape) {
    say(`the state of ${stored.uid} is of another shape than its plan says, and is not shown`);
    return false;
  }
  if (stored.files !== undefined) {
    say(`most of the state of ${stored.uid} is kept on disk, and is not shown`);
    return false;
  }
  operator.restore(await stored.load());
  return true;
}

function show(uid: Uid, operator: Operator, visit: (entry: StateEntry) => void): number {
  let count = 0;
  operator.entries?.((batch, { bounds, keys }) => {
    count += batch.selected;
    for (let k = 0; k < batch.selected; k++) {
      const members = membersOf(recordText(batch, batch.selection[k]!));
      visit({
        operator: uid,
        window: members.slice(0, bounds),
        key: members.slice(bounds, bounds + keys),
        value: members.slice(bounds + keys),
      });
    }
  });
  return count;
}

/**
 * Visits the entries of all operators of a checkpoint, or of those that are asked for; resolves to what operators there are.
 */
export async function inspectState(
  checkpoint: StoredCheckpoint,
  visit: (entry: StateEntry) => void,
  say: InspectionReport,
): Promise<readonly InspectedOperator[]> {
  const inspected: InspectedOperator[] = [];
  for (const part of checkpoint.parts) {
    if (part.operators.length === 0) continue;
    const operators = await operatorsOf(part);
    const readable = new Set<Uid>();
    // All are restored before the first is shown: the form of event time is in the state of another operator.
    for (const stored of part.operators) {
      const operator = operators.get(stored.uid);
      if (operator !== undefined && (await restore(stored, operator, say))) readable.add(stored.uid);
    }
    for (const { uid, shape, lengthBytes } of part.operators) {
      const operator = operators.get(uid);
      const isShown = readable.has(uid) && operator?.entries !== undefined;
      const entries = isShown ? show(uid, operator, visit) : undefined;
      inspected.push({ uid, stage: part.stage, shape, lengthBytes, entries });
    }
  }
  return inspected;
}
