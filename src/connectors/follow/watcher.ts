/**
 * Waiting for files to change. Folders are watched where the system can, which wakes at once; besides, every quarter of a
 * second passes for a change, because network and container file systems tell nothing. Between two wakes nothing is done.
 */
import fs from 'node:fs';

const pollMs = 250;

export interface Watcher {
  /** Watches these folders too. */
  watch(folders: readonly string[]): void;
  /** Resolves when something may have changed: `entries` when files may have come or gone, `files` when not. */
  changed(): Promise<'entries' | 'files'>;
  /** Ends a wait. */
  close(): void;
}

export function createWatcher(): Watcher {
  const watchers = new Map<string, fs.FSWatcher>();
  let entries = false;
  let files = false;
  let wake: (() => void) | undefined;
  let closed = false;

  const notice = (kind: string): void => {
    if (kind === 'change') files = true;
    else entries = true;
    wake?.();
  };
  const watchOne = (folder: string): void => {
    try {
      const watcher = fs.watch(folder, { persistent: false }, notice);
      const forget = (): void => {
        watcher.close();
        watchers.delete(folder);
      };
      watcher.on('error', forget);
      watchers.set(folder, watcher);
    } catch {
      // It is not there yet or cannot be watched: polling does.
    }
  };

  return {
    watch(folders) {
      for (const folder of folders) if (!watchers.has(folder) && !closed) watchOne(folder);
    },
    async changed() {
      if (!entries && !files && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      const kind = entries ? 'entries' : 'files';
      entries = false;
      files = false;
      return kind;
    },
    close() {
      closed = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
      wake?.();
    },
  };
}
