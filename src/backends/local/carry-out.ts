/** A run from the moment at which it is put together: to its end, to a signal, or to its failure. */
import type { PlaceTime } from '../../operators/index.js';
import { formName } from '../../time/index.js';
import { failDownstream, failUpstream } from './broken-pipe.js';
import { sinkFailure } from './checkpoints/sink-failure.js';
import { outputName } from './ends.js';
import type { RunOptions, RunResult } from './run-options.js';
import { fireOnce } from './running.js';
import type { Assembled } from './stage-job.js';
import { createStop, type Stop } from './stop.js';

/** A run that is put together. */
export interface PreparedRun {
  readonly assembled: Assembled;
  /** The first event time that was said, for the user. */
  readonly time: PlaceTime | undefined;
}

/** Runs the input through the chain and ends it. */
async function drive(assembled: Assembled, stop: AbortSignal): Promise<RunResult> {
  const { running, driver, sink, hasStream, stage, job, hasNext, spill } = assembled;
  const { end, accounts } = running;
  const reading = await driver.run();
  let outcome: RunResult['outcome'] = running.saidOver ?? reading;
  if (outcome === 'complete' && hasStream && !running.endSeen) failUpstream(stage, stage);
  if (sink.closedByReader) {
    if (stage !== undefined && hasNext) failDownstream(stage);
    outcome = 'closed';
  }
  if (outcome === 'complete' && stage?.isFinished !== true) {
    await fireOnce(running, () => spill?.rest());
    end.flush();
    outcome = (await job?.stayOn?.(stop)) ?? outcome;
    if (outcome === 'complete') sink.complete?.();
  }
  if (job === undefined) end.end(outcome === 'complete');
  else await job.finish(outcome === 'complete' ? 'complete' : 'stopped');
  await sink.flushed();
  // A run that has seen enough has thrown the rest of its last chunk away.
  if (running.saidOver === undefined) assembled.receipts?.end();
  await assembled.receipts?.release();
  // Said while the output is still open: whoever waits for its end has then seen this too.
  assembled.unseen.say(outcome === 'complete');
  accounts.finish();
  await sink.close();
  await assembled.side?.close();
  return { outcome: sink.closedByReader ? 'closed' : outcome, totals: accounts.totals };
}

/** Ends a run that failed: what was produced outside of jobs is written, what was counted is said. */
async function giveUp({ running, driver, sink, side, receipts }: Assembled): Promise<void> {
  driver.stop();
  try {
    running.end.flush();
    await sink.flushed();
  } finally {
    await receipts?.release();
    running.accounts.finish();
    await sink.close();
    await side?.close();
  }
}

async function runAssembled(assembled: Assembled, stop: Stop): Promise<RunResult> {
  if (stop.signal.aborted) assembled.driver.stop();
  stop.signal.addEventListener('abort', () => assembled.driver.stop(), { once: true });
  return await drive(assembled, stop.signal)
    .catch(async (error: unknown) => {
      // What goes wrong besides is a consequence; the first failure is the one to report.
      await giveUp(assembled).catch(() => {});
      throw assembled.stage === undefined ? error : sinkFailure(outputName, error);
    })
    .finally(() => assembled.spill?.close());
}

const nothingCame: RunResult = { outcome: 'stopped', totals: { recordsIn: 0, rejected: 0, late: 0 } };

/** Puts a run together and runs it to its end. `mayFollow`: the input may turn out to be the stream of a job. */
export async function carryOut(
  prepare: (stop: Stop) => Promise<PreparedRun | undefined>,
  options: RunOptions,
  mayFollow: boolean,
): Promise<RunResult> {
  const stop = createStop(options.signal, mayFollow);
  const prepared = await prepare(stop);
  if (prepared === undefined) return nothingCame;
  const { assembled, time } = prepared;
  const result = await runAssembled(assembled, stop);
  if (options.verbose === true && time?.cell.form !== undefined) {
    options.say(`leat: event time is ${time.assignment.field}, written as ${formName(time.cell.form)}`);
  }
  return result;
}
