/** Snapshots in memory: pages of named sections that are copied when written, checked as a store would check them. */
import type { SnapshotReader, SnapshotWriter } from '../../src/state/index.js';

export interface MemoryPages extends SnapshotReader {
  /** Writing a page twice is an error. */
  readonly writer: SnapshotWriter;
  /** All pages as one comparable thing: section and number to hexadecimal bytes. */
  dump(): Record<string, string>;
}

/** An empty snapshot. Reading a page that was not written is an error. */
export function createMemoryPages(): MemoryPages {
  const written = new Map<string, Uint8Array[]>();
  const pagesOf = (section: string): Uint8Array[] => written.get(section) ?? [];
  const page = (section: string, index: number): Uint8Array => {
    const found = pagesOf(section)[index];
    if (found === undefined) throw new Error(`there is no page ${index} of ${section}`);
    return found;
  };
  return {
    writer: {
      page(section, index, bytes) {
        const pages = pagesOf(section);
        if (pages[index] !== undefined) throw new Error(`page ${index} of ${section} is written twice`);
        pages[index] = Uint8Array.from(bytes);
        written.set(section, pages);
      },
    },
    get sections() {
      return [...written.keys()].sort();
    },
    pageCount: (section) => pagesOf(section).length,
    page,
    dump() {
      const all: Record<string, string> = {};
      for (const section of [...written.keys()].sort()) {
        for (let index = 0; index < pagesOf(section).length; index++) {
          all[`${section} ${index}`] = Buffer.from(page(section, index)).toString('hex');
        }
      }
      return all;
    },
  };
}
