/**
 * Reads a checkpoint or a savepoint: manifest, parts, and the index of every operator, all checked. What does not fit
 * is damage. A missing file is damage as well, because a manifest says that all was there.
 */
import { type Disk, readWhole } from '../../disk/index.js';
import type { StoredCheckpoint, StoredOperator, StoredPart, Uid } from '../checkpoint.js';
import { type CheckpointId, filesFolder, manifestFile, partFile, segmentFile } from '../paths.js';
import { checkFiles } from '../spill/captured-files.js';
import { checksumOf, hexChecksumOf } from './checksum.js';
import { damage, isMissing, onDisk } from './damage.js';
import {
  type ManifestFacts,
  type ManifestPart,
  type PartFileFacts,
  type PartOperator,
  sameId,
} from './facts.js';
import { decodeIndex, type PageIndex, pagesOf } from './page-index.js';
import { loadPages, readPages } from './page-reader.js';
import { unseal } from './sealed.js';
import { encodeFooter, encodeHeader, footerBytes, headerBytes } from './segment.js';

/** Where a checkpoint lies: manifest and parts in `folder`, operators below `base`. */
export interface CheckpointPlace {
  readonly folder: string;
  readonly base: string;
}

/** A checkpoint that was read, and what its pages are compared with and found by. */
export interface OpenedCheckpoint {
  readonly place: CheckpointPlace;
  readonly manifest: ManifestFacts;
  readonly manifestBytes: Uint8Array;
  readonly parts: readonly PartFileFacts[];
  readonly indexes: ReadonlyMap<Uid, PageIndex>;
}

async function readExisting(disk: Disk, path: string): Promise<Uint8Array> {
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) throw damage(path, 'it is not there');
  return bytes;
}

async function readManifest(
  disk: Disk,
  place: CheckpointPlace,
  id: CheckpointId | undefined,
): Promise<{ readonly manifest: ManifestFacts; readonly bytes: Uint8Array }> {
  const path = manifestFile(place.folder);
  const bytes = await readExisting(disk, path);
  const manifest = unseal<ManifestFacts>('manifest', bytes, path);
  if (id !== undefined && !sameId(manifest, id)) throw damage(path, 'it is that of another checkpoint');
  return { manifest, bytes };
}

async function readPart(
  disk: Disk,
  place: CheckpointPlace,
  manifest: ManifestFacts,
  part: ManifestPart,
): Promise<PartFileFacts> {
  const path = partFile(place.folder, part.stage);
  const bytes = await readExisting(disk, path);
  if (bytes.length !== part.lengthBytes || hexChecksumOf(bytes) !== part.checksum) {
    throw damage(path, 'it is not the one that the manifest names');
  }
  const facts = unseal<PartFileFacts>('part', bytes, path);
  if (!sameId(facts, manifest) || facts.stage !== part.stage) throw damage(path, 'it is another part');
  return facts;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Reads the index of an operator, and the frame of the segment that it lies in. */
export async function readIndex(disk: Disk, base: string, operator: PartOperator): Promise<PageIndex> {
  const { uid, segment, indexOffsetBytes, indexLengthBytes, indexChecksum } = operator;
  const path = segmentFile(base, uid, segment);
  const file = await disk.open(path, 'read');
  try {
    const header = new Uint8Array(headerBytes);
    const tail = new Uint8Array(indexLengthBytes + footerBytes);
    await file.read(header, 0);
    const count = await file.read(tail, indexOffsetBytes);
    if (count < tail.length) throw damage(path, 'it is cut off');
    if ((await file.lengthBytes()) !== indexOffsetBytes + count)
      throw damage(path, 'it is longer than it was');
    const index = tail.subarray(0, indexLengthBytes);
    const checksum = checksumOf(index);
    if (hex(checksum) !== indexChecksum) throw damage(path, 'the checksum of its index does not fit');
    const footer = encodeFooter({ offsetBytes: indexOffsetBytes, lengthBytes: indexLengthBytes, checksum });
    if (hex(header) !== hex(encodeHeader())) throw damage(path, 'it does not begin as a segment');
    if (hex(tail.subarray(indexLengthBytes)) !== hex(footer))
      throw damage(path, 'it does not end as a segment');
    return decodeIndex(index);
  } finally {
    await file.close();
  }
}

/** Turns a file that should be there and is not into damage. */
async function nothingMissing<Value>(folder: string, does: () => Promise<Value>): Promise<Value> {
  try {
    return await does();
  } catch (error) {
    if (isMissing(error)) throw damage((error as { path?: string }).path ?? folder, 'it is not there');
    throw error;
  }
}

/** Reads a checkpoint. With `id`, it must be that one. */
export function openCheckpoint(
  disk: Disk,
  place: CheckpointPlace,
  id?: CheckpointId,
): Promise<OpenedCheckpoint> {
  return nothingMissing(place.folder, async () => {
    const { manifest, bytes } = await readManifest(disk, place, id);
    const parts: PartFileFacts[] = [];
    const indexes = new Map<Uid, PageIndex>();
    for (const named of manifest.parts) {
      const part = await readPart(disk, place, manifest, named);
      parts.push(part);
      for (const operator of part.operators) {
        indexes.set(operator.uid, await readIndex(disk, place.base, operator));
      }
    }
    return { place, manifest, manifestBytes: bytes, parts, indexes };
  });
}

/** Reads all pages and files and checks them. */
export function verifyPages(disk: Disk, { place, indexes, parts }: OpenedCheckpoint): Promise<void> {
  return nothingMissing(place.folder, async () => {
    for (const [uid, index] of indexes) {
      await readPages(disk, place.base, uid, pagesOf(index), () => undefined);
    }
    for (const part of parts) {
      for (const { uid, files = [] } of part.operators) {
        await checkFiles(disk, filesFolder(place.base, uid, part), files);
      }
    }
  });
}

function storedOperator(disk: Disk, checkpoint: OpenedCheckpoint, operator: PartOperator): StoredOperator {
  const { place, indexes, manifest } = checkpoint;
  const { uid, shape, pagesLengthBytes } = operator;
  const files =
    operator.files === undefined
      ? undefined
      : { folder: filesFolder(place.base, uid, manifest), files: operator.files };
  const filesLengthBytes = (operator.files ?? []).reduce((sum, file) => sum + file.lengthBytes, 0);
  const load = () =>
    onDisk(place.folder, () =>
      nothingMissing(place.folder, () => loadPages(disk, place.base, uid, indexes.get(uid)!)),
    );
  return { uid, shape, lengthBytes: pagesLengthBytes + filesLengthBytes, files, load };
}

/** A checkpoint as a run sees it. */
export function storedCheckpoint(disk: Disk, checkpoint: OpenedCheckpoint): StoredCheckpoint {
  const { manifest } = checkpoint;
  const parts: StoredPart[] = checkpoint.parts.map(({ stage, facts, operators }) => ({
    stage,
    facts,
    operators: operators.map((operator) => storedOperator(disk, checkpoint, operator)),
  }));
  return {
    place: checkpoint.place,
    epoch: manifest.epoch,
    generation: manifest.generation,
    completedAt: manifest.completedAt,
    finished: manifest.finished,
    savepoint: manifest.isOrigin ? manifest.origin?.savepoint : undefined,
    parts,
  };
}
