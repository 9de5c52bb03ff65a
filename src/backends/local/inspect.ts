/**
 * Looks into the state of a checkpoint: builds the operators of each stage by the plan that is kept with it, gives them their
 * state back and has them show it. No record flows, and nothing of the store is written; groups that lie on disk are read
 * from second names of their files in a folder of its own.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import {
  type EntryEditor,
  loadBuilders,
  type Operator,
  type PlainObject,
  type Services,
} from '../../operators/index.js';
import { type Plan, planFromJson } from '../../plan/index.js';
import { type Member, membersOf } from '../../record/index.js';
import {
  createDiskSpace,
  type DiskSpace,
  nameOfStage,
  type PartFacts,
  type SnapshotWriter,
  type StageId,
  type StoredCheckpoint,
  type StoredOperator,
  type StoredPart,
  type Uid,
} from '../../state/index.js';
import type { StreamLine } from '../../stream/index.js';
import { buildChain, type ChainInput } from './chain.js';
import { hasSeveralSources, splitPlan } from './ends.js';
import type { InputPosition } from './input.js';
import { temporarySpillFolder } from './spill-folder.js';

/** What is known of one key, or of one window of it. Values are JSON texts as results spell them. */
export interface StateEntry {
  readonly operator: Uid;
  /** Bounds of the window; empty without windows. */
  readonly window: readonly Member[];
  readonly key: readonly Member[];
  readonly value: readonly Member[];
  /** What brings the entry back exactly; to be asked for before the next entry. */
  state(): PlainObject;
}

/** An operator with state. */
export interface InspectedOperator {
  readonly uid: Uid;
  readonly stage: StageId;
  readonly shape: string;
  readonly lengthBytes: number;
  /** Undefined when the state is not by key, or cannot be read here. */
  readonly entries: (() => Iterable<StateEntry>) | undefined;
  /** Begins to replace the entries; wherever there are some. */
  edit(): EntryEditor;
  /** Writes the state as it is now. */
  snapshot(into: SnapshotWriter): void;
}

/** The state of a checkpoint, in memory. */
export interface Inspection {
  readonly operators: readonly InspectedOperator[];
  /** Gives up what was opened. */
  close(): Promise<void>;
}

/** Says why the state of an operator cannot be shown, as a sentence. */
export type InspectionReport = (line: string) => void;

/** What operators are handed that are only looked at. */
export const idleServices: Services = {
  reports: { reject() {}, late() {}, lateText() {} },
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

/** The operators of a plan, by themselves, under the names that they have in it. */
export async function operatorsOfPlan(
  plan: Plan,
  facts: PartFacts,
  servicesOf: (uid: Uid) => Services,
): Promise<readonly { readonly uid: Uid; readonly operator: Operator }[]> {
  if (hasSeveralSources(plan)) {
    const { operatorsApart } = await import('./united/index.js');
    return await operatorsApart(plan, facts, servicesOf);
  }
  const position = facts['input'] as InputPosition | undefined;
  const stream = (facts['stream'] as StreamLine | undefined) ?? position?.stream;
  const parts = splitPlan(plan);
  const described: ChainInput = {
    source: parts.source.id,
    base: (parts.source.format ?? { name: 'json' }).name === 'json' ? 'line' : 'foreign',
    time: parts.source.time,
    stream,
    bounded: true,
  };
  const builders = await loadBuilders(parts.middle.map((step) => step.kind));
  const chain = buildChain(parts.middle, described, builders);
  return chain.createApart((_late, uid) => servicesOf(uid));
}

/** The spill spaces of what is looked at. */
interface Spaces {
  readonly disk: Disk;
  readonly open: DiskSpace[];
  readonly folder: string;
}

/** The operators of a stage by the names of their states, and their spaces where they have files. */
async function operatorsOf(part: StoredPart, spaces: Spaces) {
  const { facts, stage } = part;
  const nameOf = (uid: Uid): Uid => nameOfStage(stage, uid);
  const spaceOf = new Map<Uid, DiskSpace>();
  const named = await operatorsOfPlan(planOf(part), facts, (uid) => {
    const name = nameOf(uid);
    const stored = part.operators.find((one) => one.uid === name);
    if (stored?.files === undefined) return idleServices;
    const space = createDiskSpace(spaces.disk, `${spaces.folder}-${encodeURIComponent(name)}`);
    spaceOf.set(name, space);
    spaces.open.push(space);
    return { ...idleServices, spill: { space, memoryBytes: Number.POSITIVE_INFINITY } };
  });
  return { spaceOf, operators: new Map(named.map(({ uid, operator }) => [nameOf(uid), operator])) };
}

/** Gives an operator its state; false when it is not to be read here. */
async function restore(
  stored: StoredOperator,
  operator: Operator | undefined,
  space: DiskSpace | undefined,
  say: InspectionReport,
): Promise<boolean> {
  if (operator === undefined) {
    say(
      `the state of ${stored.uid} is of no operator of the pipeline that is kept with it, and is not shown`,
    );
    return false;
  }
  if (operator.stateShape !== stored.shape) {
    say(`the state of ${stored.uid} is of another shape than its plan says, and is not shown`);
    return false;
  }
  if (stored.files !== undefined) await space?.restore(stored.files.folder, stored.files.files);
  operator.restore(await stored.load());
  return true;
}

/** The entries of an operator, none when it has nothing by key. */
export function* entriesOf(uid: Uid, operator: Pick<Operator, 'entries'>): Generator<StateEntry> {
  for (const { record, bounds, keys, state } of operator.entries?.() ?? []) {
    const members = membersOf(record);
    yield {
      operator: uid,
      window: members.slice(0, bounds),
      key: members.slice(bounds, bounds + keys),
      value: members.slice(bounds + keys),
      state,
    };
  }
}

function inspected(
  { uid, shape, lengthBytes }: StoredOperator,
  stage: StageId,
  operator: Operator | undefined,
): InspectedOperator {
  const shows = operator?.entries !== undefined;
  return {
    uid,
    stage,
    shape,
    lengthBytes,
    entries: shows ? () => entriesOf(uid, operator) : undefined,
    edit: () => operator!.edit!(),
    snapshot: (into) => operator!.snapshot(into),
  };
}

/** Reads the state of all operators of a checkpoint. What cannot be shown is said. */
export async function inspectState(
  checkpoint: StoredCheckpoint,
  disk: Disk,
  say: InspectionReport,
): Promise<Inspection> {
  const spaces: Spaces = { disk, open: [], folder: temporarySpillFolder() };
  const close = async (): Promise<void> => {
    for (const space of spaces.open) await space.close();
  };
  const operators: InspectedOperator[] = [];
  try {
    for (const part of checkpoint.parts) {
      if (part.operators.length === 0) continue;
      const built = await operatorsOf(part, spaces);
      // All are restored before the first is shown: the form of event time is in the state of another operator.
      for (const stored of part.operators) {
        const operator = built.operators.get(stored.uid);
        const isRead = await restore(stored, operator, built.spaceOf.get(stored.uid), say);
        operators.push(inspected(stored, part.stage, isRead ? operator : undefined));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { operators, close };
}
