/**
 * Output bytes under construction: one growing buffer with direct access for hot loops.
 * A caller reserves before it writes through `bytes` and `length`; nothing checks bounds after that.
 */
export interface ByteWriter {
  bytes: Buffer;
  length: number;
}

export function createByteWriter(capacityBytes = 1 << 16): ByteWriter {
  return { bytes: Buffer.allocUnsafe(capacityBytes), length: 0 };
}

/** Makes room for `more` bytes behind `length`; the buffer may be replaced. */
export function reserve(out: ByteWriter, more: number): void {
  const needed = out.length + more;
  if (needed <= out.bytes.length) return;
  const grown = Buffer.allocUnsafe(Math.max(needed, out.bytes.length * 2));
  out.bytes.copy(grown, 0, 0, out.length);
  out.bytes = grown;
}

/**
 * Appends bytes[start, end). Short spans are copied in a loop: below about 48 bytes that beats a call to
 * set().
 */
export function writeBytes(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  reserve(out, length);
  if (length > 48) {
    out.bytes.set(bytes.subarray(start, end), out.length);
  } else {
    const target = out.bytes;
    let at = out.length;
    for (let from = start; from < end; from++) target[at++] = bytes[from]!;
  }
  out.length += length;
}

/** Appends a text as UTF-8, as it is. */
export function writeText(out: ByteWriter, text: string): void {
  reserve(out, text.length * 3);
  out.length += out.bytes.write(text, out.length, 'utf8');
}
