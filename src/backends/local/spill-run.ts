/**
 * The disk backend of a run: gives operators their spill spaces, has them put out of memory what is too much while the run
 * rests between two chunks, and captures the spaces at a barrier. A barrier may come in the middle of a chunk: spaces
 * do not change before the chunk is done, and are captured before anything else then.
 */
import type { Disk } from '../../disk/index.js';
import type { Operator } from '../../operators/index.js';
import {
  type CapturedFile,
  createDiskSpace,
  type DiskSpace,
  type Spill,
  type StoredOperator,
  type Uid,
} from '../../state/index.js';

export interface SpillRun {
  /** What an operator is handed. */
  spillOf(uid: Uid): Spill;
  /** To be called once when the operators are made. `written` has what they emit written, and waits where need be. */
  watch(operators: readonly Operator[], written: () => Promise<unknown> | undefined): void;
  /** A chunk is done. A promise to wait for before the next one, or undefined when there is nothing to do. */
  rest(): Promise<void> | undefined;
  /** At a barrier: captures the space of an operator into a folder as soon as the chunk is done. */
  capture(uid: Uid, folder: string): Promise<readonly CapturedFile[]>;
  /** Goes on from files of a checkpoint. */
  restore(uid: Uid, files: NonNullable<StoredOperator['files']>): Promise<void>;
  /** Removes everything that is not in checkpoints. */
  close(): Promise<void>;
}

export interface SpillRunOptions {
  readonly disk: Disk;
  /** What all operators of the run should keep in memory at most. */
  readonly memoryBytes: number;
  /** Where the space of an operator works; outside jobs in the system's folder for temporary files. */
  readonly folderOf: (uid: Uid) => string;
}

interface Capture {
  readonly space: DiskSpace;
  readonly folder: string;
  resolve(files: readonly CapturedFile[]): void;
  reject(error: unknown): void;
}

/** A space that could not be captured cannot be read any more: the run has to end with what was in the way. */
async function captureAll(captures: Capture[]): Promise<void> {
  try {
    for (let next = captures[0]; next !== undefined; next = captures[0]) {
      next.resolve(await next.space.capture(next.folder));
      captures.shift();
    }
  } catch (error) {
    for (const { reject } of captures.splice(0)) reject(error);
    throw error;
  }
}

async function flushAll(spaces: Iterable<DiskSpace>): Promise<void> {
  for (const space of spaces) if (space.isWaiting) await space.flush();
}

export function createSpillRun(options: SpillRunOptions): SpillRun {
  const { disk, memoryBytes, folderOf } = options;
  const spaces = new Map<Uid, DiskSpace>();
  const captures: Capture[] = [];
  let capturing: Promise<void> | undefined;
  let operators: readonly Operator[] = [];
  let sharers = 1;
  let written: () => Promise<unknown> | undefined = () => undefined;

  /** One step of one operator: of the last that has something to do, since what the others emit goes through it. */
  const step = (): boolean => {
    for (let index = operators.length - 1; index >= 0; index--) if (operators[index]!.onRest!()) return true;
    return false;
  };

  const restFully = async (): Promise<void> => {
    do {
      await flushAll(spaces.values());
      await written();
    } while (step());
    await flushAll(spaces.values());
  };

  const spaceOf = (uid: Uid): DiskSpace => {
    const known = spaces.get(uid);
    if (known !== undefined) return known;
    const space = createDiskSpace(disk, folderOf(uid));
    spaces.set(uid, space);
    return space;
  };

  return {
    spillOf: (uid) => ({
      space: spaceOf(uid),
      get memoryBytes() {
        return memoryBytes / sharers;
      },
    }),
    watch(all, whenWritten) {
      operators = all.filter(({ onRest }) => onRest !== undefined);
      sharers = Math.max(1, operators.length);
      written = whenWritten;
    },
    rest() {
      if (capturing !== undefined) return capturing.then(restFully);
      if (step()) return restFully();
      return [...spaces.values()].some(({ isWaiting }) => isWaiting) ? restFully() : undefined;
    },
    capture(uid, folder) {
      return new Promise((resolve, reject) => {
        captures.push({ space: spaceOf(uid), folder, resolve, reject });
        // The end of a run has no chunk that is done: it begins by itself when what runs now has run.
        capturing ??= Promise.resolve()
          .then(() => captureAll(captures))
          .then(() => {
            capturing = undefined;
          });
        // Whoever waits for it sees why it failed; at the end of a run nobody may.
        capturing.catch(() => {});
      });
    },
    restore: (uid, { folder, files }) => spaceOf(uid).restore(folder, files),
    async close() {
      await capturing?.catch(() => {});
      for (const space of spaces.values()) await space.close();
    },
  };
}
