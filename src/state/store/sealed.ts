/**
 * The small files of the store: one line of JSON that begins with what it is and which version, and a line with the
 * checksum of the first. A person can read them; nobody can change a byte unnoticed. Does not know what the facts
 * mean.
 */
import { problem } from '../../diagnostics/index.js';
import { branchOf } from '../stage-id.js';
import { hexChecksumOf } from './checksum.js';
import { damage } from './damage.js';
import type { ManifestFacts } from './facts.js';

/**
 * The kinds of small files, and the versions that are understood. A version is raised when an older leat would misread
 * it; what an older one would read rightly is written in the older version.
 */
export const sealVersions = { job: 1, generation: 1, part: 1, manifest: 2, branch: 1 } as const;

export type SealKind = keyof typeof sealVersions;

export function seal(kind: SealKind, facts: object, version = 1): Uint8Array {
  const line = JSON.stringify({ leat: kind, version, ...facts });
  return Buffer.from(`${line}\n${hexChecksumOf(line)}\n`);
}

/** A manifest. An older leat would drop the state of branches, which it does not know, without a word. */
export function sealManifest(facts: ManifestFacts): Uint8Array {
  const hasBranches = facts.parts.some(({ stage }) => branchOf(stage) !== undefined);
  return seal('manifest', facts, hasBranches ? 2 : 1);
}

/** The facts of a sealed file. Throws damage when a byte is not as it was written. */
export function unseal<Facts extends object>(kind: SealKind, bytes: Uint8Array, path: string): Facts {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = buffer.indexOf(10);
  if (end < 0) throw damage(path, 'it has no end');
  const line = buffer.subarray(0, end);
  const rest = buffer.subarray(end + 1).toString('latin1');
  if (rest !== `${hexChecksumOf(line)}\n`) throw damage(path, 'its checksum does not fit');
  const facts = JSON.parse(line.toString()) as { readonly leat: unknown; readonly version: number };
  if (facts.leat !== kind) throw damage(path, `it is no ${kind}`);
  if (facts.version > sealVersions[kind]) {
    throw problem({
      code: 'state',
      message: `a newer leat wrote this (version ${facts.version} of a ${kind}, known is ${sealVersions[kind]})`,
      place: { kind: 'file', path },
      hint: 'use the newer leat, or another folder',
    });
  }
  return facts as unknown as Facts;
}
