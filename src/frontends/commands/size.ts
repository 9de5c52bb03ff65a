/** Sizes as people write them: 128MiB, 64KiB, 100MB, 4096. A size is a whole number of bytes and at least 1. */
import { didYouMean, problem } from '../../diagnostics/index.js';

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1 << 10,
  MiB: 1 << 20,
  GiB: 1 << 30,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** Reads a size in bytes. Throws a usage problem that offers the nearest unit. */
export function readSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text);
  const unit = match?.[2] === '' ? 'B' : (match?.[2] ?? '');
  const scale = Object.hasOwn(unitBytes, unit) ? unitBytes[unit]! : Number.NaN;
  const bytes = Math.round(Number(match?.[1]) * scale);
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  const hint = didYouMean(unit, Object.keys(unitBytes));
  throw problem({
    code: 'usage',
    message: `${text === '' ? 'an empty text' : text} is not a size`,
    hint: hint ?? 'write it as 128MiB, 64KiB, 100MB or a number of bytes',
  });
}
