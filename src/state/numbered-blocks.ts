/**
 * Things that carry a number of their own, given once and never again, such as records in order of arrival. Neighbours
 * share a page and a stretch of pages a section, both named by their numbers: a thing stays on its page as
 * long as it lives, and where all have gone the section goes.
 */
import { createByteReader, createByteWriter, isAtEnd, putCount, takeCount } from '../record/index.js';
import type { Codec } from './codec.js';
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';

const blockNumbers = 64;
const sectionNumbers = 64 * blockNumbers;

export interface Numbered<Thing> {
  readonly number: number;
  readonly thing: Thing;
}

/** Writes things whose numbers rise from one to the next. Nothing else may write below the prefix. */
export function writeNumbered<Thing>(
  into: SnapshotWriter,
  prefix: string,
  things: readonly Numbered<Thing>[],
  codec: Codec<Thing>,
): void {
  const out = createByteWriter(1 << 12);
  let at = 0;
  while (at < things.length) {
    const stretch = Math.floor(things[at]!.number / sectionNumbers);
    for (let index = 0; (things[at]?.number ?? Number.NaN) < (stretch + 1) * sectionNumbers; index++) {
      const first = stretch * sectionNumbers + index * blockNumbers;
      out.length = 0;
      for (; (things[at]?.number ?? Number.NaN) < first + blockNumbers; at++) {
        putCount(out, things[at]!.number - first);
        codec.write(out, things[at]!.thing);
      }
      into.page(`${prefix}${stretch}`, index, out.bytes.subarray(0, out.length));
    }
  }
}

/** Reads the things back, in the order of their numbers. */
export function readNumbered<Thing>(
  from: SnapshotReader,
  prefix: string,
  codec: Codec<Thing>,
  take: (number: number, thing: Thing) => void,
): void {
  const stretches = from.sections
    .filter((section) => section.startsWith(prefix))
    .map((section) => Number(section.slice(prefix.length)))
    .sort((a, b) => a - b);
  for (const stretch of stretches) {
    const section = `${prefix}${stretch}`;
    const pages = from.pageCount(section);
    for (let index = 0; index < pages; index++) {
      const page = createByteReader(from.page(section, index));
      const first = stretch * sectionNumbers + index * blockNumbers;
      while (!isAtEnd(page)) {
        const number = first + takeCount(page);
        take(number, codec.read(page));
      }
    }
  }
}
