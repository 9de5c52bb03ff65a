/**
 * How the state of an operator leaves it and comes back: as pages of bytes, each in a named section. A page is the unit
 * of change: a store keeps a page again only when its bytes differ from those it has, so a snapshot costs the reading of
 * all state and the writing of what changed. Whoever writes a section gives the same thing the same page number
 * as long as it lives: typed arrays are cut at fixed lengths, other values into blocks of neighbours.
 * Writing is synchronous; the bytes of a page are the writer's to keep only until `page` returns.
 */

/** Takes the pages of one operator. Pages of a section are numbered from 0 without gaps, in any order. */
export interface SnapshotWriter {
  page(section: string, index: number, bytes: Uint8Array): void;
}

/** Gives the pages of one operator back, as they were written. Sections that were not written have no pages. */
export interface SnapshotReader {
  /** The names of the sections, sorted. */
  readonly sections: readonly string[];
  pageCount(section: string): number;
  page(section: string, index: number): Uint8Array;
}

/** A writer whose sections stand under a prefix: one operator made of several parts gives each its own. */
export function writerUnder(writer: SnapshotWriter, prefix: string): SnapshotWriter {
  return { page: (section, index, bytes) => writer.page(`${prefix}${section}`, index, bytes) };
}

/** The sections under a prefix, without it. */
export function readerUnder(reader: SnapshotReader, prefix: string): SnapshotReader {
  return {
    get sections() {
      return reader.sections
        .filter((section) => section.startsWith(prefix))
        .map((section) => section.slice(prefix.length));
    },
    pageCount: (section) => reader.pageCount(`${prefix}${section}`),
    page: (section, index) => reader.page(`${prefix}${section}`, index),
  };
}
