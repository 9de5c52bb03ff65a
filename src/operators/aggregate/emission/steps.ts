/** The moments of early results: steps of event time, whatever the windows. */

/** The first early moment behind a watermark: the last millisecond of a step, as it is that of a window. */
export function nextStep(watermark: number, everyMs: number): number {
  return (Math.floor((watermark + 1) / everyMs) + 1) * everyMs - 1;
}
