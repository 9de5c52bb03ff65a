/**
 * Drives the sources of a plan that has several: each in its turn, timers between two turns, until all have ended or one
 * says stop. A branch that has ended fires what waits in it, and tells the meeting where it ends. Of sources that are pipes
 * of one job, each waits at a barrier until the others have come to it.
 */
import type { ByteSink } from '../../../connectors/index.js';
import type { Operator } from '../../../operators/index.js';
import { spellControlLine } from '../../../stream/index.js';
import { failUpstream } from '../broken-pipe.js';
import { type Alignment, createAlignment } from '../checkpoints/alignment.js';
import type { JobRun } from '../checkpoints/job-run.js';
import type { JobStage } from '../checkpoints/job-stage.js';
import type { SideOutputs } from '../epoch-ends.js';
import type { InputDriver, InputHandler, InputPosition } from '../input.js';
import type { ChainEnd } from '../ndjson-output.js';
import type { Receipts, ReceivedInput } from '../receipts.js';
import type { RunOptions } from '../run-options.js';
import {
  createRunning,
  earliestTimer,
  fireAll,
  fireOnce,
  fireTimers,
  type Running,
  work,
} from '../running.js';
import type { SpillRun } from '../spill-run.js';
import { alignPipes } from './align-pipes.js';
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
  /** Where barriers come through it: the stage that this one is to the stage before. */
  readonly joined: JobStage | undefined;
  readonly hasStream: boolean;
  /** What is told to an input that others keep the place of. */
  readonly received: ReceivedInput;
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
  /** Says that the run is to stop. */
  readonly signal: AbortSignal;
  job(): JobRun | undefined;
  receipts(): Receipts | undefined;
}

export interface UnitedDriver {
  readonly driver: Pick<InputDriver, 'run' | 'stop' | 'wake'>;
  /** What an input waits for before it is read further; undefined when it need not. */
  room(spot: Spot, id: string): Promise<void> | undefined;
  /** Takes what is done at a barrier that has come through all pipes. */
  align(take: JobRun['onBarrier']): void;
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

/** A drive under way. */
interface Drive {
  readonly around: UnitedSurroundings;
  readonly clock: () => number;
  readonly change: ReturnType<typeof createChange>;
  leaves: readonly DrivenLeaf[];
  operators: readonly Operator[];
  drivers: readonly InputDriver[];
  trunk: Running | undefined;
  lengthBytes: number | undefined;
  bytesRead: number;
  /** The pipes that barriers come through, by the names of their sources. */
  alignment: Alignment<string>;
  /** The next stage was told that no record comes any more. */
  saidLast: boolean;
  /** It ends before its inputs do. */
  stopped: boolean;
  /** All inputs have ended. */
  over: boolean;
}

function settle({ leaves }: Drive): void {
  for (const { spot } of leaves) settleFrom(spot);
}

function stop(drive: Drive): void {
  drive.stopped = true;
  for (const driver of drive.drivers) driver.stop();
  drive.change.happened();
}

/** What everybody did in this turn leaves; resolves when the next one may begin. */
async function rest(drive: Drive): Promise<void> {
  const { sink, side, spill, end, job, receipts, signal } = drive.around;
  end.flush();
  job()?.atRest(drive.clock());
  await spill?.rest();
  const taken = sink.drained() ?? side?.drained();
  if (taken !== undefined) await (job()?.throughout(taken, signal) ?? taken);
  await receipts()?.rest();
  if (sink.closedByReader) stop(drive);
  drive.change.happened();
}

/** A branch has no records any more: it fires, and so does what ends with it. */
async function endBranch(
  drive: Drive,
  running: Pick<Running, 'head' | 'operators'>,
  { meeting, side, parent }: Spot,
): Promise<void> {
  if (meeting.union.hasEnded(side)) return;
  await fireAll(running, () => drive.around.spill?.rest());
  meeting.union.end(side);
  settleFrom({ meeting, side, parent });
  if (!meeting.union.allEnded) return;
  meeting.finish();
  // The trunk fires when the run ends.
  if (parent !== undefined) await endBranch(drive, { head: meeting.head, operators: meeting.chain }, parent);
}

/** All inputs have ended, and only barriers come: the trunk fires, and the next stage is told. */
async function sayLast(drive: Drive): Promise<void> {
  const { stage, end, spill, job } = drive.around;
  const isOver = trunkOf(drive.leaves[0]!.spot).union.allEnded;
  // The head of a pipe says so itself when its run comes to its end.
  if (drive.saidLast || !isOver || job() === undefined || stage!.store.branches.length === 0) return;
  if (drive.leaves.every(({ joined }) => joined === undefined)) return;
  drive.saidLast = true;
  await fireOnce(drive.trunk!, () => spill?.rest());
  end.flush();
  end.passControlLine(spellControlLine({ kind: 'last' }));
}

/** Works on what has come through a source, up to where it is held. */
function workOn(drive: Drive, leaf: DrivenLeaf): void {
  const { job, receipts } = drive.around;
  work(leaf.running);
  settleFrom(leaf.spot);
  job()?.touch();
  receipts()?.touch();
  if (leaf.running.saidOver !== 'stopped') return;
  drive.trunk!.saidOver = 'stopped';
  stop(drive);
}

/** Goes on behind what holds a source: at a barrier when all have come to it, behind the last record at once. */
async function goOn(drive: Drive, leaf: DrivenLeaf): Promise<void> {
  const { turn, running, spot, id } = leaf;
  if (running.held === 'last') {
    await endBranch(drive, running, spot);
    await sayLast(drive);
  } else {
    turn.endTurn();
    while (drive.alignment.isHeld(id) && !drive.stopped) await drive.change.next();
    await turn.takeTurn();
    if (drive.stopped) return;
  }
  running.held = undefined;
  workOn(drive, leaf);
  await rest(drive);
}

function handlerOf(drive: Drive, leaf: DrivenLeaf): InputHandler {
  const { options, accounts } = drive.around;
  return {
    work: () => workOn(drive, leaf),
    async chunkDone() {
      await rest(drive);
      while (leaf.running.held !== undefined && !drive.stopped) await goOn(drive, leaf);
      leaf.turn.endTurn();
      return !drive.stopped && leaf.running.saidOver === undefined;
    },
    // Timers are kept for all inputs at once.
    nextTimer: () => Number.POSITIVE_INFINITY,
    onTimer() {},
    onProgress(count) {
      drive.bytesRead += count;
      const { bytesRead, lengthBytes } = drive;
      options.onProgress?.({ bytesRead, lengthBytes, records: accounts.totals.recordsIn });
    },
  };
}

/** Drives one source to its end. */
async function runLeaf(drive: Drive, leaf: DrivenLeaf, driver: InputDriver): Promise<void> {
  const { running, turn, spot, joined } = leaf;
  const { stage, job } = drive.around;
  // Barriers come through a pipe also when its records have ended.
  const isNeeded = joined !== undefined && job() !== undefined;
  if (spot.meeting.union.hasEnded(spot.side) && !isNeeded) {
    driver.stop();
    return;
  }
  try {
    const how = await driver.run();
    await turn.takeTurn();
    if ((running.saidOver ?? how) !== 'complete' || drive.stopped) return;
    if (leaf.hasStream && !running.endSeen) failUpstream(stage, joined);
    await endBranch(drive, running, spot);
    await sayLast(drive);
    job()?.touch();
    await rest(drive);
  } finally {
    turn.feed.close();
    turn.endTurn();
    drive.change.happened();
  }
}

/** Waits for a time, or until something has happened. */
async function waitUntil(drive: Drive, dueMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const rung = new Promise<void>((resolve) => {
    if (dueMs === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(resolve, Math.min(dueMs - drive.clock(), longestTimerMs));
  });
  await Promise.race([rung, drive.change.next()]);
  clearTimeout(timer);
}

/** Fires timers and cuts barriers that are due, in turns of their own. */
async function keepTime(drive: Drive): Promise<void> {
  const { turns, job, receipts } = drive.around;
  while (!drive.over && !drive.stopped) {
    const dueMs = Math.min(
      earliestTimer(drive.operators),
      job()?.dueAt() ?? Number.POSITIVE_INFINITY,
      receipts()?.dueAt() ?? Number.POSITIVE_INFINITY,
    );
    if (dueMs > drive.clock()) {
      await waitUntil(drive, dueMs);
      continue;
    }
    await turns.take();
    try {
      if (fireTimers(drive.operators, drive.clock())) job()?.touch();
      settle(drive);
      await rest(drive);
    } finally {
      turns.end();
    }
  }
}

async function runAll(drive: Drive): Promise<'complete' | 'stopped'> {
  // Rows that were waiting when the state was kept.
  settle(drive);
  await rest(drive);
  const time = keepTime(drive);
  const runs = drive.leaves.map((leaf, index) => runLeaf(drive, leaf, drive.drivers[index]!));
  const all = Promise.all(runs).finally(() => {
    drive.over = true;
    drive.change.happened();
  });
  try {
    await Promise.all([all, time]);
  } catch (error) {
    stop(drive);
    await Promise.allSettled([...runs, time]);
    throw error;
  }
  return drive.stopped ? 'stopped' : 'complete';
}

/** The running that ends the run: that of the trunk, which has no input of its own. */
function trunkRunning({ leaves, around }: Drive): Running {
  const { intake, head, chain } = trunkOf(leaves[0]!.spot);
  const { end, accounts } = around;
  return createRunning({ intake, head, operators: chain, end, accounts });
}

/** The driver of several sources. */
export function createUnitedDriver(around: UnitedSurroundings): UnitedDriver {
  const drive: Drive = {
    around,
    alignment: createAlignment<string>([]),
    saidLast: false,
    clock: around.options.clock ?? Date.now,
    change: createChange(),
    leaves: [],
    operators: [],
    drivers: [],
    trunk: undefined,
    lengthBytes: undefined,
    bytesRead: 0,
    stopped: false,
    over: false,
  };
  return {
    settle: () => settle(drive),
    room(spot, id) {
      const isHeld = drive.leaves.find((leaf) => leaf.id === id)?.running.held !== undefined;
      const waits = isHeld || (isBlocked(spot) && !drive.alignment.isAwaited(id));
      return waits ? drive.change.next() : undefined;
    },
    align(take) {
      drive.alignment = alignPipes(
        drive.leaves.filter(({ joined }) => joined !== undefined),
        take,
      );
    },
    driver: { stop: () => stop(drive), wake: () => drive.change.happened(), run: () => runAll(drive) },
    begin(leaves, operators, lengthsBytes) {
      drive.leaves = leaves;
      drive.operators = operators;
      const total = lengthsBytes.reduce((sum, length) => sum + length, 0);
      drive.lengthBytes = Number.isNaN(total) ? undefined : total;
      drive.drivers = leaves.map((leaf) => leaf.drive(handlerOf(drive, leaf)));
      drive.trunk = trunkRunning(drive);
      return drive.trunk;
    },
  };
}
