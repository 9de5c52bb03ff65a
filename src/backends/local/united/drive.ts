/**
 * Drives the sources of a plan that has several: each in its turn, timers between two turns, until all have ended or one
 * says stop. A branch that has ended fires what waits in it, and tells the meeting where it ends.
 */
import type { ByteSink } from '../../../connectors/index.js';
import type { Operator } from '../../../operators/index.js';
import { failUpstream } from '../broken-pipe.js';
import type { JobRun } from '../checkpoints/job-run.js';
import type { JobStage } from '../checkpoints/job-stage.js';
import type { SideOutputs } from '../epoch-ends.js';
import type { InputDriver, InputHandler, InputPosition } from '../input.js';
import type { ChainEnd } from '../ndjson-output.js';
import type { RunOptions } from '../run-options.js';
import { earliestTimer, fireAll, fireTimers, type Running, work } from '../running.js';
import type { SpillRun } from '../spill-run.js';
import type { Meeting } from './meeting.js';
import type { TurnFeed, Turns } from './turns.js';

/** Where a branch ends: an input of a meeting, whose own branch ends in turn at the parent. */
export interface Spot {
  readonly meeting: Meeting;
  readonly side: number;
  readonly parent: Spot | undefined;
}

/** A source with its chain, ready to be driven. */
export interface DrivenLeaf {
  readonly id: string;
  readonly running: Running;
  readonly turn: TurnFeed;
  readonly spot: Spot;
  readonly isPiped: boolean;
  readonly hasStream: boolean;
  drive(handler: InputHandler): InputDriver;
  position(): Promise<InputPosition>;
}

export interface UnitedSurroundings {
  readonly sink: ByteSink;
  readonly side: SideOutputs | undefined;
  readonly spill: SpillRun | undefined;
  readonly end: ChainEnd;
  readonly accounts: Running['accounts'];
  readonly options: RunOptions;
  readonly stage: JobStage | undefined;
  readonly turns: Turns;
  job(): JobRun | undefined;
}

export interface UnitedDriver {
  readonly driver: Pick<InputDriver, 'run' | 'stop' | 'wake'>;
  /** What an input waits for before it is read further; undefined when it need not. */
  room(spot: Spot): Promise<void> | undefined;
  /** Has all meetings give on what is certain. */
  settle(): void;
  /** Takes the sources, all operators and the lengths of the inputs; returns what ends the run. */
  begin(
    leaves: readonly DrivenLeaf[],
    operators: readonly Operator[],
    lengthsBytes: readonly number[],
  ): Running;
}

/** Something that happens again and again, and can be waited for. */
function createChange() {
  let resolve: () => void = () => {};
  let promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    next: () => promise,
    happened() {
      resolve();
      promise = new Promise<void>((done) => {
        resolve = done;
      });
    },
  };
}

function isBlocked(spot: Spot | undefined): boolean {
  return spot !== undefined && (spot.meeting.union.isAhead(spot.side) || isBlocked(spot.parent));
}

function trunkOf({ meeting, parent }: Spot): Meeting {
  return parent === undefined ? meeting : trunkOf(parent);
}

/** The meetings on the way of a branch to the trunk, the nearest first. */
function settleFrom(spot: Spot | undefined): void {
  if (spot === undefined) return;
  spot.meeting.settle();
  settleFrom(spot.parent);
}

const longestTimerMs = 0x7fffffff;

/** The driver of several sources. */
export function createUnitedDriver(around: UnitedSurroundings): UnitedDriver {
  const { sink, side, spill, end, accounts, options, stage, turns } = around;
  const clock = options.clock ?? Date.now;
  const change = createChange();
  let leaves: readonly DrivenLeaf[] = [];
  let operators: readonly Operator[] = [];
  let lengthBytes: number | undefined;
  let drivers: readonly InputDriver[] = [];
  let trunk: Running;
  let bytesRead = 0;
  let stopped = false;
  let over = false;

  const settle = (): void => {
    for (const { spot } of leaves) settleFrom(spot);
  };
  const stop = (): void => {
    stopped = true;
    for (const driver of drivers) driver.stop();
    change.happened();
  };
  /** What everybody did in this turn leaves; resolves when the next one may begin. */
  const rest = async (): Promise<void> => {
    end.flush();
    around.job()?.atRest(clock());
    await spill?.rest();
    await (sink.drained() ?? side?.drained());
    if (sink.closedByReader) stop();
    change.happened();
  };

  /** A branch has no records any more: it fires, and so does what ends with it. */
  const endBranch = async (running: Pick<Running, 'head' | 'operators'>, spot: Spot): Promise<void> => {
    await fireAll(running, () => spill?.rest());
    const { meeting, parent } = spot;
    meeting.union.end(spot.side);
    settleFrom(spot);
    if (!meeting.union.allEnded) return;
    meeting.finish();
    // The trunk fires when the run ends.
    if (parent !== undefined) await endBranch({ head: meeting.head, operators: meeting.chain }, parent);
  };

  const handlerOf = (leaf: DrivenLeaf): InputHandler => ({
    work() {
      work(leaf.running);
      settleFrom(leaf.spot);
      around.job()?.touch();
      if (leaf.running.saidOver !== 'stopped') return;
      trunk.saidOver = 'stopped';
      stop();
    },
    async chunkDone() {
      await rest();
      leaf.turn.endTurn();
      return !stopped && leaf.running.saidOver === undefined;
    },
    nextTimer: () => Number.POSITIVE_INFINITY,
    onTimer() {},
    onProgress(count) {
      bytesRead += count;
      options.onProgress?.({ bytesRead, lengthBytes, records: accounts.totals.recordsIn });
    },
  });

  const runLeaf = async (leaf: DrivenLeaf, driver: InputDriver): Promise<void> => {
    const { running, turn, spot } = leaf;
    if (spot.meeting.union.hasEnded(spot.side)) {
      driver.stop();
      return;
    }
    try {
      const how = await driver.run();
      await turn.takeTurn();
      const outcome = running.saidOver ?? how;
      if (outcome === 'complete' && !stopped) {
        if (leaf.hasStream && !running.endSeen) failUpstream(stage);
        await endBranch(running, spot);
        around.job()?.touch();
        await rest();
      }
    } finally {
      turn.feed.close();
      turn.endTurn();
      change.happened();
    }
  };

  const keepTime = async (): Promise<void> => {
    while (!over && !stopped) {
      const due = Math.min(earliestTimer(operators), around.job()?.dueAt() ?? Number.POSITIVE_INFINITY);
      const waitMs = due - clock();
      if (waitMs > 0) {
        let timer: NodeJS.Timeout | undefined;
        const rung = new Promise<void>((resolve) => {
          if (due < Number.POSITIVE_INFINITY) timer = setTimeout(resolve, Math.min(waitMs, longestTimerMs));
        });
        await Promise.race([rung, change.next()]);
        clearTimeout(timer);
        continue;
      }
      await turns.take();
      try {
        if (fireTimers(operators, clock())) around.job()?.touch();
        settle();
        await rest();
      } finally {
        turns.end();
      }
    }
  };

  return {
    settle,
    room: (spot) => (isBlocked(spot) ? change.next() : undefined),
    driver: {
      stop,
      wake: () => change.happened(),
      async run() {
        // Rows that were waiting when the state was kept.
        settle();
        await rest();
        const time = keepTime();
        const runs = [...leaves.entries()].map(([index, leaf]) => runLeaf(leaf, drivers[index]!));
        const all = Promise.all(runs).finally(() => {
          over = true;
          change.happened();
        });
        try {
          await Promise.all([all, time]);
        } catch (error) {
          stop();
          await Promise.allSettled([...runs, time]);
          throw error;
        }
        return stopped ? 'stopped' : 'complete';
      },
    },
    begin(given, all, lengthsBytes) {
      leaves = given;
      operators = all;
      const total = lengthsBytes.reduce((sum, length) => sum + length, 0);
      lengthBytes = Number.isNaN(total) ? undefined : total;
      drivers = leaves.map((leaf) => leaf.drive(handlerOf(leaf)));
      const { intake, head, chain } = trunkOf(leaves[0]!.spot);
      trunk = {
        intake,
        head,
        operators: chain,
        end,
        accounts,
        onBarrier: undefined,
        endSeen: true,
        saidOver: undefined,
        lines: 0,
      };
      return trunk;
    },
  };
}
