/**
 * When a run that failed is started again: a decision on the failures so far, without clocks or processes. The two
 * strategies are those of Flink (failure-rate and exponential-delay), with its defaults where it has some.
 */
import { problem } from '../../diagnostics/index.js';
import { parseDuration } from '../../time/index.js';

/** `rate`: at most `most` failures within `windowMs`. `exponential`: without end, with growing pauses. */
export type RestartPolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'rate'; readonly most: number; readonly windowMs: number }
  | { readonly kind: 'exponential' };

/** What to do after a failure. */
export type RestartDecision =
  | { readonly kind: 'restart'; readonly afterMs: number; readonly says: string }
  | { readonly kind: 'give-up'; readonly says: string };

const pauseMs = 1000;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** After so long without a failure the pauses begin anew. */
const calmMs = 600_000;

/** Reads `none`, `10/1m` or `exponential`. Throws a usage problem. */
export function readRestart(text: string): RestartPolicy {
  if (text === 'none' || text === 'exponential') return { kind: text };
  const [most, window, ...rest] = text.split('/');
  if (!/^[1-9]\d{0,8}$/.test(most ?? '') || window === undefined || rest.length > 0) {
    throw problem({
      code: 'usage',
      message: `--restart cannot be ${text === '' ? 'an empty text' : text}`,
      hint: 'it is none, exponential, or how often within how long: 10/1m',
    });
  }
  return { kind: 'rate', most: Number(most), windowMs: parseDuration(window) };
}

function failuresInRow(failures: readonly number[]): number {
  let count = 1;
  for (let at = failures.length - 1; at > 0; at--) {
    if (failures[at]! - failures[at - 1]! > calmMs) break;
    count++;
  }
  return count;
}

/** What to do after the last of some failures, given by their instants (epoch ms, rising). */
export function decideRestart(policy: RestartPolicy, failures: readonly number[]): RestartDecision {
  const now = failures.at(-1)!;
  switch (policy.kind) {
    case 'none':
      return { kind: 'give-up', says: 'not started again' };
    case 'rate': {
      const recent = failures.filter((at) => at > now - policy.windowMs).length;
      const often = `${recent} of ${policy.most} failures`;
      if (recent > policy.most)
        return { kind: 'give-up', says: `more than ${policy.most} failures: given up` };
      return { kind: 'restart', afterMs: pauseMs, says: `${often}: starting again in ${pauseMs / 1000} s` };
    }
    case 'exponential': {
      const afterMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(16, failuresInRow(failures) - 1));
      return { kind: 'restart', afterMs, says: `starting again in ${afterMs / 1000} s` };
    }
  }
}
