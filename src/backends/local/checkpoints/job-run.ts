/**
 * A run of one stage of a job: cuts barriers where the stage is the source, takes them from the stream where it is not,
 * has the coordinator take the stage's part, and says the barrier to the next stage. The order at a barrier is: what the
 * stage has produced leaves; everything is taken; the barrier is said.
 */
import type { BarrierLine, EndLine } from '../../../stream/index.js';
import type { ChainEnd } from '../ndjson-output.js';
import { createBarrierClock } from './barrier-clock.js';
import { type Coordinator, createCoordinator, type StageParts } from './coordinator.js';
import type { OwnerSeen } from './heads.js';
import type { JobStage } from './job-stage.js';
import { meanwhile, stayOn } from './stay-on.js';
import { assertWhole } from './whole-epoch.js';

export interface JobRun {
  /** Processing time (epoch ms) at which the source wants to cut a barrier, +Infinity for other stages. */
  dueAt(): number;
  /** A chunk is done and has left: the source cuts a barrier if one is due. */
  atRest(nowMs: number): void;
  /** Something happened that a checkpoint must keep. */
  touch(): void;
  /** A barrier came, behind so many data lines since the last one. */
  onBarrier(line: BarrierLine | EndLine, lines: number): void;
  /**
   * Of a head of a job of several pipes: its input has ended and everything was fired. Goes on with the barriers until the
   * inputs of all heads have ended, or the run is stopped.
   */
  readonly stayOn: ((stop: AbortSignal) => Promise<'complete' | 'stopped'>) | undefined;
  /**
   * Waits for what has been written to be taken. Where several pipes meet that may need a barrier, for which other pipes are
   * read: it is cut meanwhile. Ends when the run is stopped.
   */
  throughout(taken: Promise<unknown>, stop: AbortSignal): Promise<unknown>;
  /** The last checkpoint of the run: of a complete input, or of one that was stopped. */
  finish(how: 'complete' | 'stopped'): Promise<void>;
}

export interface JobRunOptions {
  readonly clock: () => number;
  /** Resolves after so many ms; rejects when the stage behind has gone. */
  pause(ms: number): Promise<void>;
  /** `dueAt` is another than before: a checkpoint is done and more is to be kept, or a barrier is announced. */
  onDue(): void;
  /** Stops the reading of the input: a checkpoint has failed, or the head that holds the store has stopped. */
  stopReading(): void;
}

/**
 * Output that waits for a checkpoint is written a second time when it is there. From so many bytes on a barrier is cut before
 * it is due, so that this goes on beside the work and little of it is left for the end of the run.
 */
const largeEpochBytes = 1 << 25;

/** A run that has nothing to keep looks no oftener than that (ms) whether another one has taken the job over. */
const leastLookMs = 1000;

/** Starts the checkpoints of a stage. */
export function startJobRun(
  stage: JobStage,
  parts: StageParts,
  end: ChainEnd,
  options: JobRunOptions,
): JobRun {
  const isSource = stage.number === 0;
  const { timing, heads } = stage;
  const owner = heads?.kind === 'branch' ? heads : undefined;
  const branches = heads?.kind === 'owner' ? heads : undefined;
  const barriers = timing && createBarrierClock(timing, options.clock());
  let epoch = stage.restoredEpoch;
  const betweenLooksMs = Math.max(leastLookMs, timing?.everyMs ?? Number.POSITIVE_INFINITY);
  /** When it looks next. */
  let lookMs = options.clock() + betweenLooksMs;
  let touched = true;
  let taken = false;
  let upstreamEnd: EndLine | undefined;

  const coordinator: Coordinator = createCoordinator(stage.store, parts, {
    timeoutMs: stage.timeoutMs,
    keep: stage.keep,
    pause: options.pause,
    awaitsCompletion: isSource && owner === undefined,
    onDone() {
      barriers?.done(options.clock());
      if (isTouched()) options.onDue();
    },
    onFailure: options.stopReading,
  });

  if (heads !== undefined) {
    heads.watch({ news: options.onDue, failed: options.stopReading });
    // Where pipes meet all of them are waited for: one that has nothing to say yet says at least which job it is of.
    end.passControlLine('');
    end.flush();
  }

  /** Of several pipes nobody knows whether the others have something to keep. */
  const isTouched = (): boolean => touched || branches !== undefined;
  const take = (finished: boolean, hurried = false, last?: 'stop' | 'end'): void => {
    end.flush();
    touched = false;
    taken = true;
    const beganMs = options.clock();
    coordinator.take(epoch, { finished, hurried, last });
    barriers?.taken(options.clock() - beganMs);
  };
  const isLarge = (): boolean => {
    let bytes = 0;
    for (const sink of parts.sinks.values()) bytes += sink.waitingBytes ?? 0;
    return bytes >= largeEpochBytes;
  };

  const assertHealthy = (): void => {
    coordinator.assertHealthy();
    heads?.assertHealthy();
  };
  /** Cuts the barrier that the head which holds the store has cut; the last one is cut when the run ends. */
  const follow = ({ announced }: OwnerSeen): void => {
    if (announced === undefined || announced.epoch <= epoch) return;
    if (announced.last !== undefined) {
      options.stopReading();
      return;
    }
    epoch = announced.epoch;
    take(false);
    end.barrier(epoch, false);
  };
  const atRest = (nowMs: number): void => {
    assertHealthy();
    if (owner !== undefined) follow(owner);
    if (barriers === undefined) return;
    if (!isTouched()) {
      if (nowMs < lookMs) return;
      lookMs = nowMs + betweenLooksMs;
      coordinator.look();
      return;
    }
    const hurried = nowMs < barriers.dueAt();
    if (hurried && !(barriers.mayHurry(nowMs) && isLarge())) return;
    barriers.cut(nowMs);
    epoch++;
    take(false, hurried);
    end.barrier(epoch, false);
  };
  /** The number of the last checkpoint, as far as this head settles it. */
  const lastEpoch = (): number | undefined => {
    if (owner === undefined) return epoch + 1;
    return owner.announced?.last === undefined ? undefined : owner.announced.epoch;
  };

  return {
    stayOn:
      heads === undefined
        ? undefined
        : (stop) => stayOn(heads, { end, stop, cut: () => atRest(options.clock()), pause: options.pause }),
    dueAt() {
      if (owner !== undefined) return (owner.announced?.epoch ?? 0) > epoch ? 0 : Number.POSITIVE_INFINITY;
      return isTouched() ? (barriers?.dueAt() ?? Number.POSITIVE_INFINITY) : lookMs;
    },
    touch() {
      touched = true;
    },
    throughout: (wait, stop) =>
      heads === undefined ? wait : meanwhile(wait, { stop, cut: () => atRest(options.clock()) }),
    atRest,
    onBarrier(line, lines) {
      const { checkpoint } = line;
      if (checkpoint === undefined) return;
      assertWhole(line, lines);
      epoch = checkpoint;
      if (line.kind === 'end') {
        upstreamEnd = line;
        return;
      }
      take(false);
      end.barrier(epoch, line.stop);
    },
    async finish(how) {
      assertHealthy();
      heads?.close();
      if (isSource) {
        const last = lastEpoch();
        // The head of a branch that was stopped by itself: what it has read since the last checkpoint does not count.
        if (last === undefined) return await coordinator.settled();
        epoch = last;
      } else if (how === 'complete' && upstreamEnd === undefined) return;
      // A stage that is stopped by the stage before has taken its part when the barrier came.
      if (isSource || how === 'complete') {
        take(how === 'complete', false, branches && (how === 'complete' ? 'end' : 'stop'));
        if (how === 'stopped') end.barrier(epoch, true);
        else end.end(true, epoch);
      }
      await coordinator.settled();
      if (!parts.isLast && taken) await coordinator.awaitComplete(epoch);
    },
  };
}
