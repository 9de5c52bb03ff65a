/**
 * The head of one of several pipes of a job, once its input has ended and everything was fired: it says so, and goes on with
 * the barriers until the inputs of all heads have ended, or the run is stopped.
 */
import { spellControlLine } from '../../../stream/index.js';
import type { ChainEnd } from '../ndjson-output.js';
import type { HeadsSeen } from './heads.js';

export interface StayOptions {
  readonly end: ChainEnd;
  readonly stop: AbortSignal;
  /** Cuts a barrier if one is due. */
  cut(): void;
  /** Resolves after so many ms; rejects when the stage behind has gone. */
  pause(ms: number): Promise<void>;
}

/** Between two looks at the other heads. */
const lookMs = 20;

/** How the run ends, as soon as that is settled. */
async function outcomeOf(seen: HeadsSeen): Promise<'complete' | 'stopped' | undefined> {
  if (seen.kind === 'owner') {
    await seen.look();
    return seen.allEnded ? 'complete' : undefined;
  }
  const last = seen.announced?.last;
  return last === undefined ? undefined : last === 'end' ? 'complete' : 'stopped';
}

export async function stayOn(
  seen: HeadsSeen,
  { end, stop, cut, pause }: StayOptions,
): Promise<'complete' | 'stopped'> {
  end.passControlLine(spellControlLine({ kind: 'last' }));
  end.flush();
  if (seen.kind === 'branch') await seen.sayEnded();
  while (!stop.aborted) {
    const outcome = await outcomeOf(seen);
    if (outcome !== undefined) return outcome;
    cut();
    await pause(lookMs);
  }
  return 'stopped';
}
