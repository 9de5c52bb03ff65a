/** Spans of UTF-8 as text. The bytes must have been validated: what is not UTF-8 would come out replaced. */

let viewed: Uint8Array | undefined;
let view: Buffer = Buffer.alloc(0);

/**
 * bytes[start, end), which must be UTF-8, as text. Remembers the last array, so that a column costs one
 * view.
 */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  if (bytes !== viewed) {
    viewed = bytes;
    view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view.toString('utf8', start, end);
}
