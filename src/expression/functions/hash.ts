/** Digests and checksums of texts, which are those of their UTF-8 bytes, in small hexadecimal digits. */
import { valueError } from '../value-error.js';
import { textOf, wholeOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';

function digest(algorithm: string, text: string): string {
  // Asked for when it is used: loading node:crypto takes longer than most programs need to start.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash(algorithm).update(text, 'utf8').digest('hex');
}

function digesting(name: string, algorithm: string, ofLeat: string): FunctionDefinition {
  return {
    name,
    family: 'hash',
    usage: `${name}(text)`,
    summary: `The ${name.replace(/^SHA/, 'SHA-')} digest of the text.`,
    example: [`LEFT(${name}('leat'), 8)`, `"${ofLeat}"`],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => digest(algorithm, textOf(text)),
  };
}

let crcTable: Uint32Array | undefined;

/** Table of the reflected polynomial 0xEDB88320, made when it is used: every start would pay a millisecond for it. */
function makeCrcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1;
    return crc;
  });
}

function crc32(text: string): number {
  crcTable ??= makeCrcTable();
  let crc = 0xff_ff_ff_ff;
  for (const byte of Buffer.from(text, 'utf8')) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]!;
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}

/** All functions that hash. */
export const hashFunctions: readonly FunctionDefinition[] = [
  digesting('MD5', 'md5', '6fb704a4'),
  digesting('SHA1', 'sha1', '10ed7068'),
  digesting('SHA224', 'sha224', 'e92a1e16'),
  digesting('SHA256', 'sha256', '2ac0a581'),
  digesting('SHA384', 'sha384', '7effc43d'),
  digesting('SHA512', 'sha512', '781cbd41'),
  {
    name: 'SHA2',
    family: 'hash',
    usage: 'SHA2(text, bits)',
    summary: 'The SHA-2 digest of 224, 256, 384 or 512 bits.',
    example: ["SHA2('leat', 256) = SHA256('leat')", 'true'],
    parameters: ['text', 'number'],
    returns: 'text',
    evaluate: ([text, bits]) => {
      const length = wholeOf(bits);
      if (![224, 256, 384, 512].includes(length)) throw valueError('SHA2 has 224, 256, 384 or 512 bits');
      return digest(`sha${length}`, textOf(text));
    },
  },
  {
    name: 'CRC32',
    family: 'hash',
    usage: 'CRC32(text)',
    summary: 'The CRC-32 checksum of the text, that of gzip and zip.',
    example: ["CRC32('123456789')", '3421780262'],
    parameters: ['text'],
    returns: 'number',
    evaluate: ([text]) => crc32(textOf(text)),
  },
];
