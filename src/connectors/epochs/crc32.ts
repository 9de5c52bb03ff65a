/**
 * CRC-32 of bytes behind others, by which pieces of an output are recognised. It is that of node:zlib, loaded with the first
 * piece: a run without a job does not pay for it at its start.
 */
let native: ((bytes: Uint8Array, before?: number) => number) | undefined;

/** The checksum of bytes that stand behind some whose checksum is `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  native ??= process.getBuiltinModule('node:zlib').crc32;
  return native(bytes, before);
}
