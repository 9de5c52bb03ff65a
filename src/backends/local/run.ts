/**
 * Runs a plan in this process: an input, one chain of operators, one output. Everything between two chunks is
 * synchronous; only input, output and checkpoints wait.
 */
import type { ByteSink, Feed } from '../../connectors/index.js';
import { loadBuilders } from '../../operators/index.js';
import { isForeign, makesText, type Plan, readsBeside, whatGrows, whatStalls } from '../../plan/index.js';
import { type Intake, prepareScanner } from '../../record/index.js';
import { type StreamJob, spellControlLine } from '../../stream/index.js';
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
} from './assembly.js';
import { carryOut, type PreparedRun } from './carry-out.js';
import { type BuiltChain, buildChain, type ChainInput } from './chain.js';
import type { JobRun } from './checkpoints/job-run.js';
import type { JobStage } from './checkpoints/job-stage.js';
import { copyText } from './copy-text.js';
import { carriesMarks, hasSeveralSources, makeEnd, outputName, type SplitPlan, splitPlan } from './ends.js';
import type { SideOutputs } from './epoch-ends.js';
import { driveInput, firstSource, type InputHandler, type InputHead } from './input.js';
import { type OpenedInput, openOutput, openSpill, openStage, repeatsOutput } from './open-stage.js';
import { programsFor } from './programs-for.js';
import { createReceipts, type Receipts } from './receipts.js';
import { meanwhile, rehearse } from './rehearsal.js';
import type { RunOptions, RunResult } from './run-options.js';
import { createRunning, earliestTimer, fireOnce, fireTimers, type Running, work } from './running.js';
import type { SpillRun } from './spill-run.js';
import type { Assembled } from './stage-job.js';
import type { Stop } from './stop.js';
import { tablesFor } from './tables-for.js';

/** What has to have written before the next chunk is worked on. */
interface Written {
  readonly sink: ByteSink;
  readonly side: SideOutputs | undefined;
  readonly spill: SpillRun | undefined;
  readonly stop: AbortSignal;
  /** The input is no other stage of the job. */
  readonly isHead: boolean;
  receipts(): Receipts | undefined;
}

function inputHandler(
  running: Running,
  { sink, side, spill, stop, isHead, receipts }: Written,
  options: RunOptions,
  feed: Pick<Feed, 'lengthBytes' | 'lag'>,
  job: () => JobRun | undefined,
): InputHandler {
  const { end, operators, accounts } = running;
  const clock = options.clock ?? Date.now;
  const goOn = (): boolean => !sink.closedByReader && running.saidOver === undefined;
  let bytesRead = 0;
  /** No record comes any more: everything fires, the next stage is told, and the barriers behind that are worked on. */
  const fireAtLast = async (): Promise<boolean> => {
    await fireOnce(running, () => spill?.rest());
    end.flush();
    end.passControlLine(spellControlLine({ kind: 'last' }));
    running.held = undefined;
    work(running);
    return await handler.chunkDone();
  };
  const handler: InputHandler = {
    work() {
      work(running);
      job()?.touch();
      receipts()?.touch();
    },
    sourceEnds() {
      // Behind a pipe the stage before says it; that a pipe ends may only mean that it has died.
      if (isHead) running.onHold?.();
    },
    chunkDone() {
      if (running.held !== undefined) return fireAtLast();
      end.flush();
      job()?.atRest(clock());
      const drained = (): Promise<unknown> | undefined => {
        const taken = sink.drained() ?? side?.drained();
        return taken === undefined ? undefined : (job()?.throughout(taken, stop) ?? taken);
      };
      const isDone = spill?.rest()?.then(drained) ?? drained();
      // One after the other: a sink is waited for once at a time.
      const said = (): Promise<void> | undefined => (goOn() ? receipts()?.rest() : undefined);
      const wait = isDone?.then(said) ?? said();
      return wait === undefined ? goOn() : wait.then(goOn);
    },
    nextTimer: () =>
      Math.min(
        earliestTimer(operators),
        job()?.dueAt() ?? Number.POSITIVE_INFINITY,
        receipts()?.dueAt() ?? Number.POSITIVE_INFINITY,
      ),
    onTimer() {
      if (fireTimers(operators, clock())) job()?.touch();
    },
    onProgress(count) {
      bytesRead += count;
      if (options.onProgress === undefined) return;
      const lag = feed.lag?.();
      const behind = lag === undefined ? {} : { lag };
      const { lengthBytes } = feed;
      options.onProgress({ bytesRead, lengthBytes, records: accounts.totals.recordsIn, ...behind });
    },
  };
  return handler;
}

/** Whether an input has ended without a byte. */
const isSilent = ({ ended, rest, stream }: InputHead): boolean =>
  ended === 'end' && rest.length === 0 && stream === undefined;

/** What the stage says of the job on its stream line. */
const lineFor = ({ line }: JobStage, repeats: boolean): StreamJob =>
  repeats ? { ...line, repeats: true } : line;

/** Puts the run together: chain, output, accounts, intake, checkpoints. */
async function assemble(
  parts: SplitPlan,
  options: RunOptions,
  input: OpenedInput,
  chain: BuiltChain,
  { spill, stop }: Pick<Written, 'spill' | 'stop'>,
): Promise<Assembled> {
  const { feed, head: inputHead, position, stage } = input;
  const clock = options.clock ?? Date.now;
  const first = firstSource(feed, position);
  const stream = position?.stream ?? inputHead.stream;
  const repeats = repeatsOutput(parts, input, options);
  const { sink, epochs, side, rejected } = await openOutput(parts, options, stage, {
    isSilent: isSilent(inputHead),
    repeats,
  });
  const line = stage && lineFor(stage, repeats);
  const hasNext = line !== undefined && carriesMarks(options, parts, chain.place, sink, line);
  const accounts = openBooks(options, side, rejected);
  const refusals = accounts.reportsFor({ kind: 'drop' });
  const end = await makeEnd(parts, options, chain.placeFor('to'), sink, refusals, line);
  let intake: Intake | undefined;
  const services = servicesFor(accounts, options, stage, spill);
  const unseen = unseenFieldsOf(options, stage);
  const created = chain.create(
    end,
    withSources(services, feed, () => intake?.bytesRead ?? 0),
    unseen.watch,
  );
  const { head, operators } = created;
  if (spill !== undefined) sayWhatStays(created.named, options);
  spill?.watch(operators, () => {
    end.flush();
    return sink.drained();
  });
  sayWhatIsWanted(feed, chain);
  intake = await makeIntake(formatOf(parts), chain, options, first, stream !== undefined);
  const running = createRunning({ intake, head, operators, end, accounts });
  /** What comes from here may come otherwise after a crash. */
  const hold = (): void => {
    end.flush();
    end.passControlLine(spellControlLine({ kind: 'hold' }));
    epochs.get(outputName)?.hold?.();
  };
  if (repeats) running.onHold = hold;
  let job: JobRun | undefined;
  const isHead = stage?.number === 0;
  const written = { sink, side, spill, stop, isHead, receipts: () => receipts };
  const handler = inputHandler(running, written, options, feed, () => job);
  const driver = driveInput({ feed, first, head: inputHead, intake, position }, handler, clock);
  const { consumedBytes } = driver;
  const receipts = createReceipts([{ feed, consumedBytes }], sink, clock, stage !== undefined);
  const assembled: Omit<Assembled, 'job'> = {
    running,
    driver,
    standing: (isSource) => (isSource ? driver.position().then((input) => ({ input })) : {}),
    onBarriers(take) {
      running.onBarrier = (line, lines) => {
        take(line, lines);
        return 'taken';
      };
    },
    sink,
    hasStream: stream !== undefined,
    stage,
    hasNext,
    side,
    spill,
    receipts,
    unseen,
  };
  if (receipts !== undefined && stage === undefined) sayWhatIsLost(created.named, options);
  if (stage !== undefined) {
    const { resumeStage } = await import('./open-job.js');
    const resumed = { operators: created.named, sinks: epochs, plan: parts.plan, stream };
    job = await resumeStage(assembled, stage, resumed, options);
  }
  return { ...assembled, job };
}

/** Opens the one input of a plan and puts the run together; undefined when it was stopped before anything came. */
async function prepare(
  parts: SplitPlan,
  options: RunOptions,
  begun: JobStage | undefined,
  stop: Stop,
): Promise<PreparedRun | undefined> {
  const isJson = formatOf(parts).name === 'json';
  const opening = openStage(parts, options, begun, stop.signal);
  // The first bytes may be long in coming; what is loaded and compiled before them does not hold them up.
  if (isJson) prepareScanner();
  const loading = loadBuilders(parts.middle.map((step) => step.kind));
  const described: ChainInput = {
    source: parts.source.id,
    base: isJson ? 'line' : 'foreign',
    time: parts.source.time,
    stream: undefined,
    isBeside: readsBeside(parts.source),
    bounded: true,
  };
  const input = await (isJson ? meanwhile(opening, () => rehearse(parts, described, loading)) : opening);
  const { stage, head, position } = input;
  stop.decide(stage?.follows === true);
  if (stop.signal.aborted && stage === undefined && isSilent(head)) {
    // Nothing has come: the output stays as it is.
    input.feed.close();
    return undefined;
  }
  const stream = position?.stream ?? head.stream;
  const tables = await tablesFor(parts.middle, options);
  const programs = programsFor(parts.middle);
  const chain = buildChain(parts.middle, { ...described, stream, tables, programs }, await loading);
  const spill = await openSpill(options, stage);
  try {
    return {
      assembled: await assemble(parts, options, input, chain, { spill, stop: stop.signal }),
      time: chain.time,
    };
  } catch (error) {
    await spill?.close();
    throw error;
  }
}

/** Puts the run of any plan together. */
function prepareAny(plan: Plan, options: RunOptions, begun: JobStage | undefined) {
  return async (stop: Stop): Promise<PreparedRun | undefined> => {
    if (!hasSeveralSources(plan)) return await prepare(splitPlan(plan), options, begun, stop);
    const { prepareUnited } = await import('./united/index.js');
    return await prepareUnited(plan, options, begun, stop);
  };
}

/** Runs a plan, or one section of it. `mayFollow`: the input may turn out to be the stream of a job. */
async function runOne(plan: Plan, options: RunOptions, begun: JobStage | undefined): Promise<RunResult> {
  return await carryOut(prepareAny(plan, options, begun), options, begun === undefined && mayFollow(plan));
}

async function runWhole(plan: Plan, options: RunOptions, begun: JobStage | undefined): Promise<RunResult> {
  if (!plan.nodes.some(isForeign)) return await runOne(plan, options, begun);
  const { runSections } = await import('./sections.js');
  return await runSections(plan, options, begun, runOne);
}

/** Whether an input may turn out to be the stream of a job. */
function mayFollow({ nodes }: Plan): boolean {
  return nodes.some((node) => node.kind === 'from' && node.format.name === 'json');
}

/** The parts of a plan that only makes lines of text; undefined for any other. */
function textOnly(plan: Plan): SplitPlan | undefined {
  if (hasSeveralSources(plan) || plan.nodes.some(isForeign)) return undefined;
  const parts = splitPlan(plan);
  const { source } = parts;
  return source.kind === 'gen' && source.format === undefined && makesText(source) ? parts : undefined;
}

/**
 * Runs a plan to its end. Throws a problem when the plan or its surroundings are at fault, or when a policy says so;
 * refused and late records are counted in the result.
 */
export async function runLocal(plan: Plan, options: RunOptions): Promise<RunResult> {
  const text = textOnly(plan);
  if (text !== undefined) return await copyText(text, options);
  for (const sentence of [...whatGrows(plan), ...whatStalls(plan)]) options.say(`leat: ${sentence}`);
  if (options.job === undefined) return await runWhole(plan, options, undefined);
  const { beginJob, leaveUnended } = await import('./open-job.js');
  const beginning = beginJob(options.job, options).catch(async (error: unknown) => {
    // What goes wrong besides is a consequence.
    await leaveUnended(plan, options).catch(() => {});
    throw error;
  });
  // Something to do while the disk syncs.
  prepareScanner();
  const begun = await beginning;
  for (const finding of begun.store.findings) options.say(`leat: ${finding}`);
  if (begun.savepoint !== undefined && begun.branch === undefined) {
    options.say(`leat: the job ${begun.store.job} starts from the savepoint ${begun.savepoint}`);
  }
  try {
    return await runWhole(plan, options, begun);
  } finally {
    begun.heads?.close();
    await begun.store.release().catch(() => {});
  }
}
