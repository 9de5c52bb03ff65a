/**
 * The stretch of time that patterns of letters spell alike: `yyyy-MM-dd HH` has the same text for an hour, by
 * the clock of a zone. Found by asking, so that every pattern and every zone is right, also where clocks
 * change; asked once for each stretch.
 */
import type { LetterPattern } from './letter-pattern.js';
import { zoneOffsetMs } from './zone.js';

export interface PatternSpan {
  readonly texts: readonly string[];
  /** The instant that was asked for lies in [fromMs, endMs), and all of it is spelled so. */
  readonly fromMs: number;
  readonly endMs: number;
}

function spellAll(patterns: readonly LetterPattern[], epochMs: number, zone: string): readonly string[] {
  const offsetMs = zoneOffsetMs(zone, epochMs);
  const time = { localMs: epochMs + offsetMs, nanos: 0, offsetMs, zone };
  return patterns.map((pattern) => pattern.spell(time));
}

/** Longer stretches are taken for endless: a pattern of what hardly changes, such as the zone. */
const longestMs = 2 ** 40;

/** The last distance from `epochMs` in steps of `sign` up to which the texts are the same. */
function reach(isSame: (epochMs: number) => boolean, epochMs: number, sign: 1 | -1): number {
  let inside = 0;
  let outside = 1;
  while (isSame(epochMs + sign * outside)) {
    inside = outside;
    outside *= 2;
    if (outside > longestMs) return Number.POSITIVE_INFINITY;
  }
  while (outside - inside > 1) {
    const middle = inside + Math.floor((outside - inside) / 2);
    if (isSame(epochMs + sign * middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** What patterns spell at an instant (epoch ms), and how far around it. */
export function patternSpan(patterns: readonly LetterPattern[], epochMs: number, zone: string): PatternSpan {
  const texts = spellAll(patterns, epochMs, zone);
  const isSame = (other: number): boolean =>
    spellAll(patterns, other, zone).every((text, index) => text === texts[index]);
  return {
    texts,
    fromMs: epochMs - reach(isSame, epochMs, -1),
    endMs: epochMs + reach(isSame, epochMs, 1) + 1,
  };
}
