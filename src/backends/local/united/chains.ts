/** The chains of a tree of branches: each built for what its inputs give it. Nothing runs here. */
import { problem } from '../../../diagnostics/index.js';
import {
  type Builders,
  buildGivenTime,
  buildJoinKeys,
  createGivenTimes,
  type GivenTimes,
  type JoinKeys,
  type Operator,
  type Place,
  type PlaceTime,
  type Programs,
  processingTimeField,
  type TableFiles,
} from '../../../operators/index.js';
import {
  type JoinNode,
  joinDelayMs,
  needsTime,
  readsBeside,
  type SortNode,
  type TimeAssignment,
} from '../../../plan/index.js';
import type { StreamLine } from '../../../stream/index.js';
import { type BuiltChain, buildChain, type ChainInput } from '../chain.js';
import { type Branch, isLeaf, type Joint, type Leaf } from './branches.js';

/** A branch with its chain. */
export interface BuiltBranch {
  readonly branch: Branch;
  readonly chain: BuiltChain;
  /** What meets at its beginning; empty for a leaf. */
  readonly inputs: readonly BuiltBranch[];
  /** Whether what meets goes by event time. */
  readonly timed: boolean;
  /** Times of the records that leave the meeting, beside them; undefined where they have none. */
  readonly given: GivenTimes | undefined;
  /** The keys of the inputs of a join; empty otherwise. */
  readonly keys: readonly JoinKeys[];
}

/** What a branch is built from besides its steps. */
export interface BranchFacts {
  readonly builders: Builders;
  readonly tables?: TableFiles | undefined;
  readonly programs?: Programs | undefined;
  /** What is said of the stream at the head of a source. */
  streamOf(source: string): StreamLine | undefined;
}

/**
 * What meets is taken in the order of event time, in which the records of sources that are read beside each other only come
 * when they have waited for the watermark.
 */
const sortedByTime = (source: string): SortNode => ({
  kind: 'sort',
  id: `${source}.order`,
  inputs: [source],
  by: [],
  descending: false,
  late: { kind: 'drop' },
});

function buildLeaf(leaf: Leaf, facts: BranchFacts, adopted: TimeAssignment | undefined): BuiltBranch {
  const { source, middle } = leaf;
  const stream = facts.streamOf(source.id);
  const time = source.time ?? (stream?.time === undefined ? adopted : undefined);
  const base = (source.format ?? { name: 'json' }).name === 'json' ? 'line' : 'foreign';
  const { builders, tables, programs } = facts;
  const isBeside = readsBeside(source);
  const inOrder = isBeside || stream?.time?.said === true ? [sortedByTime(source.id), ...middle] : middle;
  const chain = buildChain(
    time === undefined && stream?.time === undefined ? middle : inOrder,
    { source: source.id, base, time, stream, isBeside, bounded: true, tables, programs },
    builders,
  );
  return { branch: leaf, chain, inputs: [], timed: false, given: undefined, keys: [] };
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

/** The event time of a place; undefined when it has none, or that of the clock. */
function eventTimeOf({ time }: Place): PlaceTime | undefined {
  return time?.assignment.field === processingTimeField ? undefined : time;
}

/** The event time behind a join: that of the left record, later by as long as that may wait. */
function joinTime(node: JoinNode, places: readonly Place[]): PlaceTime | undefined {
  const [left, right] = places.map(eventTimeOf);
  if (left === undefined || right === undefined) {
    if (!needsTime(node)) return undefined;
    throw problem({
      code: 'plan',
      message: `${node.id}: the ${left === undefined ? 'left' : 'right'} input has no event time, by which its records go together with others`,
      hint:
        left === undefined
          ? 'say --time where it is read, as in leat from - --time FIELD | leat join ...'
          : 'say its --time at the join',
    });
  }
  if (node.match.by === 'regular') return undefined;
  // Records in windows may leave with times of any field: their watermark is said.
  if (node.match.by === 'window') {
    return { assignment: { field: processingTimeField, delayMs: 0 }, cell: { form: undefined } };
  }
  const delayMs = Math.max(left.assignment.delayMs, right.assignment.delayMs) + joinDelayMs(node);
  return { assignment: { ...left.assignment, delayMs }, cell: { form: undefined } };
}

function checkWindows(id: string, places: readonly Place[]): void {
  if (places.every(({ window }) => window === undefined)) return;
  throw problem({
    code: 'plan',
    message: `${id}: the records of an input are in windows`,
    hint: 'put the window behind it, or an aggregate in front of it',
  });
}

/** The keys of both sides of a join, as columns of what flows in. */
function keysOf(node: JoinNode, places: readonly Place[]): readonly JoinKeys[] {
  const texts = [node.on.map(({ left }) => left), node.on.map(({ right }) => right)];
  return places.map((place, side) => buildJoinKeys(texts[side]!, place));
}

/** The event time of a union's stdin where nobody says it: that of the inputs that are named beside it. */
function timeForStdin({ meeting, inputs }: Joint): TimeAssignment | undefined {
  const [first] = inputs;
  if (meeting.kind !== 'union' || first === undefined || !isLeaf(first)) return undefined;
  if (first.source.kind !== 'from' || !first.source.uris.includes('-')) return undefined;
  return inputs.flatMap((input) => (isLeaf(input) ? (input.source.time ?? []) : []))[0];
}

function buildJoint(joint: Joint, facts: BranchFacts): BuiltBranch {
  const { meeting, middle } = joint;
  const inputs: BuiltBranch[] = [];
  for (const input of joint.inputs) {
    const adopted = inputs.length === 0 ? timeForStdin(joint) : inputs[0]!.chain.place.time?.assignment;
    inputs.push(buildBranch(input, facts, adopted));
  }
  const places = inputs.map(({ chain }) => chain.place);
  checkWindows(meeting.id, places);
  const isJoin = meeting.kind === 'join';
  const time = isJoin ? joinTime(meeting, places) : commonTime(meeting.id, places);
  const timed = isJoin ? places.every((place) => eventTimeOf(place) !== undefined) : time !== undefined;
  const given = time === undefined ? undefined : createGivenTimes(time);
  const described: ChainInput = {
    source: meeting.id,
    base: 'line',
    time: undefined,
    stream: {
      kind: 'stream',
      key: isJoin ? [] : commonKey(places),
      ...(isJoin && meeting.match.by === 'window' ? { window: meeting.match.window } : {}),
    },
    bounded: true,
    tables: facts.tables,
    programs: facts.programs,
    givenTime: given === undefined ? undefined : (place) => buildGivenTime(given, place),
  };
  const asking = inputs.map((input) => input.chain.placeFor(meeting.kind));
  const keys = isJoin ? keysOf(meeting, asking) : [];
  const chain = buildChain(middle, described, facts.builders);
  return { branch: joint, chain, inputs, timed, given, keys };
}

/** Builds a branch and what flows into it. A source of which no event time is said takes `adopted`. */
export function buildBranch(branch: Branch, facts: BranchFacts, adopted?: TimeAssignment): BuiltBranch {
  return isLeaf(branch) ? buildLeaf(branch, facts, adopted) : buildJoint(branch, facts);
}

/** All branches of a tree, what flows in before what it flows into. */
export function branchesIn(built: BuiltBranch): readonly BuiltBranch[] {
  return [...built.inputs.flatMap(branchesIn), built];
}

/** The name that the state of a meeting has, and that of the rows that wait for it. */
export const meetingUid = ({ meeting }: Joint): string => meeting.uid ?? meeting.id;
export const waitingUid = (joint: Joint): string =>
  joint.meeting.kind === 'join' ? `${meetingUid(joint)}.inputs` : meetingUid(joint);

/** An operator with the name of its state. */
export interface Named {
  readonly uid: string;
  readonly operator: Operator;
}
