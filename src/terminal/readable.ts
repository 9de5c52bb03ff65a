/** Ages and sizes for people: two or three digits and a unit. */

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** How long ago something was: `3 m ago`. Clocks may differ: what is still to come is `now`. */
export function ageText(ms: number): string {
  const unit = units.find(([, length]) => ms >= length);
  return unit === undefined ? 'now' : `${Math.floor(ms / unit[1])} ${unit[0]} ago`;
}

const scales = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size: `1.4 MB`, in steps of 1000. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let scale = 0;
  while (value >= 999.5 && scale < scales.length - 1) {
    value /= 1000;
    scale++;
  }
  return `${scale === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${scales[scale]}`;
}
