/** Options of a program as the commands read them: words. */
import type { RawOptions } from '../commands/index.js';

export type Written = string | number | boolean | readonly number[] | undefined;

/** Options as a command reads them: `maxSkew` is --max-skew. */
export function rawOptions(options: Readonly<Record<string, Written>>): RawOptions {
  const raw: Record<string, string | true> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    raw[name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)] =
      value === true ? true : String(value);
  }
  return raw;
}
