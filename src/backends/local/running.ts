/**
 * What the parts of a run share while it runs, and the work on what has been read: batches into the chain, control lines to
 * where they belong. Everything here is synchronous.
 */
import { readBadValue } from '../../connectors/index.js';
import type { Operator } from '../../operators/index.js';
import type { Intake, RejectedLine } from '../../record/index.js';
import { type BarrierLine, type EndLine, parseControlLine } from '../../stream/index.js';
import type { Accounts } from './accounts.js';
import type { ChainEnd } from './ndjson-output.js';

export interface Running {
  readonly intake: Intake;
  readonly head: Operator;
  readonly operators: readonly Operator[];
  readonly end: ChainEnd;
  readonly accounts: Accounts;
  /**
   * What is done at a barrier; undefined outside jobs, where a barrier is passed on like any unknown line. `held`: what
   * comes behind it waits.
   */
  onBarrier: ((line: BarrierLine | EndLine, lines: number) => 'held' | 'taken') | undefined;
  /** Done when what comes may come otherwise after a crash; undefined where output waits for the checkpoint anyhow. */
  onHold: (() => void) | undefined;
  /**
   * Why nothing is worked on until whoever drives the input has cleared it: a barrier that other inputs have not reached, or
   * word that no record comes any more, upon which everything fires.
   */
  held: 'barrier' | 'last' | undefined;
  /** Everything was fired because no record comes any more. */
  hasFired: boolean;
  endSeen: boolean;
  /** The stage before has said that nothing comes any more: its input ended, or it was stopped. */
  saidOver: 'complete' | 'stopped' | undefined;
  /** Data lines since the last barrier. */
  lines: number;
}

/** What a running begins with. */
type RunningParts = Pick<Running, 'intake' | 'head' | 'operators' | 'end' | 'accounts'>;

export const createRunning = (parts: RunningParts): Running => ({
  ...parts,
  onBarrier: undefined,
  onHold: undefined,
  held: undefined,
  hasFired: false,
  endSeen: false,
  saidOver: undefined,
  lines: 0,
});

function takeBarrier(running: Running, line: BarrierLine | EndLine, text: string): void {
  const { onBarrier, lines } = running;
  if (line.kind === 'end') running.endSeen = true;
  if (onBarrier === undefined) {
    if (line.kind === 'barrier') running.end.passControlLine(text);
    return;
  }
  if (line.checkpoint === undefined) return;
  running.lines = 0;
  const isHeld = onBarrier(line, lines) === 'held';
  // Nothing stands behind an end that could be held.
  if (line.kind === 'end') running.saidOver = 'complete';
  else if (isHeld) running.held = 'barrier';
  else if (line.stop) running.saidOver = 'stopped';
}

function handleControlLine(running: Running, text: string): void {
  const line = parseControlLine(text);
  switch (line.kind) {
    case 'watermark':
      running.head.onWatermark(line.time);
      return;
    case 'barrier':
    case 'end':
      takeBarrier(running, line, text);
      return;
    case 'stream':
      // A second stream line comes of concatenated streams; the first one holds.
      return;
    case 'last':
      running.held = 'last';
      return;
    case 'hold':
      running.onHold?.();
      return;
    case 'refused':
      running.accounts.takeRefused(line);
      return;
    case 'unknown':
      running.end.passControlLine(line.text);
  }
}

/** What a source could not read itself says why. */
function withItsReason(rejection: RejectedLine): RejectedLine {
  const bad = readBadValue(rejection.bytes);
  return bad === undefined ? rejection : { ...rejection, ...bad };
}

/** Works off everything that is in the intake, up to where it is held. */
export function work(running: Running): void {
  const { intake, head, accounts } = running;
  while (running.held === undefined) {
    const found = intake.next();
    if (found === 'hungry' || found === 'done') return;
    if (found === 'control') {
      handleControlLine(running, intake.control);
      continue;
    }
    const batch = intake.batch;
    accounts.totals.recordsIn += batch.count;
    running.lines += batch.count + batch.rejected.length;
    if (batch.rejected.length > 0) {
      accounts.takeRejected(batch.source, batch.rejected.map(withItsReason));
      batch.rejected = [];
    }
    if (batch.count > 0) head.onBatch(batch);
  }
}

/** The processing time (epoch ms) at which an operator wants a call, +Infinity for none. */
export function earliestTimer(operators: readonly Operator[]): number {
  let due = Number.POSITIVE_INFINITY;
  for (const operator of operators) due = Math.min(due, operator.nextTimer?.() ?? Number.POSITIVE_INFINITY);
  return due;
}

/** Calls the operators whose time has come; returns whether there were any. */
export function fireTimers(operators: readonly Operator[], nowMs: number): boolean {
  let fired = false;
  for (const operator of operators) {
    if ((operator.nextTimer?.() ?? Number.POSITIVE_INFINITY) > nowMs) continue;
    operator.onTimer?.(nowMs);
    fired = true;
  }
  return fired;
}

/** The input is complete: everything that waits for its end fires, and `rest` is waited for in between. */
export async function fireAll(
  { head, operators }: Pick<Running, 'head' | 'operators'>,
  rest: () => Promise<void> | undefined,
): Promise<void> {
  head.onWatermark(Number.POSITIVE_INFINITY);
  await rest();
  for (const operator of operators) {
    operator.onEnd();
    await rest();
  }
}

/** Fires everything unless that was done before, also by the run that this one goes on from. */
export async function fireOnce(running: Running, rest: () => Promise<void> | undefined): Promise<void> {
  if (running.hasFired) return;
  await fireAll(running, rest);
  running.hasFired = true;
}
