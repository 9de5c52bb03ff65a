/** The key of a row in state: one character a byte; undefined when a part of it is null. */
import { type ByteReader, type ByteWriter, putByte, putSpan, takeByte, takeSpan } from '../record/index.js';

export function putRowKey(out: ByteWriter, key: string | undefined): void {
  putByte(out, key === undefined ? 0 : 1);
  if (key !== undefined) putSpan(out, Buffer.from(key, 'latin1'));
}

export function takeRowKey(from: ByteReader): string | undefined {
  return takeByte(from) === 0 ? undefined : takeSpan(from).toString('latin1');
}
