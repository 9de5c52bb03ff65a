/**
 * Syncs of a file that is still written to, begun while the writing goes on: at the end only the rest has to be waited for.
 * One at a time. A system says only once that a sync failed, so a failure is remembered.
 */
import type { DiskFile } from '../../disk/index.js';

export interface SyncAhead {
  /** So many bytes more were written. */
  written(file: DiskFile, lengthBytes: number): void;
  /** Waits for the sync that is under way; rejects when one has failed. */
  done(): Promise<void>;
}

/** Bytes after which a sync is begun. */
const aheadBytes = 1 << 23;

/** Begins a sync whenever so much was written that waiting for it at once would be long. */
export function createSyncAhead(): SyncAhead {
  let last = Promise.resolve();
  let isUnderWay = false;
  let unsyncedBytes = 0;
  return {
    written(file, lengthBytes) {
      unsyncedBytes += lengthBytes;
      if (isUnderWay || unsyncedBytes < aheadBytes) return;
      isUnderWay = true;
      unsyncedBytes = 0;
      last = file.sync().then(() => {
        isUnderWay = false;
      });
      // It is awaited at the barrier; until then a failure must not count as unhandled.
      last.catch(() => {});
    },
    done: () => last,
  };
}
