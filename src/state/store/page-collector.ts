/**
 * Takes the pages of one operator at a barrier. A page that is the same as at the barrier before is not kept again;
 * the bytes of any other are copied, because their owner goes on working on them. Touches no disk.
 */
import type { SnapshotWriter } from '../snapshot.js';
import { checksumOf } from './checksum.js';
import type { KeptPage, PageIndex } from './page-index.js';

export interface PageCollector extends SnapshotWriter {
  /** All pages that were given. Throws when a section has gaps. */
  finish(): PageIndex;
}

/** A copy also of a Buffer, whose own slice is a view. */
const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.prototype.slice.call(bytes);

/** `before`: what the barrier before had, or nothing. */
export function createPageCollector(before: PageIndex | undefined): PageCollector {
  const index = new Map<string, KeptPage[]>();
  return {
    page: (section, number, bytes) => {
      const checksum = checksumOf(bytes);
      const old = before?.get(section)?.[number];
      let pages = index.get(section);
      if (pages === undefined) {
        pages = [];
        index.set(section, pages);
      }
      const isSame = old !== undefined && old.lengthBytes === bytes.length && checksum.equals(old.checksum);
      pages[number] = isSame
        ? old
        : { checksum, lengthBytes: bytes.length, bytes: copyOf(bytes), place: undefined };
    },
    finish: () => {
      for (const [section, pages] of index) {
        for (let number = 0; number < pages.length; number++) {
          if (pages[number] === undefined) throw new Error(`section ${section} has no page ${number}`);
        }
      }
      return index;
    },
  };
}
