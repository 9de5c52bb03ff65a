/**
 * A line of progress on stderr for work that takes longer than two seconds. Only for a terminal; cleared at
 * the end.
 */

const showAfterMs = 2000;
const repeatMs = 500;

export interface ProgressFigures {
  readonly bytesRead: number;
  readonly lengthBytes: number | undefined;
  readonly records: number;
  /** Records that are there and were not read yet. */
  readonly lag?: number;
}

export interface ProgressLine {
  update(figures: ProgressFigures): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

const scales = ['', 'k', 'M', 'G', 'T'];

/** A count with three digits and a scale: 1.27M. */
export function shortCount(count: number): string {
  let scale = 0;
  let value = count;
  while (value >= 999.5 && scale < scales.length - 1) {
    value /= 1000;
    scale++;
  }
  return `${scale === 0 ? value : value.toPrecision(3)}${scales[scale]}`;
}

/** The progress as text, without newline. */
export function renderProgress(figures: ProgressFigures, elapsedMs: number): string {
  const perSecond = (figures.records / Math.max(1, elapsedMs)) * 1000;
  const share =
    figures.lengthBytes === undefined || figures.lengthBytes === 0
      ? ''
      : `, ${Math.min(100, Math.floor((figures.bytesRead / figures.lengthBytes) * 100))} %`;
  const behind = figures.lag === undefined ? '' : `, ${shortCount(figures.lag)} behind`;
  return `${shortCount(figures.records)} records, ${shortCount(Math.round(perSecond))}/s, ${shortCount(figures.bytesRead)}B${share}${behind}`;
}

/** Draws on a terminal through `write`; `now` is the clock in ms. */
export function createProgressLine(write: (text: string) => void, now: () => number): ProgressLine {
  const started = now();
  let last = started + showAfterMs - repeatMs;
  let shown = false;
  return {
    update(figures) {
      const at = now();
      if (at - last < repeatMs) return;
      last = at;
      shown = true;
      write(`\r\u001b[K${renderProgress(figures, at - started)}`);
    },
    clear() {
      if (shown) write('\r\u001b[K');
      shown = false;
    },
  };
}
