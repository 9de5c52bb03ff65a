/**
 * A folder of part files as an output, with sub-folders by partition. Records are appended to hidden files,
 * which are finished by size, age, the end of their partition or of the input, and published by renaming:
 * under checkpoints when the checkpoint exists that has all of them, without checkpoints at once. A reader
 * never sees a part that changes.
 */
import type { Disk } from '../../disk/index.js';
import type { Committable, CommittedEpoch } from '../epoch-sink.js';
import { outputFailure } from '../epochs/target.js';
import { createWriteQueue } from '../epochs/write-queue.js';
import { beginFolder, hasPartsOf, restoreFolder } from './folder-recovery.js';
import { createPartFiles } from './part-files.js';
import { isInside } from './part-name.js';
import type { FolderSink } from './part-sink.js';
import {
  createFolderState,
  type FolderCommittable,
  folderCommittable,
  keepState,
  type Part,
  type Partition,
  restoreState,
} from './parts.js';

export interface FolderOptions {
  readonly path: string;
  readonly rollBytes: number;
  readonly rollMs: number;
  readonly clock: () => number;
  /** Folder for what the sink has to remember of its own; without it there are no checkpoints. */
  readonly epochFolder: string | undefined;
}

const nothing = Buffer.alloc(0);

/** What the folder has to hold when a run starts from what was committed last; undefined when it begins. */
async function wantedParts(
  disk: Disk,
  root: string,
  last: CommittedEpoch | undefined,
): Promise<FolderCommittable | undefined> {
  if (last === undefined) return undefined;
  const { savepoint, committable } = last;
  if (savepoint === undefined) return folderCommittable(committable);
  if (Array.isArray(committable['partitions'])) {
    const kept = folderCommittable(committable);
    if (kept.nextNumber === 0 || (await hasPartsOf(disk, root, kept.run))) return kept;
    savepoint.say(
      `leat: ${root} holds no part files of the job, so it begins with what comes after the savepoint`,
    );
  }
  savepoint.begins();
  return undefined;
}

export function createFolderSink(disk: Disk, options: FolderOptions): FolderSink {
  const { rollBytes, rollMs, clock, epochFolder } = options;
  const root = options.path.replace(/(?<=.)\/+$/, '');
  const explain = (error: unknown): unknown =>
    epochFolder === undefined
      ? outputFailure(root, error, 'the parts that are finished stay; take them away first')
      : outputFailure(root, error);
  const queue = createWriteQueue(explain);
  const state = createFolderState();
  const files = createPartFiles(disk, root, () => state.run, epochFolder !== undefined);
  let firstEndMs = Number.POSITIVE_INFINITY;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const result = last.then(work).catch((error: unknown) => {
      throw explain(error);
    });
    last = result.catch(() => {});
    return result;
  };
  const later = (work: () => Promise<unknown>): void => {
    queue.add(nothing, 0, async () => void (await work()));
  };
  const roll = (partition: Partition): void => {
    const { part } = partition;
    if (part === undefined) return;
    partition.part = undefined;
    later(() => files.finish(part));
    if (epochFolder === undefined) later(() => files.publish(state.run, part.partition, part.number));
    else state.rolled.push(part);
  };
  const end = (partition: Partition): void => {
    roll(partition);
    state.partitions.delete(partition.name);
    if (epochFolder === undefined) later(() => files.mark(partition.name));
    else state.done.push(partition.name);
  };
  const isDue = (part: Part): boolean => part.lengthBytes >= rollBytes || clock() - part.begunAtMs >= rollMs;
  const rollDue = (): void => {
    for (const one of state.partitions.values()) if (one.part !== undefined && isDue(one.part)) roll(one);
  };
  const partitionOf = (name: string, endMs: number): Partition => {
    let partition = state.partitions.get(name);
    if (partition === undefined) {
      if (!isInside(name)) throw new Error(`not a name of sub-folders: ${name}`);
      partition = { name, endMs, part: undefined };
      state.partitions.set(name, partition);
      firstEndMs = Math.min(firstEndMs, endMs);
    }
    return partition;
  };
  const partOf = (partition: Partition): Part => {
    if (partition.part !== undefined && isDue(partition.part)) roll(partition);
    partition.part ??= {
      partition: partition.name,
      number: state.nextNumber++,
      begunAtMs: clock(),
      lengthBytes: 0,
      writtenBytes: 0,
      isCreated: false,
      isDirty: false,
    };
    return partition.part;
  };
  const put = (name: string, endMs: number, bytes: Buffer, lengthBytes: number): void => {
    const part = partOf(partitionOf(name, endMs));
    part.lengthBytes += lengthBytes;
    part.isDirty = true;
    queue.add(bytes, lengthBytes, () => files.append(part, bytes.subarray(0, lengthBytes)));
  };

  return {
    name: root,
    kind: 'file',
    guarantee: 'exactly-once',
    closedByReader: false,
    write(bytes, lengthBytes) {
      put('', Number.POSITIVE_INFINITY, bytes, lengthBytes);
      return queue.exchange();
    },
    writeTo: (name, endMs, bytes) => put(name, endMs, bytes, bytes.length),
    advance(watermark) {
      if (watermark >= firstEndMs - 1) {
        const open = [...state.partitions.values()];
        for (const partition of open) if (watermark >= partition.endMs - 1) end(partition);
        firstEndMs = [...state.partitions.values()].reduce(
          (least, one) => Math.min(least, one.endMs),
          Infinity,
        );
      }
      rollDue();
    },
    complete() {
      // An output without records is a folder with a mark and no parts.
      if (state.nextNumber === 0) partitionOf('', Number.POSITIVE_INFINITY);
      for (const partition of [...state.partitions.values()]) end(partition);
    },
    drained: () => queue.drained(),
    flushed: () => queue.reached(),
    recover(from) {
      return inTurn(async () => {
        const kept = await wantedParts(disk, root, from);
        if (kept === undefined) {
          const claim = epochFolder === undefined ? undefined : `${epochFolder}/parts`;
          state.run = await beginFolder(disk, root, claim);
          return;
        }
        const removed = await restoreFolder(disk, root, kept, files);
        if (removed > 0) {
          from?.savepoint?.say(
            `leat: ${root} goes back to where the savepoint has it: ${removed} later part files are removed`,
          );
        }
        restoreState(state, kept);
        for (const { endMs } of state.partitions.values()) firstEndMs = Math.min(firstEndMs, endMs);
      });
    },
    async prepare() {
      rollDue();
      const kept = keepState(state);
      const parts = [...[...state.partitions.values()].flatMap(({ part }) => part ?? []), ...state.rolled];
      const dirty = parts.filter(({ isDirty }) => isDirty);
      for (const part of dirty) part.isDirty = false;
      await queue.reached();
      await inTurn(async () => {
        await files.sync(dirty, state.run);
        await files.syncFolders();
      });
      return kept as unknown as Committable;
    },
    commit(_epoch, committable) {
      const { run, rolled, done } = folderCommittable(committable);
      return inTurn(async () => {
        for (const { partition, number } of rolled) await files.publish(run, partition, number);
        for (const partition of done) await files.mark(partition);
        const published = new Set(rolled.map(({ number }) => number));
        state.rolled = state.rolled.filter(({ number }) => !published.has(number));
        state.done = state.done.filter((partition) => !done.includes(partition));
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      try {
        if (epochFolder === undefined) for (const partition of state.partitions.values()) roll(partition);
        await queue.reached();
        if (epochFolder !== undefined) await inTurn(() => files.syncFolders());
      } finally {
        await files.closeAll();
      }
    },
  };
}
