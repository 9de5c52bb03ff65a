/**
 * How one thing is written as bytes and read back, exactly: what `read` makes of what `write` wrote is as good as the
 * thing itself, and writing it again gives the same bytes.
 */
import type { ByteReader, ByteWriter } from '../record/index.js';

export interface Codec<Thing> {
  write(out: ByteWriter, thing: Thing): void;
  read(from: ByteReader): Thing;
}
