/** The chains of a tree of branches: each built for what its inputs give it. Nothing runs here. */
import { problem } from '../../../diagnostics/index.js';
import {
  type Builders,
  buildGivenTime,
  createGivenTimes,
  type GivenTimes,
  type Operator,
  type Place,
  type PlaceTime,
  processingTimeField,
  type TableFiles,
} from '../../../operators/index.js';
import type { TimeAssignment } from '../../../plan/index.js';
import type { StreamLine } from '../../../stream/index.js';
import { type BuiltChain, buildChain } from '../chain.js';
import { type Branch, isLeaf, type Joint, type Leaf, originOf } from './branches.js';

/** A branch with its chain. */
export interface BuiltBranch {
  readonly branch: Branch;
  readonly chain: BuiltChain;
  /** What meets at its beginning; empty for a leaf. */
  readonly inputs: readonly BuiltBranch[];
  /** Times of the records that meet, beside them; undefined where they have none. */
  readonly given: GivenTimes | undefined;
}

/** What a branch is built from besides its steps. */
export interface BranchFacts {
  readonly builders: Builders;
  readonly tables?: TableFiles | undefined;
  /** What is said of the stream at the head of a source. */
  streamOf(source: string): StreamLine | undefined;
}

function buildLeaf(leaf: Leaf, facts: BranchFacts, adopted: TimeAssignment | undefined): BuiltBranch {
  const { source, middle } = leaf;
  const stream = facts.streamOf(source.id);
  const time = source.time ?? (stream?.time === undefined ? adopted : undefined);
  const base = (source.format ?? { name: 'json' }).name === 'json' ? 'line' : 'foreign';
  const { builders, tables } = facts;
  const chain = buildChain(
    middle,
    { source: source.id, base, time, stream, bounded: true, tables },
    builders,
  );
  return { branch: leaf, chain, inputs: [], given: undefined };
}

/** The event time of what meets: that of the first input, with the largest delay; undefined where there is none. */
function commonTime(union: string, places: readonly Place[]): PlaceTime | undefined {
  const times = places.flatMap(({ time }) =>
    time === undefined || time.assignment.field === processingTimeField ? [] : [time],
  );
  const [first] = times;
  if (first === undefined) return undefined;
  const fields = [...new Set(times.map(({ assignment }) => assignment.field))];
  if (times.length === places.length && fields.length === 1) {
    const delayMs = Math.max(...times.map(({ assignment }) => assignment.delayMs));
    return { assignment: { ...first.assignment, delayMs }, cell: { form: undefined } };
  }
  const message =
    fields.length > 1
      ? `its inputs have their event time in different fields: ${fields.join(' and ')}`
      : `one of its inputs has event time, in ${fields[0]}, and another has none`;
  const hint = 'say --time with one field at all of them, or at none';
  throw problem({ code: 'plan', message: `${union}: ${message}`, hint });
}

function commonKey(places: readonly Place[]): readonly string[] {
  const [first, ...rest] = places.map(({ key }) => key.map(({ name }) => name));
  return rest.every((key) => key.join() === first!.join()) ? first! : [];
}

function buildJoint(joint: Joint, facts: BranchFacts): BuiltBranch {
  const inputs: BuiltBranch[] = [];
  for (const input of joint.inputs) {
    inputs.push(buildBranch(input, facts, inputs[0]?.chain.place.time?.assignment));
  }
  const places = inputs.map(({ chain }) => chain.place);
  if (places.some(({ window }) => window !== undefined)) {
    throw problem({
      code: 'plan',
      message: `${joint.union.id}: the records of an input are in windows`,
      hint: 'put the window behind the union, or an aggregate in front of it',
    });
  }
  const time = commonTime(joint.union.id, places);
  const given = time === undefined ? undefined : createGivenTimes(time);
  const chain = buildChain(
    joint.middle,
    {
      source: joint.union.id,
      base: 'line',
      time: undefined,
      stream: { kind: 'stream', key: commonKey(places) },
      bounded: true,
      tables: facts.tables,
      givenTime: given === undefined ? undefined : (place) => buildGivenTime(given, place),
    },
    facts.builders,
  );
  return { branch: joint, chain, inputs, given };
}

/** Builds a branch and what flows into it. A source of which no event time is said takes `adopted`. */
export function buildBranch(branch: Branch, facts: BranchFacts, adopted?: TimeAssignment): BuiltBranch {
  return isLeaf(branch) ? buildLeaf(branch, facts, adopted) : buildJoint(branch, facts);
}

/** All branches of a tree, what flows in before what it flows into. */
export function branchesIn(built: BuiltBranch): readonly BuiltBranch[] {
  return [...built.inputs.flatMap(branchesIn), built];
}

/** The name that the state of a union has. */
export const unionUid = (joint: Joint): string => joint.union.uid ?? originOf(joint);

/** An operator with the name of its state. */
export interface Named {
  readonly uid: string;
  readonly operator: Operator;
}
