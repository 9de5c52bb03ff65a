/**
 * Things that are no numbers, by slot: written in blocks of neighbours, one block a page, so that a change rewrites
 * only the block it is in. A slot without a thing is a 0, and a block without any is an empty page.
 */
import {
  type ByteWriter,
  createByteReader,
  createByteWriter,
  isAtEnd,
  putByte,
  takeByte,
} from '../record/index.js';
import type { Codec } from './codec.js';
import { misfit } from './misfit.js';
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';

const blockSlots = 64;
const absent = 0;
const present = 1;

function writeBlock<Thing>(
  out: ByteWriter,
  things: readonly (Thing | undefined)[],
  from: number,
  to: number,
  codec: Codec<Thing>,
): void {
  let end = to;
  while (end > from && things[end - 1] === undefined) end--;
  for (let slot = from; slot < end; slot++) {
    const thing = things[slot];
    putByte(out, thing === undefined ? absent : present);
    if (thing !== undefined) codec.write(out, thing);
  }
}

/** Writes the things of slots [0, count); undefined is none. */
export function writeSlots<Thing>(
  into: SnapshotWriter,
  section: string,
  things: readonly (Thing | undefined)[],
  count: number,
  codec: Codec<Thing>,
): void {
  let end = Math.min(count, things.length);
  while (end > 0 && things[end - 1] === undefined) end--;
  const out = createByteWriter(1 << 12);
  for (let from = 0; from < end; from += blockSlots) {
    out.length = 0;
    writeBlock(out, things, from, Math.min(end, from + blockSlots), codec);
    into.page(section, from / blockSlots, out.bytes.subarray(0, out.length));
  }
}

/** Reads the things back into a list that may be shorter than there are slots. */
export function readSlots<Thing>(
  from: SnapshotReader,
  section: string,
  codec: Codec<Thing>,
  into: (Thing | undefined)[],
): void {
  const pages = from.pageCount(section);
  for (let index = 0; index < pages; index++) {
    const page = createByteReader(from.page(section, index));
    while (into.length < index * blockSlots) into.push(undefined);
    while (!isAtEnd(page)) into.push(takeByte(page) === absent ? undefined : codec.read(page));
    if (into.length > (index + 1) * blockSlots) throw misfit(section, 'has a block that is too long');
  }
}
