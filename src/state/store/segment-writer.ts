/** Writes a segment: pages in large writes, then index and footer, then syncs it and its name. */
import type { Disk, DiskFile } from '../../disk/index.js';
import type { Uid } from '../checkpoint.js';
import { type CheckpointId, operatorFolder, segmentFile } from '../paths.js';
import { checksumOf } from './checksum.js';
import { encodeIndex, type KeptPage, type PageIndex, type SegmentInfo } from './page-index.js';
import { aligned, encodeFooter, encodeHeader, footerBytes, headerBytes, type IndexPlace } from './segment.js';

/** Pages smaller than this are gathered: one write costs more than copying them. */
const gatherBytes = 1 << 20;

/** Writes pieces one behind the other, gathered. */
interface Appender {
  append(bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

function appenderTo(file: DiskFile, lengthBytes: number): Appender {
  const gathered = new Uint8Array(Math.min(gatherBytes, lengthBytes));
  let used = 0;
  let position = 0;
  const flush = async (): Promise<void> => {
    if (used === 0) return;
    await file.write(gathered.subarray(0, used), position);
    position += used;
    used = 0;
  };
  return {
    flush,
    append: async (bytes) => {
      if (used + bytes.length > gathered.length) await flush();
      if (bytes.length >= gathered.length) {
        await file.write(bytes, position);
        position += bytes.length;
        return;
      }
      gathered.set(bytes, used);
      used += bytes.length;
    },
  };
}

/** A page and its bytes, which go into the segment. */
export interface PageToWrite {
  readonly page: KeptPage;
  readonly bytes: Uint8Array;
}

export interface WrittenSegment {
  readonly info: SegmentInfo;
  readonly index: IndexPlace;
  /** The index with the new places. The pages themselves are not changed yet. */
  readonly pages: PageIndex;
  /** Gives the pages their new places: to be called when the segment is durable. */
  settle(): void;
}

interface Layout {
  readonly info: SegmentInfo;
  readonly offsets: ReadonlyMap<KeptPage, number>;
  readonly indexOffset: number;
}

function layOut(id: CheckpointId, pages: readonly PageToWrite[]): Layout {
  const offsets = new Map<KeptPage, number>();
  let at = headerBytes;
  for (const { page, bytes } of pages) {
    offsets.set(page, at);
    at += aligned(bytes.length);
  }
  return { info: { id, pagesLengthBytes: at - headerBytes }, offsets, indexOffset: at };
}

/** The index as it will be, without touching the pages that an earlier checkpoint may share. */
function placedIndex(index: PageIndex, { info, offsets }: Layout): PageIndex {
  const placed = new Map<string, KeptPage[]>();
  for (const [section, pages] of index) {
    placed.set(
      section,
      pages.map((page) => {
        const offsetBytes = offsets.get(page);
        return offsetBytes === undefined ? page : { ...page, place: { segment: info, offsetBytes } };
      }),
    );
  }
  return placed;
}

async function writeAll(file: DiskFile, pages: readonly PageToWrite[], layout: Layout, index: Uint8Array) {
  const place: IndexPlace = {
    offsetBytes: layout.indexOffset,
    lengthBytes: index.length,
    checksum: checksumOf(index),
  };
  const { append, flush } = appenderTo(file, layout.indexOffset + index.length + footerBytes);
  await append(encodeHeader());
  for (const { bytes } of pages) {
    await append(bytes);
    await append(new Uint8Array(aligned(bytes.length) - bytes.length));
  }
  await append(index);
  await append(encodeFooter(place));
  await flush();
  await file.sync();
  return place;
}

/** Writes the segment of an operator for a checkpoint. What is left of a failed attempt is removed again. */
export async function writeSegment(
  disk: Disk,
  base: string,
  uid: Uid,
  id: CheckpointId,
  index: PageIndex,
  pages: readonly PageToWrite[],
): Promise<WrittenSegment> {
  const path = segmentFile(base, uid, id);
  const layout = layOut(id, pages);
  const placed = placedIndex(index, layout);
  const file = await disk.open(path, 'new');
  let place: IndexPlace;
  try {
    place = await writeAll(file, pages, layout, encodeIndex(placed));
    await file.close();
    await disk.syncFolder(operatorFolder(base, uid));
  } catch (error) {
    await file.close().catch(() => undefined);
    await disk.remove(path).catch(() => undefined);
    throw error;
  }
  const settle = (): void => {
    for (const { page } of pages) {
      page.place = { segment: layout.info, offsetBytes: layout.offsets.get(page)! };
      page.bytes = undefined;
    }
  };
  return { info: layout.info, index: place, pages: placed, settle };
}
