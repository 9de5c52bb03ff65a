/**
 * A run of one stage of a job: cuts barriers where the stage is the source, takes them from the stream where it is not,
 * has the coordinator take the stage's part, and says the barrier to the next stage. The order at a barrier is: what the
 * stage has produced leaves; everything is taken; the barrier is said.
 */
import { problem } from '../../../diagnostics/index.js';
import type { BarrierLine, EndLine } from '../../../stream/index.js';
import type { ChainEnd } from '../ndjson-output.js';
import { type BarrierClock, createBarrierClock } from './barrier-clock.js';
import { type Coordinator, createCoordinator, type StageParts } from './coordinator.js';
import type { JobStage } from './job-stage.js';

export interface JobRun {
  /** Processing time (epoch ms) at which the source wants to cut a barrier, +Infinity for other stages. */
  dueAt(): number;
  /** A chunk is done and has left: the source cuts a barrier if one is due. */
  atRest(nowMs: number): void;
  /** Something happened that a checkpoint must keep. */
  touch(): void;
  /** A barrier came, behind so many data lines since the last one. */
  onBarrier(line: BarrierLine | EndLine, lines: number): void;
  /** The last checkpoint of the run: of a complete input, or of one that was stopped. */
  finish(how: 'complete' | 'stopped'): Promise<void>;
}

export interface JobRunOptions {
  readonly clock: () => number;
  /** Resolves after so many ms; rejects when the stage behind has gone. */
  pause(ms: number): Promise<void>;
  /** A checkpoint is done and more is to be kept: `dueAt` is another than before. */
  onDue(): void;
  /** Stops the reading of the input, because a checkpoint has failed. */
  onFailure(): void;
}

/**
 * Output that waits for a checkpoint is written a second time when it is there. From so many bytes on a barrier is cut before
 * it is due, so that this goes on beside the work and little of it is left for the end of the run.
 */
const largeEpochBytes = 1 << 25;

function lostRecords(epoch: number, said: number, seen: number): Error {
  return problem({
    code: 'state',
    message: `checkpoint ${epoch} is not whole: the stage before wrote ${said} records since the last barrier, and ${seen} arrived`,
    hint: 'something between the stages takes records out or puts some in; put it in front of the job, or behind it',
  });
}

/** Starts the checkpoints of a stage. */
export function startJobRun(
  stage: JobStage,
  parts: StageParts,
  end: ChainEnd,
  options: JobRunOptions,
): JobRun {
  const isSource = stage.number === 0;
  const { timing } = stage;
  const barriers: BarrierClock | undefined =
    timing === undefined ? undefined : createBarrierClock(timing.everyMs, timing.minPauseMs, options.clock());
  let epoch = stage.restoredEpoch;
  let touched = true;
  let taken = false;
  let upstreamEnd: EndLine | undefined;

  const coordinator: Coordinator = createCoordinator(stage.store, parts, {
    timeoutMs: stage.timeoutMs,
    keep: stage.keep,
    pause: options.pause,
    awaitsCompletion: isSource,
    onDone() {
      barriers?.done(options.clock());
      if (touched) options.onDue();
    },
    onFailure: options.onFailure,
  });

  const take = (finished: boolean, hurried = false): void => {
    end.flush();
    touched = false;
    taken = true;
    const beganMs = options.clock();
    coordinator.take(epoch, { finished, hurried });
    barriers?.taken(options.clock() - beganMs);
  };
  const isLarge = (): boolean => {
    let bytes = 0;
    for (const sink of parts.sinks.values()) bytes += sink.waitingBytes ?? 0;
    return bytes >= largeEpochBytes;
  };

  return {
    dueAt: () => (touched && barriers !== undefined ? barriers.dueAt() : Number.POSITIVE_INFINITY),
    touch() {
      touched = true;
    },
    atRest(nowMs) {
      coordinator.assertHealthy();
      if (barriers === undefined || !touched) return;
      const hurried = nowMs < barriers.dueAt();
      if (hurried && !(barriers.mayHurry(nowMs) && isLarge())) return;
      barriers.cut(nowMs);
      epoch++;
      take(false, hurried);
      end.barrier(epoch, false);
    },
    onBarrier(line, lines) {
      const { checkpoint, records } = line;
      if (checkpoint === undefined || records === undefined) return;
      if (records !== lines) throw lostRecords(checkpoint, records, lines);
      epoch = checkpoint;
      if (line.kind === 'end') {
        upstreamEnd = line;
        return;
      }
      take(false);
      end.barrier(epoch, line.stop);
    },
    async finish(how) {
      if (isSource) epoch++;
      else if (how === 'complete' && upstreamEnd === undefined) return;
      // A stage that is stopped by the stage before has taken its part when the barrier came.
      if (isSource || how === 'complete') {
        take(how === 'complete');
        if (how === 'stopped') end.barrier(epoch, true);
        else end.end(true, epoch);
      }
      await coordinator.settled();
      if (!parts.isLast && taken) await coordinator.awaitComplete(epoch);
    },
  };
}
