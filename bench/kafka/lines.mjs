/**
 * The records that are read and written: JSON of exactly 200 bytes, the same in every run. One in thirty has a price
 * above 290.
 */
import fs from 'node:fs';

export const recordBytes = 200;

const countries = ['NO', 'DE', 'FR', 'US', 'JP', 'BR', 'IN', 'ZA'];
const firstMs = 1_700_000_000_000;

/** The record with this number, without a newline. Numbers are mixed by a multiplication, so that neighbours differ. */
export function lineOf(number) {
  const mixed = Math.imul(number + 1, 2654435761) >>> 0;
  const user = String(mixed % 100_000).padStart(6, '0');
  const price = ((mixed >>> 7) % 30_000) / 100;
  const text = `{"ts":${firstMs + number},"user":"user-${user}","country":"${countries[mixed >>> 29]}","page":"/product/${mixed % 5000}","price":${price},"agent":"`;
  return `${text}${'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 '.repeat(2).slice(0, recordBytes - 2 - text.length)}"}`;
}

/** Writes so many records to a file, one on a line. */
export function writeLines(file, count) {
  const out = fs.openSync(file, 'w');
  for (let from = 0; from < count; from += 1000) {
    let text = '';
    for (let number = from; number < Math.min(count, from + 1000); number++) text += `${lineOf(number)}\n`;
    fs.writeSync(out, text);
  }
  fs.closeSync(out);
}
