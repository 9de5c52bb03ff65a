/**
 * Writes the record that a reader read last as a JSON object: each field's cell puts its value into a column
 * of one row, and the row is spelled as any other. So what a record says when it leaves is what it said to
 * the operators.
 */
import {
  type ByteWriter,
  createColumn,
  createInstantCache,
  reserve,
  Tag,
  writeBytes,
  writeValue,
} from '../record/index.js';
import { isoText } from './log-time.js';
import type { Cell } from './reader.js';

/** A field to write; missing ones are left out. */
export interface Member {
  readonly name: string;
  readonly cell: Cell;
}

/** Writes a record whose spans lie in `bytes`. */
export type MemberWriter = (bytes: Uint8Array, out: ByteWriter) => void;

/** A function that writes the members, in order, of the record whose spans lie in `bytes`. */
export function createMemberWriter(members: readonly Member[]): MemberWriter {
  const scratch = createColumn(1);
  scratch.spellInstant = isoText;
  // The lines of a log repeat their seconds, often their milliseconds.
  const instants = createInstantCache();
  const keys = members.map(({ name }) => Buffer.from(`,${JSON.stringify(name)}:`));
  return (bytes, out) => {
    const start = out.length;
    for (let index = 0; index < members.length; index++) {
      scratch.bytes = bytes;
      members[index]!.cell(scratch, 0);
      if (scratch.tags[0] === Tag.missing) continue;
      const key = keys[index]!;
      writeBytes(out, key, 0, key.length);
      writeValue(scratch, 0, out, instants);
    }
    reserve(out, 2);
    // The comma before the first member becomes the opening brace.
    if (out.length === start) out.length++;
    out.bytes[start] = 0x7b;
    out.bytes[out.length++] = 0x7d;
  };
}
