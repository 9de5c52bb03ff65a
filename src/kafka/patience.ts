/**
 * Trying again: brokers restart, leaders move, coordinators load. What may pass is tried again with pauses that grow,
 * for as long as the patience lasts; what cannot pass (a wrong password, a topic that may not be read) is thrown at
 * once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaClient } from './client.js';
import { isRetriable } from './problems.js';

export interface Patience {
  /** How long nothing may come of it, in ms; +Infinity: for ever. */
  readonly forMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Told once when the patience is first needed, with what failed. */
  onWait?(error: unknown): void;
}

export const firstPauseMs = 50;
export const longestPauseMs = 1000;
/** By how much an attempt may end later than the patience does: one that is likely to take longer is not begun. */
const overdueMs = 2000;

/** The pause before the attempt of this number, counted from 1. */
export const pauseMs = (attempt: number): number =>
  Math.min(firstPauseMs * 2 ** Math.min(attempt - 1, 10), longestPauseMs);

/** Does something with a cluster, again and again while it may still succeed. Throws the last failure. */
export async function patiently<Result>(
  client: Pick<KafkaClient, 'forget'>,
  { forMs, signal, onWait }: Patience,
  action: () => Promise<Result>,
): Promise<Result> {
  const begunMs = performance.now();
  for (let attempt = 1; ; attempt++) {
    const attemptedMs = performance.now();
    try {
      return await action();
    } catch (error) {
      if (!isRetriable(error) || signal?.aborted === true) throw error;
      const nowMs = performance.now();
      const nextAfterMs = nowMs - begunMs + pauseMs(attempt);
      if (nextAfterMs > forMs || nextAfterMs + (nowMs - attemptedMs) > forMs + overdueMs) throw error;
      if (attempt === 2) onWait?.(error);
      client.forget();
      await pause(pauseMs(attempt), undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }
}
