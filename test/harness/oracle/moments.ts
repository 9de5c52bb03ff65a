/** When windows fire or early results are due, by the definition: one instant after another. */
import type { Emission } from '../../../src/plan/index.js';

/** The moments behind a watermark up to another, in order; `windows` are those that there are. */
export function momentsBetween(
  watermark: number,
  to: number,
  windows: readonly { readonly end: number }[],
  emit: Emission['emit'],
): readonly number[] {
  const ends = windows.map(({ end }) => end - 1).filter((moment) => moment > watermark);
  const moments = new Set(ends.filter((moment) => moment <= to));
  if (emit?.kind === 'early' && ends.length > 0) {
    const { everyMs } = emit;
    const last = Math.min(to, Math.max(...ends));
    const first = (Math.floor((watermark + 1) / everyMs) + 1) * everyMs - 1;
    for (let step = first; step <= last; step += everyMs) moments.add(step);
  }
  return [...moments].sort((a, b) => a - b);
}
