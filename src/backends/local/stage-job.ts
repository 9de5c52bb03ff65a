/**
 * A stage that is put together as part of its job: given back what it had, and its checkpoints: what they are made of, and
 * how long one waits for the other stages.
 */
import type { ByteSink, EpochSink } from '../../connectors/index.js';
import type { Plan } from '../../plan/index.js';
import type { PartFacts } from '../../state/index.js';
import type { StreamLine } from '../../stream/index.js';
import { failDownstream } from './broken-pipe.js';
import { assertAllMet } from './checkpoints/branches-met.js';
import { type JobRun, startJobRun } from './checkpoints/job-run.js';
import { recoverSinks } from './checkpoints/job-sinks.js';
import type { JobStage } from './checkpoints/job-stage.js';
import { type NamedOperator, namesIn } from './checkpoints/operator-name.js';
import { restoreState } from './checkpoints/restore-state.js';
import type { SideOutputs } from './epoch-ends.js';
import type { InputDriver } from './input.js';
import type { ChainEnd } from './ndjson-output.js';
import type { Receipts } from './receipts.js';
import type { RunOptions } from './run-options.js';
import type { Running } from './running.js';
import type { SpillRun } from './spill-run.js';
import type { UnseenFields } from './unseen-fields.js';

/** A run that is put together. */
export interface Assembled {
  readonly running: Running;
  readonly driver: Pick<InputDriver, 'run' | 'stop' | 'wake'>;
  /** Where the inputs stand that are to be gone on with here, as facts of a checkpoint. Asked for at a barrier. */
  standing(isSource: boolean): PartFacts | Promise<PartFacts>;
  /** Says what is done at a barrier that comes in. */
  onBarriers(take: JobRun['onBarrier']): void;
  readonly sink: ByteSink;
  readonly hasStream: boolean;
  readonly stage: JobStage | undefined;
  readonly job: JobRun | undefined;
  readonly spill: SpillRun | undefined;
  /** Whether another stage of the job reads the output. */
  readonly hasNext: boolean;
  readonly side: SideOutputs | undefined;
  /** For inputs that others keep the place of. */
  readonly receipts: Receipts | undefined;
  readonly unseen: UnseenFields;
}

/** The plan of a stage, and what the stage before said of the records. */
export interface ChainFacts {
  readonly plan: Plan;
  readonly stream?: Omit<StreamLine, 'job'>;
}

/** The token of the run, which a stream line has, is not for the disk. */
function chainFacts(plan: Plan, stream: StreamLine | undefined): ChainFacts {
  if (stream === undefined) return { plan };
  const { job: _, ...said } = stream;
  return { plan, stream: said };
}

/** What of a stage is kept in checkpoints. */
interface KeptParts {
  readonly operators: readonly NamedOperator[];
  readonly sinks: ReadonlyMap<string, EpochSink>;
  /** What the stage computes, by which its state can be read without being asked the question again. */
  readonly chain: ChainFacts;
  readonly spill: SpillRun | undefined;
}

/** Without life from behind for so long, a stage that waits writes a blank line, which fails when the reader is gone. */
const signOfLifeMs = 1000;

/** Starts the checkpoints of a stage. A job whose input has ended has none any more. */
function startJob(
  assembled: Omit<Assembled, 'job'>,
  stage: JobStage,
  kept: KeptParts,
  options: RunOptions,
): JobRun | undefined {
  if (stage.isFinished) return undefined;
  const { running, driver, sink, hasNext } = assembled;
  if (!hasNext) assertAllMet(stage);
  const { end, accounts } = running;
  const isSource = stage.number === 0;
  const chain: ChainFacts = kept.chain;
  const job = startJobRun(
    stage,
    {
      id: stage.id,
      before: stage.before,
      isLast: !hasNext,
      operators: kept.operators,
      sinks: kept.sinks,
      spill: kept.spill,
      facts() {
        const ended = running.hasFired ? { ended: true } : {};
        const kept = { totals: accounts.facts(), end: end.facts(), ...ended, ...chain };
        const standing = assembled.standing(isSource);
        return standing instanceof Promise
          ? standing.then((inputs) => ({ ...kept, ...inputs }))
          : { ...kept, ...standing };
      },
    },
    end,
    {
      clock: options.clock ?? Date.now,
      pause: patienceWith(stage, sink, end),
      onDue: () => driver.wake(),
      stopReading: () => driver.stop(),
    },
  );
  if (!isSource) assembled.onBarriers((line, lines) => job.onBarrier(line, lines));
  return job;
}

/** What a stage goes on with: its operators and its sinks in epochs, and what is known of its input. */
export interface ResumedParts {
  readonly operators: readonly NamedOperator[];
  readonly sinks: ReadonlyMap<string, EpochSink>;
  readonly plan: Plan;
  readonly stream: StreamLine | undefined;
}

/** Gives a stage its state back and brings its outputs to where they were, then starts its checkpoints. */
export async function resumeStage(
  assembled: Omit<Assembled, 'job'>,
  stage: JobStage,
  parts: ResumedParts,
  options: RunOptions,
): Promise<JobRun | undefined> {
  const { running, hasNext, spill } = assembled;
  const operators = namesIn(stage, parts.operators);
  // State that nobody takes is found before the output is touched.
  await restoreState(stage, operators, !hasNext, spill, options.say);
  const goesOn = await recoverSinks(stage, parts.sinks, options.say);
  const facts = stage.restored?.facts ?? {};
  running.accounts.restore((facts['totals'] ?? {}) as PartFacts);
  running.hasFired = facts['ended'] === true;
  if (goesOn && facts['end'] !== undefined) running.end.restore(facts['end'] as PartFacts);
  const chain = chainFacts(parts.plan, parts.stream);
  return startJob(assembled, stage, { operators, sinks: parts.sinks, spill, chain }, options);
}

/** Waits for the stages behind, as long as there are any: a blank line now and then finds out. */
function patienceWith(stage: JobStage, sink: ByteSink, end: ChainEnd): (ms: number) => Promise<void> {
  let waitedMs = 0;
  return async (ms) => {
    if (sink.closedByReader) failDownstream(stage);
    waitedMs += ms;
    if (waitedMs > signOfLifeMs) {
      waitedMs = 0;
      end.passControlLine('');
      end.flush();
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  };
}
