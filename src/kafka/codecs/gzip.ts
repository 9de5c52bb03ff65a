/**
 * gzip by node:zlib, which is asked for when the first batch needs it.
 */
import { damaged, tooLarge } from './codec.js';

export function gunzip(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const zlib = process.getBuiltinModule('node:zlib');
  try {
    return zlib.gunzipSync(bytes, { maxOutputLength: Math.max(1, limitBytes) });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('gzip', limitBytes);
    throw damaged('gzip', message, cause);
  }
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return process.getBuiltinModule('node:zlib').gzipSync(bytes);
}
