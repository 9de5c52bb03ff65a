/**
 * Puts the run of a plan with several sources together: a driver for each source, a meeting where branches come together,
 * one output. Inputs are worked on in turns, and between two turns everything is at rest; so a barrier that is cut here needs
 * no alignment, and one that comes through several pipes is cut when it has come through all of them.
 */
import { loadBuilders, type Output, type UnionInput } from '../../../operators/index.js';
import type { Plan } from '../../../plan/index.js';
import { prepareScanner } from '../../../record/index.js';
import type { PartFacts } from '../../../state/index.js';
import type { StreamLine } from '../../../stream/index.js';
import {
  formatOf,
  makeIntake,
  openBooks,
  sayWhatIsLost,
  sayWhatIsWanted,
  sayWhatStays,
  servicesFor,
  unseenFieldsOf,
  withSources,
} from '../assembly.js';
import type { PreparedRun } from '../carry-out.js';
import type { JobRun } from '../checkpoints/job-run.js';
import type { JobStage } from '../checkpoints/job-stage.js';
import { carriesMarks, makeEnd, type SplitPlan } from '../ends.js';
import { driveInput, firstSource, type InputDriver, noHead } from '../input.js';
import type { ChainEnd } from '../ndjson-output.js';
import { openOutput, openSpill, type RunOutput } from '../open-stage.js';
import { programsFor } from '../programs-for.js';
import { createReceipts, type Receipts } from '../receipts.js';
import type { RunOptions } from '../run-options.js';
import { createRunning, type Running } from '../running.js';
import type { SpillRun } from '../spill-run.js';
import type { Assembled } from '../stage-job.js';
import type { Stop } from '../stop.js';
import { tablesFor } from '../tables-for.js';
import type { UnseenFields } from '../unseen-fields.js';
import { type Branch, isLeaf, type Leaf, leavesOf, originOf, stepsOf, treeOf } from './branches.js';
import { type BuiltBranch, buildBranch, type Named } from './chains.js';
import { createUnitedDriver, type DrivenLeaf, type Spot } from './drive.js';
import { type OpenedLeaf, openLeaves } from './inputs.js';
import { createMeeting } from './meeting.js';
import { createTurns, type Turns, takeTurns } from './turns.js';

/** What is made branch by branch. */
interface Grown {
  readonly leaves: DrivenLeaf[];
  readonly named: Named[];
}

interface Ground {
  readonly opened: ReadonlyMap<string, OpenedLeaf>;
  readonly options: RunOptions;
  readonly end: ChainEnd;
  readonly accounts: Running['accounts'];
  readonly services: ReturnType<typeof servicesFor>;
  readonly turns: Turns;
  readonly unseen: UnseenFields;
  /** What an input has to wait for before it is read further. */
  room(spot: Spot, id: string): Promise<void> | undefined;
}

/** How an input takes part in a meeting: files are there at once, what comes through pipes may be long in coming. */
function inputOf(branch: Branch, timed: boolean, { opened }: Ground): UnionInput {
  const inputs = leavesOf(branch).map(({ source }) => opened.get(source.id)!);
  const isThere = inputs.every(({ feed, leaf: { source } }) =>
    source.kind === 'gen' ? source.ratePerSecond === undefined : feed.lengthBytes !== undefined,
  );
  const idle = inputs.map(({ leaf: { source } }) => source.time?.idleMs);
  const idleMs = idle.every((ms) => ms !== undefined) ? Math.max(...idle) : undefined;
  return { waitedFor: timed || isThere, idleMs };
}

/** What the user knows a source by. */
function sourceName({ source }: Leaf): string {
  if (source.kind === 'gen') return `gen ${source.dataset}`;
  const [first, ...others] = source.uris;
  const name = first === '-' ? 'stdin' : first!;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

async function growLeaf(built: BuiltBranch, output: Output, spot: Spot, ground: Ground): Promise<Grown> {
  const { options, end, accounts, services, turns, unseen } = ground;
  const { leaf, feed, head, position, stream, joined } = ground.opened.get(originOf(built.branch))!;
  const first = firstSource(feed, position);
  let bytesRead = (): number => 0;
  const created = built.chain.create(
    output,
    withSources(services, feed, () => bytesRead()),
    (asked) => unseen.watch(asked, sourceName(leaf)),
  );
  sayWhatIsWanted(feed, built.chain);
  const intake = await makeIntake(formatOf(leaf), built.chain, options, first, stream !== undefined);
  bytesRead = () => intake.bytesRead;
  const { operators } = created;
  const running = createRunning({ intake, head: created.head, operators, end, accounts });
  const turn = takeTurns(feed, { turns, head, mayGoOn: () => ground.room(spot, leaf.source.id) });
  let driver: InputDriver | undefined;
  const driven = {
    feed: turn.feed,
    first,
    head: { ...noHead, stream: head.stream, streamBytes: head.streamBytes },
    intake,
    position,
  };
  const grown: DrivenLeaf = {
    id: leaf.source.id,
    running,
    turn,
    spot,
    joined,
    hasStream: stream !== undefined,
    received: { feed, consumedBytes: () => driver?.consumedBytes() ?? 0 },
    drive(handler) {
      driver = driveInput(driven, handler, options.clock ?? Date.now);
      return driver;
    },
    position: () => driver!.position(),
  };
  return { leaves: [grown], named: [...created.named] };
}

/** Grows a branch with everything that flows into it; `parent` is where it ends. */
async function grow(
  built: BuiltBranch,
  output: Output,
  parent: Spot | undefined,
  ground: Ground,
): Promise<Grown> {
  if (isLeaf(built.branch)) return await growLeaf(built, output, parent!, ground);
  const { accounts, services, options, unseen } = ground;
  const { timed } = built;
  const meeting = createMeeting(built, output, {
    inputs: built.inputs.map(({ branch }) => inputOf(branch, timed, ground)),
    accounts,
    services,
    clock: options.clock ?? Date.now,
    watch: unseen.watch,
  });
  const grown: Grown = { leaves: [], named: [] };
  for (const [side, input] of built.inputs.entries()) {
    const one = await grow(input, meeting.sides[side]!, { meeting, side, parent }, ground);
    grown.leaves.push(...one.leaves);
    grown.named.push(...one.named);
  }
  grown.named.push(...meeting.named);
  return grown;
}

/** The positions of the inputs that are read here, and what is said of each stream. */
function standingOf(leaves: readonly DrivenLeaf[], streams: ReadonlyMap<string, StreamLine | undefined>) {
  const said: Record<string, unknown> = {};
  for (const [id, stream] of streams) {
    if (stream === undefined) continue;
    const { job: _, ...rest } = stream;
    said[id] = rest;
  }
  return async (): Promise<PartFacts> => {
    const here = leaves.filter(({ joined }) => joined === undefined);
    const positions = await Promise.all(here.map((leaf) => leaf.position()));
    return { inputs: Object.fromEntries(here.map(({ id }, index) => [id, positions[index]])), streams: said };
  };
}

/** The plan as the parts of a run with one source see it: for what is about the output alone. */
function outputParts(plan: Plan, trunk: Branch, to: SplitPlan['to'], whole: boolean): SplitPlan {
  const { source } = leavesOf(trunk)[0]!;
  return { plan, source, middle: whole ? stepsOf(trunk) : trunk.middle, to };
}

/** What a run is put together from. */
interface Opened {
  readonly plan: Plan;
  readonly inputs: readonly OpenedLeaf[];
  readonly stage: JobStage | undefined;
  readonly streams: ReadonlyMap<string, StreamLine | undefined>;
  readonly built: BuiltBranch;
  /** The plan as the output sees it. */
  readonly ends: SplitPlan;
  readonly output: RunOutput;
  readonly spill: SpillRun | undefined;
}

/** Opens inputs and output and builds the chains between them. */
async function openAll(
  plan: Plan,
  options: RunOptions,
  begun: JobStage | undefined,
  stop: Stop,
): Promise<Opened> {
  const { trunk, to } = treeOf(plan);
  const opening = openLeaves(plan, leavesOf(trunk), options, begun, stop.signal);
  prepareScanner();
  const builders = await loadBuilders(['sort', ...stepsOf(trunk).map((step) => step.kind)]);
  const tables = await tablesFor(stepsOf(trunk), options);
  const { leaves: inputs, stage } = await opening;
  stop.decide(stage?.follows === true);
  const streams = new Map(inputs.map(({ leaf, stream }) => [leaf.source.id, stream]));
  const built = buildBranch(trunk, {
    builders,
    tables,
    programs: programsFor(stepsOf(trunk)),
    streamOf: (id) => streams.get(id),
  });
  const output = await openOutput(outputParts(plan, trunk, to, true), options, stage, {
    isSilent: false,
    repeats: false,
  });
  const ends = outputParts(plan, trunk, to, false);
  return { plan, inputs, stage, streams, built, ends, output, spill: await openSpill(options, stage) };
}

/** Puts the run together. */
async function assemble(opened: Opened, options: RunOptions, signal: AbortSignal): Promise<Assembled> {
  const { plan, inputs, stage, streams, built, ends, output, spill } = opened;
  const { sink, epochs, side, rejected } = output;
  const place = built.chain.placeFor('to');
  const hasNext = stage !== undefined && carriesMarks(options, ends, place, sink, stage.line);
  const accounts = openBooks(options, side, rejected);
  const end = await makeEnd(ends, options, place, sink, accounts.reportsFor({ kind: 'drop' }), stage?.line);
  const services = servicesFor(accounts, options, stage, spill);
  let job: JobRun | undefined;
  const turns = createTurns();
  let receipts: Receipts | undefined;
  const around = {
    sink,
    side,
    spill,
    end,
    accounts,
    options,
    stage,
    turns,
    signal,
    job: () => job,
    receipts: () => receipts,
  };
  const united = createUnitedDriver(around);
  const byId = new Map(inputs.map((input) => [input.leaf.source.id, input]));
  const unseen = unseenFieldsOf(options, stage);
  const ground: Ground = {
    opened: byId,
    options,
    end,
    accounts,
    services,
    turns,
    unseen,
    room: united.room,
  };
  const { leaves, named } = await grow(built, end, undefined, ground);
  const operators = named.map(({ operator }) => operator);
  if (spill !== undefined) sayWhatStays(named, options);
  spill?.watch(operators, () => {
    united.settle();
    end.flush();
    return sink.drained();
  });
  receipts = createReceipts(
    leaves.map(({ received }) => received),
    sink,
    options.clock ?? Date.now,
    stage !== undefined,
  );
  if (receipts !== undefined && stage === undefined) sayWhatIsLost(named, options);
  const lengths = inputs.map(({ feed }) => feed.lengthBytes ?? Number.NaN);
  const running = united.begin(leaves, operators, lengths);
  const assembled: Omit<Assembled, 'job'> = {
    running,
    driver: united.driver,
    standing: standingOf(leaves, streams),
    onBarriers: united.align,
    sink,
    hasStream: false,
    stage,
    hasNext,
    side,
    spill,
    receipts,
    unseen,
  };
  if (stage !== undefined) {
    const { resumeStage } = await import('../open-job.js');
    const resumed = { operators: named, sinks: epochs, plan, stream: undefined };
    job = await resumeStage(assembled, stage, resumed, options);
  }
  return { ...assembled, job };
}

/** Opens everything and puts the run together. */
export async function prepareUnited(
  plan: Plan,
  options: RunOptions,
  begun: JobStage | undefined,
  stop: Stop,
): Promise<PreparedRun> {
  const opened = await openAll(plan, options, begun, stop);
  try {
    return { assembled: await assemble(opened, options, stop.signal), time: opened.built.chain.time };
  } catch (error) {
    await opened.spill?.close();
    throw error;
  }
}
