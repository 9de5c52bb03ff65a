/**
 * A file as a sink in epochs: what is written goes to a write-ahead file, which is put behind the target when
 * the checkpoint exists. The target holds whole epochs of existing checkpoints and, for a moment, a part of
 * the next; its length says which. A write-ahead file is removed only after the target was synced behind it:
 * so a repeated commit finds one or the other.
 */

import { problem } from '../../diagnostics/index.js';
import type { Disk, DiskFile } from '../../disk/index.js';
import type { Committable, CommittedEpoch, EpochSink } from '../epoch-sink.js';
import { beginEpoch, type EpochLog, type EpochPiece, endOf, epochPath, removeEpochs } from './epoch-log.js';
import { createSpareFiles, type SpareFiles, type SpareLimits } from './spare-files.js';
import {
  appendEpoch,
  type FileCommittable,
  fileCommittable,
  outputFailure,
  restoreTarget,
  type Target,
  wantedOf,
} from './target.js';
import { createWriteQueue } from './write-queue.js';

interface FileEpochs {
  readonly disk: Disk;
  readonly folder: string;
  readonly target: Target;
  readonly spares: SpareFiles;
  file: DiskFile | undefined;
  log: EpochLog;
  /** Where the epoch that is being written will begin in the target. */
  baseBytes: number;
  /** Length of the target up to which epochs are applied. */
  appliedBytes: number;
  /** Ended and not known to be applied. */
  pending: readonly EpochPiece[];
  /** The last epoch that was applied and was not empty. */
  lastApplied: EpochPiece | undefined;
  /** Applied, but the target was not synced since. */
  unsynced: EpochPiece[];
}

function changedByOthers(target: Target): Error {
  return problem({
    code: 'output',
    message: 'another program changed the output while this run writes it',
    place: { kind: 'file', path: target.name },
    hint: 'give each job an output of its own; the state holds all that is not in it yet',
  });
}

async function apply(sink: FileEpochs, piece: EpochPiece): Promise<void> {
  if (sink.appliedBytes >= endOf(piece)) return;
  const file = sink.file!;
  const lengthBytes = await file.lengthBytes();
  if (lengthBytes < piece.baseBytes || lengthBytes > endOf(piece)) throw changedByOthers(sink.target);
  if (lengthBytes > piece.baseBytes) await file.truncate(piece.baseBytes);
  await appendEpoch(sink.disk, epochPath(sink.folder, piece.epoch), file, piece);
  sink.appliedBytes = endOf(piece);
  sink.lastApplied = piece;
  sink.pending = sink.pending.filter((other) => endOf(other) > sink.appliedBytes);
  sink.unsynced.push(piece);
}

/** Syncs the target when something was applied since, and removes the write-ahead files that are needless then. */
async function settle(sink: FileEpochs): Promise<void> {
  if (sink.unsynced.length === 0) return;
  const covered = sink.unsynced;
  await sink.file!.sync();
  sink.unsynced = [];
  for (const { epoch, lengthBytes } of covered) {
    await sink.spares.give({ path: epochPath(sink.folder, epoch), lengthBytes });
  }
}

async function recoverFile(sink: FileEpochs, from: CommittedEpoch | undefined): Promise<void> {
  const { disk, folder, target } = sink;
  const last = await wantedOf(disk, folder, target, from);
  const pieces = last?.pieces ?? [];
  await removeEpochs(disk, folder, new Set(pieces.map((piece) => piece.epoch)));
  if (last === undefined) {
    sink.file = await target.open();
    if (target.begunAnew) await sink.file.truncate(0);
    sink.baseBytes = await sink.file.lengthBytes();
  } else {
    sink.file = await restoreTarget(disk, folder, target, last, from?.savepoint);
    await removeEpochs(disk, folder, new Set());
    sink.baseBytes = endOf(pieces.at(-1)!);
    sink.lastApplied = pieces.findLast(({ lengthBytes }) => lengthBytes > 0) ?? last.before;
  }
  sink.appliedBytes = sink.baseBytes;
  sink.log = beginEpoch(disk, folder, (from?.epoch ?? 0) + 1, sink.spares);
}

/** A sink of guarantee exactly-once into a target, with write-ahead files in a folder that is there. */
export function createFileEpochs(
  disk: Disk,
  folder: string,
  target: Target,
  limits?: SpareLimits,
): EpochSink {
  const queue = createWriteQueue((error) => outputFailure(target.name, error));
  const spares = createSpareFiles(disk, folder, limits);
  const sink: FileEpochs = {
    disk,
    folder,
    target,
    spares,
    file: undefined,
    log: beginEpoch(disk, folder, 1, spares),
    baseBytes: 0,
    appliedBytes: 0,
    pending: [],
    lastApplied: undefined,
    unsynced: [],
  };
  /**
   * The syncing of the target behind the commit; the next barrier waits for it. Once it has failed it stays so: a system
   * says only once that a sync failed, and then forgets it.
   */
  let settling: Promise<void> = Promise.resolve();
  let clearing: Promise<void> = Promise.resolve();
  // The target is worked on by one at a time.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work, work).catch((error: unknown) => {
      throw outputFailure(target.name, error);
    });
    last = result.catch(() => {});
    return result;
  };

  return {
    name: target.name,
    kind: 'file',
    guarantee: 'exactly-once',
    closedByReader: false,
    get waitingBytes() {
      return sink.log.lengthBytes;
    },
    write(bytes, lengthBytes) {
      queue.add(bytes, lengthBytes, sink.log.take(bytes.subarray(0, lengthBytes)));
      return queue.exchange();
    },
    drained: () => queue.drained(),
    flushed: () => queue.reached(),
    complete() {
      // No epoch comes that could use them: what takes a while is done beside the last checkpoint.
      clearing = spares.clear();
      clearing.catch(() => {});
    },
    recover: (from) => inTurn(() => recoverFile(sink, from)),
    async prepare(epoch) {
      const ended = sink.log;
      const { lengthBytes, checksum } = ended;
      const piece: EpochPiece = { epoch, baseBytes: sink.baseBytes, lengthBytes, checksum };
      sink.log = beginEpoch(disk, folder, epoch + 1, spares);
      sink.baseBytes += lengthBytes;
      const pieces = [...sink.pending, piece];
      sink.pending = lengthBytes > 0 ? pieces : sink.pending;
      const before = sink.lastApplied;
      await queue.reached();
      await Promise.all([ended.seal(epoch), settling]);
      const committable: FileCommittable = {
        version: 1,
        path: target.name,
        pieces,
        ...(before === undefined ? {} : { before }),
      };
      return committable as unknown as Committable;
    },
    async commit(_epoch, committable) {
      const { pieces } = fileCommittable(committable);
      await inTurn(async () => {
        for (const piece of pieces) await apply(sink, piece);
      });
      settling = settling.then(() => inTurn(() => settle(sink)));
      settling.catch(() => {});
    },
    async close() {
      try {
        await queue.reached();
        await settling;
        await clearing;
        await spares.clear();
      } finally {
        await last;
        await sink.log.close();
        await sink.file?.close();
        sink.file = undefined;
      }
    },
  };
}
