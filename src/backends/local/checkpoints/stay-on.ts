/**
 * Barriers of the head of one of several pipes of a job while it reads nothing: because nobody takes what it has written, or
 * because its input has ended and everything was fired. Then it says so, and goes on with the barriers until the inputs of
 * all heads have ended, or the run is stopped.
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

/**
 * Waits for what was written to be taken. Behind a meeting of pipes the reader may wait for another pipe, and takes no more
 * of this one until a barrier has come through the other: so barriers are cut in the meantime.
 */
export async function meanwhile(
  taken: Promise<unknown>,
  { stop, cut }: Pick<StayOptions, 'stop' | 'cut'>,
): Promise<void> {
  let isOver = false;
  const over = taken.then(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver && !stop.aborted) {
    let timer: NodeJS.Timeout | undefined;
    const looked = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, lookMs);
    });
    await Promise.race([over, looked]).finally(() => clearTimeout(timer));
    if (!isOver && !stop.aborted) cut();
  }
}
