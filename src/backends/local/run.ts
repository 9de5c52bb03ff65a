/**
 * Runs a plan in this process: an input, one chain of operators, one output. Everything between two chunks is
 * synchronous; only input, output and checkpoints wait.
 */
import type { ByteSink } from '../../connectors/index.js';
import { loadBuilders } from '../../operators/index.js';
import { type FormatChoice, makesText, type Plan } from '../../plan/index.js';
import {
  createIntake,
  createScanner,
  type Intake,
  prepareScanner,
  type Scanner,
} from '../../record/index.js';
import { formName } from '../../time/index.js';
import { openAccounts } from './accounts.js';
import { failDownstream, failUpstream } from './broken-pipe.js';
import { type BuiltChain, buildChain, type ChainInput } from './chain.js';
import type { JobRun } from './checkpoints/job-run.js';
import type { JobStage } from './checkpoints/job-stage.js';
import { type NamedOperator, nameIn } from './checkpoints/operator-name.js';
import { sinkFailure } from './checkpoints/sink-failure.js';
import { copyText } from './copy-text.js';
import { carriesMarks, makeEnd, outputName, type SplitPlan, splitPlan } from './ends.js';
import type { SideOutputs } from './epoch-ends.js';
import { driveInput, type FirstSource, firstSource, type InputHandler, type InputHead } from './input.js';
import { type OpenedInput, openOutput, openSpill, openStage } from './open-stage.js';
import { meanwhile, rehearse } from './rehearsal.js';
import type { RunOptions, RunResult } from './run-options.js';
import { earliestTimer, fireAll, fireTimers, type Running, work } from './running.js';
import type { SpillRun } from './spill-run.js';
import type { Assembled } from './stage-job.js';
import { createStop } from './stop.js';

const formatOf = ({ source }: SplitPlan): FormatChoice => source.format ?? { name: 'json' };

async function makeScanner(format: FormatChoice, chain: BuiltChain, nowMs: number): Promise<Scanner> {
  if (format.name === 'json') return createScanner(chain.layout);
  const { createFormatScanner } = await import('../../formats/index.js');
  return createFormatScanner(format, chain.layout, { nowMs });
}

async function makeIntake(
  format: FormatChoice,
  chain: BuiltChain,
  options: RunOptions,
  first: FirstSource,
  hasStream: boolean,
): Promise<Intake> {
  const { maxLineBytes, chunkBytes, clock = Date.now } = options;
  const scanner = await makeScanner(format, chain, clock());
  scanner.controlLines = hasStream;
  return createIntake(scanner, {
    batch: chain.batch,
    ...first,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    ...(chunkBytes === undefined ? {} : { chunkBytes }),
  });
}

/** Runs the input through the chain and ends it. */
async function drive(assembled: Assembled): Promise<RunResult> {
  const { running, driver, sink, hasStream, stage, job, hasNext, spill } = assembled;
  const { end, accounts } = running;
  const reading = await driver.run();
  let outcome: RunResult['outcome'] = running.saidOver ?? reading;
  if (outcome === 'complete' && hasStream && !running.endSeen) failUpstream(stage);
  if (sink.closedByReader) {
    if (stage !== undefined && hasNext) failDownstream(stage);
    outcome = 'closed';
  }
  if (outcome === 'complete' && stage?.isFinished !== true) {
    await fireAll(running, () => spill?.rest());
    end.flush();
    sink.complete?.();
  }
  if (job === undefined) end.end(outcome === 'complete');
  else await job.finish(outcome === 'complete' ? 'complete' : 'stopped');
  await sink.flushed();
  // Said while the output is still open: whoever waits for its end has then seen this too.
  accounts.finish();
  await sink.close();
  await assembled.side?.close();
  return { outcome: sink.closedByReader ? 'closed' : outcome, totals: accounts.totals };
}

/** Ends a run that failed: what was produced outside of jobs is written, what was counted is said. */
async function giveUp({ running, driver, sink, side }: Assembled): Promise<void> {
  driver.stop();
  try {
    running.end.flush();
    await sink.flushed();
  } finally {
    running.accounts.finish();
    await sink.close();
    await side?.close();
  }
}

/** What has to have written before the next chunk is worked on. */
interface Written {
  readonly sink: ByteSink;
  readonly side: SideOutputs | undefined;
  readonly spill: SpillRun | undefined;
}

function inputHandler(
  running: Running,
  { sink, side, spill }: Written,
  options: RunOptions,
  lengthBytes: number | undefined,
  job: () => JobRun | undefined,
): InputHandler {
  const { end, operators, accounts } = running;
  const clock = options.clock ?? Date.now;
  const goOn = (): boolean => !sink.closedByReader && running.saidOver === undefined;
  let bytesRead = 0;
  return {
    work() {
      work(running);
      job()?.touch();
    },
    chunkDone() {
      end.flush();
      job()?.atRest(clock());
      const drained = (): Promise<unknown> | undefined => sink.drained() ?? side?.drained();
      const wait = spill?.rest()?.then(drained) ?? drained();
      return wait === undefined ? goOn() : wait.then(goOn);
    },
    nextTimer: () => Math.min(earliestTimer(operators), job()?.dueAt() ?? Number.POSITIVE_INFINITY),
    onTimer() {
      if (fireTimers(operators, clock())) job()?.touch();
    },
    onProgress(count) {
      bytesRead += count;
      options.onProgress?.({ bytesRead, lengthBytes, records: accounts.totals.recordsIn });
    },
  };
}

/** Whether an input has ended without a byte. */
const isSilent = ({ ended, rest, stream }: InputHead): boolean =>
  ended === 'end' && rest.length === 0 && stream === undefined;

/** Not every operator can put its state on disk: nobody is to find that out by running out of memory. */
function sayWhatStays(named: readonly NamedOperator[], { say }: RunOptions): void {
  for (const { uid, operator } of named) {
    if (operator.staysInMemory !== true) continue;
    say(`leat: ${uid} keeps its state in memory: ${operator.stateShape}`);
  }
}

/** Puts the run together: chain, output, accounts, intake, checkpoints. */
async function assemble(
  parts: SplitPlan,
  options: RunOptions,
  { feed, head: inputHead, position, stage }: OpenedInput,
  chain: BuiltChain,
  spill: SpillRun | undefined,
): Promise<Assembled> {
  const clock = options.clock ?? Date.now;
  const first = firstSource(feed, position);
  const stream = position?.stream ?? inputHead.stream;
  const { sink, epochs, side, rejected } = await openOutput(parts, options, stage, isSilent(inputHead));
  const hasNext = stage !== undefined && carriesMarks(options, parts, chain.place, sink, stage.line);
  const accounts = openAccounts(options.bad ?? { kind: 'report' }, options.say, {
    observer: options.observer,
    ...(side === undefined ? {} : { keep: side.keep }),
    ...(side === undefined || rejected === undefined
      ? {}
      : { rejected: { path: rejected, file: side.keep(rejected) } }),
  });
  const refusals = accounts.reportsFor({ kind: 'drop' });
  const end = await makeEnd(parts, options, chain.place, sink, refusals, stage?.line);
  const created = chain.create(end, (late, uid) => ({
    reports: accounts.reportsFor(late),
    clock,
    ...(spill === undefined ? {} : { spill: spill.spillOf(stage === undefined ? uid : nameIn(stage, uid)) }),
  }));
  const { head, operators } = created;
  if (spill !== undefined) sayWhatStays(created.named, options);
  spill?.watch(operators, () => {
    end.flush();
    return sink.drained();
  });
  const intake = await makeIntake(formatOf(parts), chain, options, first, stream !== undefined);
  const running: Running = {
    intake,
    head,
    operators,
    end,
    accounts,
    onBarrier: undefined,
    endSeen: false,
    saidOver: undefined,
    lines: 0,
  };
  let job: JobRun | undefined;
  const handler = inputHandler(running, { sink, side, spill }, options, feed.lengthBytes, () => job);
  const driver = driveInput({ feed, first, head: inputHead, intake, position }, handler, clock);
  const assembled = { running, driver, sink, hasStream: stream !== undefined, stage, hasNext, side, spill };
  if (stage !== undefined) {
    const { resumeStage } = await import('./open-job.js');
    const resumed = { operators: created.named, sinks: epochs, plan: parts.plan, stream };
    job = await resumeStage(assembled, stage, resumed, options);
  }
  return { ...assembled, job };
}

async function runAssembled(
  parts: SplitPlan,
  options: RunOptions,
  input: OpenedInput,
  chain: BuiltChain,
  spill: SpillRun | undefined,
  stop: AbortSignal,
): Promise<RunResult> {
  const assembled = await assemble(parts, options, input, chain, spill);
  if (stop.aborted) assembled.driver.stop();
  stop.addEventListener('abort', () => assembled.driver.stop(), { once: true });
  return await drive(assembled).catch(async (error: unknown) => {
    // What goes wrong besides is a consequence; the first failure is the one to report.
    await giveUp(assembled).catch(() => {});
    throw input.stage === undefined ? error : sinkFailure(outputName, error);
  });
}

async function runStage(
  parts: SplitPlan,
  options: RunOptions,
  begun: JobStage | undefined,
): Promise<RunResult> {
  const isJson = formatOf(parts).name === 'json';
  const stop = createStop(options.signal, isJson && begun === undefined);
  const opening = openStage(parts, options, begun, stop.signal);
  // The first bytes may be long in coming; what is loaded and compiled before them does not hold them up.
  if (isJson) prepareScanner();
  const loading = loadBuilders(parts.middle.map((step) => step.kind));
  const described: ChainInput = {
    source: parts.source.id,
    base: isJson ? 'line' : 'foreign',
    time: parts.source.time,
    stream: undefined,
    bounded: true,
  };
  const input = await (isJson ? meanwhile(opening, () => rehearse(parts, described, loading)) : opening);
  const { stage, head, position } = input;
  stop.decide(stage !== undefined && stage.number > 0);
  if (stop.signal.aborted && stage === undefined && isSilent(head)) {
    // Nothing has come: the output stays as it is.
    input.feed.close();
    return { outcome: 'stopped', totals: { recordsIn: 0, rejected: 0, late: 0 } };
  }
  const stream = position?.stream ?? head.stream;
  const chain = buildChain(parts.middle, { ...described, stream }, await loading);
  const spill = await openSpill(options, stage);
  const result = await runAssembled(parts, options, input, chain, spill, stop.signal).finally(() =>
    spill?.close(),
  );
  const time = chain.time;
  if (options.verbose === true && time?.cell.form !== undefined) {
    options.say(`leat: event time is ${time.assignment.field}, written as ${formName(time.cell.form)}`);
  }
  return result;
}

/**
 * Runs a plan to its end. Throws a problem when the plan or its surroundings are at fault, or when a policy says so;
 * refused and late records are counted in the result.
 */
export async function runLocal(plan: Plan, options: RunOptions): Promise<RunResult> {
  const parts = splitPlan(plan);
  if (parts.source.kind === 'gen' && parts.source.format === undefined && makesText(parts.source)) {
    return await copyText(parts, options);
  }
  if (options.job === undefined) return await runStage(parts, options, undefined);
  const { beginJob } = await import('./open-job.js');
  const beginning = beginJob(options.job, options);
  // Something to do while the disk syncs.
  if (formatOf(parts).name === 'json') prepareScanner();
  const begun = await beginning;
  for (const finding of begun.store.findings) options.say(`leat: ${finding}`);
  if (begun.savepoint !== undefined) {
    options.say(`leat: the job ${begun.store.job} starts from the savepoint ${begun.savepoint}`);
  }
  try {
    return await runStage(parts, options, begun);
  } finally {
    await begun.store.release().catch(() => {});
  }
}
