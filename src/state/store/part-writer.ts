/**
 * Writes the part of one stage: for each operator a segment with what changed, then the part that names them. What is
 * compared with is kept in memory from barrier to barrier; a page that could not be written keeps its bytes and is
 * written with the next part, so that a disk that was full for a while costs a checkpoint and nothing else.
 */
import { type Disk, replaceWhole, together } from '../../disk/index.js';
import type { PartFacts, PartWriter, Uid } from '../checkpoint.js';
import {
  type CheckpointId,
  checkpointFolder,
  filesFolder,
  operatorFolder,
  operatorsFolder,
  partFile,
} from '../paths.js';
import type { CapturedFile } from '../spill/captured-files.js';
import type { StageId } from '../stage-id.js';
import { pagesToMove } from './compaction.js';
import { isDamage, isMissing, onDisk } from './damage.js';
import type { DurableFolders } from './durable-folders.js';
import type { PartFileFacts, PartOperator } from './facts.js';
import { createPageCollector, type PageCollector } from './page-collector.js';
import { type PageIndex, pagesOf, segmentsOf } from './page-index.js';
import { readPages } from './page-reader.js';
import { seal } from './sealed.js';
import { type PageToWrite, writeSegment } from './segment-writer.js';

/** What a stage knows of an operator between two barriers. */
interface KnownOperator {
  readonly index: PageIndex;
  /** Where this very index is on the disk, when it is. */
  written: PartOperator | undefined;
}

export interface PartStore {
  readonly disk: Disk;
  readonly path: string;
  readonly folders: DurableFolders;
  readonly operators: Map<Uid, KnownOperator>;
  /** The write before; parts are written one after another. */
  pending: Promise<void>;
}

/** `restored`: the operators of the checkpoint that the run goes on from. */
export function createPartStore(
  disk: Disk,
  path: string,
  folders: DurableFolders,
  restored: ReadonlyMap<Uid, PageIndex>,
): PartStore {
  const operators = new Map<Uid, KnownOperator>();
  for (const [uid, index] of restored) operators.set(uid, { index, written: undefined });
  return { disk, path, folders, operators, pending: Promise.resolve() };
}

interface TakenOperator {
  readonly uid: Uid;
  readonly shape: string;
  readonly known: KnownOperator;
  /** Its files, once they are in their folder. */
  readonly files: Promise<readonly CapturedFile[]> | undefined;
}

/** The live pages of segments that are to die, read back. */
async function readMoved(store: PartStore, uid: Uid, index: PageIndex): Promise<PageToWrite[]> {
  const moved: PageToWrite[] = [];
  try {
    await readPages(store.disk, store.path, uid, pagesToMove(index), (page, bytes) =>
      moved.push({ page, bytes }),
    );
  } catch (error) {
    // What is in memory is whole: without anything to compare with, the next part writes all of it.
    if (isDamage(error) || isMissing(error)) store.operators.delete(uid);
    throw error;
  }
  return moved;
}

const sameIndex = (a: PageIndex, b: PageIndex): boolean =>
  a.size === b.size &&
  [...a].every(([section, pages]) => {
    const others = b.get(section);
    return others?.length === pages.length && pages.every((page, number) => page === others[number]);
  });

async function writeOperator(
  store: PartStore,
  id: CheckpointId,
  taken: TakenOperator,
): Promise<PartOperator> {
  const { uid, shape, known } = taken;
  const { index } = known;
  if (known.written !== undefined) return { ...known.written, shape };
  const pages: PageToWrite[] = [];
  let pagesLengthBytes = 0;
  for (const page of pagesOf(index)) {
    pagesLengthBytes += page.lengthBytes;
    if (page.place === undefined) pages.push({ page, bytes: page.bytes! });
  }
  pages.push(...(await readMoved(store, uid, index)));
  const written = await writeSegment(store.disk, store.path, uid, id, index, pages);
  written.settle();
  known.written = {
    uid,
    shape,
    pagesLengthBytes,
    segment: id,
    indexOffsetBytes: written.index.offsetBytes,
    indexLengthBytes: written.index.lengthBytes,
    indexChecksum: Buffer.from(written.index.checksum).toString('hex'),
    segments: segmentsOf(written.pages).map((segment) => segment.id),
  };
  return known.written;
}

/** The files of an operator as its part names them: their folder is durable, the name of the folder is made so here. */
async function settleFiles(
  store: PartStore,
  { uid, files }: TakenOperator,
): Promise<Pick<PartOperator, 'files'>> {
  const captured = (await files) ?? [];
  if (captured.length === 0) return {};
  await store.disk.syncFolder(operatorFolder(store.path, uid));
  return { files: captured };
}

async function writePart(
  store: PartStore,
  id: CheckpointId,
  stage: StageId,
  facts: PartFacts,
  taken: readonly TakenOperator[],
): Promise<void> {
  await store.folders.ensureIn(
    operatorsFolder(store.path),
    taken.map(({ uid }) => operatorFolder(store.path, uid)),
  );
  const operators = await together(
    taken.map(async (one): Promise<PartOperator> => {
      const files = await settleFiles(store, one);
      return { ...(await writeOperator(store, id, one)), ...files };
    }),
  );
  const folder = checkpointFolder(store.path, id);
  await store.folders.make(folder);
  const part: PartFileFacts = { ...id, stage, facts, operators };
  await replaceWhole(store.disk, partFile(folder, stage), seal('part', part));
}

/** An operator of a part that is being taken. */
interface Collected {
  readonly shape: string;
  readonly pages: PageCollector;
  files: Promise<readonly CapturedFile[]> | undefined;
}

/** From now on the next barrier is compared with what was taken at this one. */
function take(store: PartStore, collectors: ReadonlyMap<Uid, Collected>): TakenOperator[] {
  const taken: TakenOperator[] = [];
  for (const [uid, { shape, pages, files }] of collectors) {
    const before = store.operators.get(uid);
    const index = pages.finish();
    const known =
      before !== undefined && sameIndex(before.index, index) ? before : { index, written: undefined };
    store.operators.set(uid, known);
    taken.push({ uid, shape, known, files });
  }
  return taken;
}

export function beginPart(store: PartStore, id: CheckpointId, stage: StageId): PartWriter {
  const collectors = new Map<Uid, Collected>();
  return {
    operator: (uid, shape) => {
      if (collectors.has(uid)) throw new Error(`the operator ${uid} is in the part already`);
      const pages = createPageCollector(store.operators.get(uid)?.index);
      collectors.set(uid, { shape, pages, files: undefined });
      return pages;
    },
    files: (uid, capture) => {
      const operator = collectors.get(uid);
      if (operator === undefined || operator.files !== undefined) {
        throw new Error(`the operator ${uid} is not in the part, or has its files already`);
      }
      operator.files = capture(filesFolder(store.path, uid, id));
      // It is awaited when the part is written; until then a failure must not count as unhandled.
      operator.files.catch(() => undefined);
    },
    write: (facts) => {
      const taken = take(store, collectors);
      const writing = store.pending.then(() =>
        onDisk(store.path, () => writePart(store, id, stage, facts, taken)),
      );
      store.pending = writing.catch(() => undefined);
      return writing;
    },
  };
}
