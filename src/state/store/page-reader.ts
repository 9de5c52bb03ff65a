/**
 * Reads the pages of an operator back, in the order in which they lie on the disk, many with one read, and checks
 * each against its checksum. What does not fit is damage; no byte that was not checked gets out.
 */
import type { Disk, DiskFile } from '../../disk/index.js';
import type { Uid } from '../checkpoint.js';
import { segmentFile } from '../paths.js';
import type { SnapshotReader } from '../snapshot.js';
import { checksumOf } from './checksum.js';
import { damage } from './damage.js';
import { type KeptPage, type PageIndex, pagesOf, type SegmentInfo } from './page-index.js';
import { aligned } from './segment.js';

/** How much is read at once: enough that the reads cost nothing, little beside the state itself. */
const runBytes = 4 << 20;

/** Pages that lie one behind the other. */
interface Run {
  readonly offsetBytes: number;
  lengthBytes: number;
  readonly pages: KeptPage[];
}

function runsOf(pages: readonly KeptPage[]): Run[] {
  const sorted = [...pages].sort((a, b) => a.place!.offsetBytes - b.place!.offsetBytes);
  const runs: Run[] = [];
  for (const page of sorted) {
    const { offsetBytes } = page.place!;
    const last = runs.at(-1);
    const end = last === undefined ? -1 : last.offsetBytes + aligned(last.lengthBytes);
    if (last === undefined || offsetBytes !== end || last.lengthBytes + page.lengthBytes > runBytes) {
      runs.push({ offsetBytes, lengthBytes: page.lengthBytes, pages: [page] });
    } else {
      last.lengthBytes = offsetBytes + page.lengthBytes - last.offsetBytes;
      last.pages.push(page);
    }
  }
  return runs;
}

async function readRun(
  file: DiskFile,
  run: Run,
  take: (page: KeptPage, bytes: Uint8Array) => void,
): Promise<void> {
  const bytes = new Uint8Array(run.lengthBytes);
  const count = await file.read(bytes, run.offsetBytes);
  if (count < bytes.length) throw damage(file.path, 'it is cut off');
  for (const page of run.pages) {
    const start = page.place!.offsetBytes - run.offsetBytes;
    const its = bytes.subarray(start, start + page.lengthBytes);
    if (!checksumOf(its).equals(page.checksum))
      throw damage(file.path, 'the checksum of a page does not fit');
    take(page, its);
  }
}

/** Reads pages that are on the disk and gives each to `take`, with bytes that nobody else has. */
export async function readPages(
  disk: Disk,
  base: string,
  uid: Uid,
  pages: Iterable<KeptPage>,
  take: (page: KeptPage, bytes: Uint8Array) => void,
): Promise<void> {
  const bySegment = new Map<SegmentInfo, KeptPage[]>();
  for (const page of pages) {
    const { segment } = page.place!;
    const known = bySegment.get(segment);
    if (known === undefined) bySegment.set(segment, [page]);
    else known.push(page);
  }
  for (const [segment, its] of bySegment) {
    const file = await disk.open(segmentFile(base, uid, segment.id), 'read');
    try {
      for (const run of runsOf(its)) await readRun(file, run, take);
    } finally {
      await file.close();
    }
  }
}

/** Loads all pages of an operator. */
export async function loadPages(
  disk: Disk,
  base: string,
  uid: Uid,
  index: PageIndex,
): Promise<SnapshotReader> {
  const loaded = new Map<KeptPage, Uint8Array>();
  await readPages(disk, base, uid, pagesOf(index), (page, bytes) => loaded.set(page, bytes));
  return {
    sections: [...index.keys()].sort(),
    pageCount: (section) => index.get(section)?.length ?? 0,
    page: (section, number) => {
      const page = index.get(section)?.[number];
      if (page === undefined) throw new RangeError(`section ${section} has no page ${number}`);
      return loaded.get(page)!;
    },
  };
}
