/**
 * Copies a checkpoint to where it needs nothing of where it was: each operator becomes one segment with all of its
 * live pages, and epochs of sinks that may not be applied yet go with it. The manifest comes last, so that a copy
 * that was cut off is none. Pages are checked on the way; one operator at a time is in memory.
 */
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import type { Uid } from '../checkpoint.js';
import {
  type CheckpointId,
  epochFile,
  filesFolder,
  manifestFile,
  operatorFolder,
  partFile,
  sinkFolder,
} from '../paths.js';
import type { SnapshotWriter } from '../snapshot.js';
import { checkFiles, layOutFiles } from '../spill/captured-files.js';
import { hexChecksumOf } from './checksum.js';
import { createDurableFolders, type DurableFolders } from './durable-folders.js';
import type { ManifestFacts, ManifestPart, PartFileFacts, PartOperator } from './facts.js';
import { createPageCollector } from './page-collector.js';
import { type KeptPage, type PageIndex, pagesOf } from './page-index.js';
import { readPages } from './page-reader.js';
import { seal, sealManifest } from './sealed.js';
import { type PageToWrite, writeSegment } from './segment-writer.js';
import type { CheckpointPlace, OpenedCheckpoint } from './stored-checkpoint.js';
import { listEpochs } from './tidy.js';

export interface CopyTarget {
  readonly place: CheckpointPlace;
  readonly id: CheckpointId;
  /** What the manifest of the copy says otherwise. */
  readonly manifest: Pick<ManifestFacts, 'job' | 'from' | 'origin' | 'isOrigin'>;
  /** Operators that have other pages in the copy, and no files; each writes its own. */
  readonly rewritten?: ReadonlyMap<Uid, (into: SnapshotWriter) => void>;
}

/** What an operator is to have in the copy. */
interface CopiedPages {
  readonly index: PageIndex;
  readonly pages: readonly PageToWrite[];
}

/** The same pages as if they had never been written. */
function unplaced(index: PageIndex): { readonly index: PageIndex; readonly copyOf: Map<KeptPage, KeptPage> } {
  const copyOf = new Map<KeptPage, KeptPage>();
  for (const page of pagesOf(index)) copyOf.set(page, { ...page, place: undefined });
  const copied = [...index].map(
    ([section, pages]) => [section, pages.map((page) => copyOf.get(page)!)] as const,
  );
  return { index: new Map(copied), copyOf };
}

async function readAll(disk: Disk, from: OpenedCheckpoint, uid: Uid): Promise<CopiedPages> {
  const source = from.indexes.get(uid)!;
  const { index, copyOf } = unplaced(source);
  const pages: PageToWrite[] = [];
  await readPages(disk, from.place.base, uid, pagesOf(source), (page, bytes) => {
    pages.push({ page: copyOf.get(page)!, bytes });
  });
  return { index, pages };
}

function writeAnew(write: (into: SnapshotWriter) => void): CopiedPages {
  const collector = createPageCollector(undefined);
  write(collector);
  const index = collector.finish();
  return { index, pages: [...pagesOf(index)].map((page) => ({ page, bytes: page.bytes! })) };
}

/** Copies the files that an operator has besides its pages. */
async function copyFiles(
  disk: Disk,
  from: OpenedCheckpoint,
  { place, id }: CopyTarget,
  { uid, files }: PartOperator,
): Promise<void> {
  if (files === undefined) return;
  const folder = filesFolder(from.place.base, uid, from.manifest);
  const target = filesFolder(place.base, uid, id);
  await checkFiles(disk, folder, files);
  await layOutFiles(disk, folder, target, files);
  await disk.syncFolder(target);
}

async function copyOperator(
  disk: Disk,
  from: OpenedCheckpoint,
  to: CopyTarget,
  folders: DurableFolders,
  operator: PartOperator,
): Promise<PartOperator> {
  const { uid, files, ...facts } = operator;
  const { place, id } = to;
  const write = to.rewritten?.get(uid);
  const { index, pages } = write === undefined ? await readAll(disk, from, uid) : writeAnew(write);
  await folders.ensure(operatorFolder(place.base, uid));
  if (write === undefined) await copyFiles(disk, from, to, operator);
  const written = await writeSegment(disk, place.base, uid, id, index, pages);
  return {
    uid,
    ...facts,
    ...(write === undefined && files !== undefined ? { files } : {}),
    ...(write === undefined
      ? {}
      : { pagesLengthBytes: pages.reduce((sum, { bytes }) => sum + bytes.length, 0) }),
    segment: id,
    indexOffsetBytes: written.index.offsetBytes,
    indexLengthBytes: written.index.lengthBytes,
    indexChecksum: Buffer.from(written.index.checksum).toString('hex'),
    segments: [id],
  };
}

/** Copies what sinks may still have to apply. A sink that applies it meanwhile removes it: then it is not needed. */
async function copyEpochs(disk: Disk, from: string, to: CopyTarget, folders: DurableFolders): Promise<void> {
  for (const { sink, name, epoch } of await listEpochs(disk, from)) {
    if (epoch > to.id.epoch) continue;
    const bytes = await readWhole(disk, epochFile(from, sink, name));
    if (bytes === undefined) continue;
    await folders.ensure(sinkFolder(to.place.base, sink));
    await replaceWhole(disk, epochFile(to.place.base, sink, name), bytes);
  }
}

export async function copyCheckpoint(
  disk: Disk,
  from: OpenedCheckpoint,
  to: CopyTarget,
): Promise<ManifestFacts> {
  const { place, id } = to;
  const folders = createDurableFolders(disk, place.base);
  await folders.ensure(place.folder);
  const parts: ManifestPart[] = [];
  for (const part of from.parts) {
    const operators: PartOperator[] = [];
    for (const operator of part.operators) {
      operators.push(await copyOperator(disk, from, to, folders, operator));
    }
    const facts: PartFileFacts = { ...id, stage: part.stage, facts: part.facts, operators };
    const bytes = seal('part', facts);
    await replaceWhole(disk, partFile(place.folder, part.stage), bytes);
    parts.push({ stage: part.stage, lengthBytes: bytes.length, checksum: hexChecksumOf(bytes) });
  }
  await copyEpochs(disk, from.place.base, to, folders);
  const { completedAt, finished } = from.manifest;
  const manifest: ManifestFacts = { ...id, ...to.manifest, completedAt, finished, parts };
  await replaceWhole(disk, manifestFile(place.folder), sealManifest(manifest));
  return manifest;
}
