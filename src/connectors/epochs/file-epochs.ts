/**
 * A file as a sink in epochs. What is written goes to a write-ahead file, which is put behind the target when the checkpoint
 * exists. The target holds whole epochs of existing checkpoints and, for a moment, a part of the next; its length says which.
 * A write-ahead file is removed only after the target was synced behind it: so a repeated commit finds one or the other.
 *
 * Where a run that goes on makes the same bytes again, its input is write-ahead file enough, and they are written at once. In
 * the write-ahead file is then only what could come otherwise: behind a `hold`.
 */

import type { Disk, DiskFile } from '../../disk/index.js';
import type { Committable, CommittedEpoch, EpochSink } from '../epoch-sink.js';
import { forgetBegun, keepBegun, readBegun } from './begun.js';
import { createDirectEnd, type DirectEnd, tailOf } from './direct-end.js';
import { beginEpoch, type EpochLog, type EpochPiece, endOf, epochPath, removeEpochs } from './epoch-log.js';
import { createSpareFiles, type SpareFiles, type SpareLimits } from './spare-files.js';
import {
  appendEpoch,
  changedByOthers,
  type FileCommittable,
  fileCommittable,
  outputFailure,
  restoreTarget,
  type Target,
  wantedOf,
} from './target.js';
import { createWriteQueue } from './write-queue.js';

/**
 * When output reaches the target. `checkpoint`: when its checkpoint exists. `repeated`: at once, because a run that goes on
 * makes it again byte by byte. `at-once`: at once, and readers may see output that another takes the place of.
 */
export type Appearance = 'checkpoint' | 'repeated' | 'at-once';

interface FileEpochs {
  readonly disk: Disk;
  readonly folder: string;
  readonly target: Target;
  readonly appears: Appearance;
  readonly spares: SpareFiles;
  readonly direct: DirectEnd;
  file: DiskFile | undefined;
  log: EpochLog;
  /** Where the write-ahead file of the epoch will begin in the target, behind what is written at once. */
  baseBytes: number;
  /** Bytes of this epoch that were written at once. */
  directBytes: number;
  /** It is kept how long the target was: a run that dies from now on finds the place to go on at. */
  isPlaced: boolean;
  /** That is kept beside the epochs, because there is no checkpoint yet. */
  isBegun: boolean;
  /** What is written in the rest of the epoch waits for the checkpoint. */
  isHeld: boolean;
  /** Length of the target up to which epochs are applied. */
  appliedBytes: number;
  /** Ended and not known to be applied. */
  pending: readonly EpochPiece[];
  /** The last piece that is in the target and not empty. */
  lastApplied: EpochPiece | undefined;
  /** Applied, but the target was not synced since. */
  unsynced: EpochPiece[];
}

const nothing = Buffer.alloc(0);

const committableOf = (
  { name }: Target,
  pieces: readonly EpochPiece[],
  before: EpochPiece | undefined,
): FileCommittable => ({ version: 1, path: name, pieces, ...(before === undefined ? {} : { before }) });

/** Whether what is written now goes to the target. What is in write-ahead files comes before it. */
function goesAtOnce({ appears, isPlaced, isHeld, pending, log }: FileEpochs): boolean {
  if (appears !== 'repeated') return appears === 'at-once';
  return isPlaced && !isHeld && pending.length === 0 && log.lengthBytes === 0;
}

async function apply(sink: FileEpochs, piece: EpochPiece): Promise<void> {
  if (piece.lengthBytes === 0 || sink.appliedBytes >= endOf(piece)) return;
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

/** Opens a target that the run begins with. */
async function beginTarget({ target, appears }: FileEpochs): Promise<DiskFile> {
  const file = await target.open();
  if (!target.begunAnew || (await file.lengthBytes()) === 0) return file;
  await file.truncate(0);
  // Else a crash could bring back what was in it, in place of what is written at once.
  if (appears === 'repeated') await file.sync();
  return file;
}

/** Begins with the target as it is. Where output is written to it at once, that is kept for the next run. */
async function beginFile(sink: FileEpochs, from: CommittedEpoch | undefined): Promise<void> {
  const { disk, folder, target, appears } = sink;
  const file = await beginTarget(sink);
  sink.file = file;
  sink.baseBytes = await file.lengthBytes();
  if (appears !== 'repeated') return;
  const before = await tailOf(file, target, 0, sink.baseBytes);
  sink.lastApplied = before;
  // The next start from the savepoint would cut what is written before the first checkpoint.
  if (from !== undefined) return;
  const piece: EpochPiece = { epoch: 0, baseBytes: sink.baseBytes, lengthBytes: 0, checksum: 0 };
  await keepBegun(disk, folder, committableOf(target, [piece], before));
  sink.isPlaced = true;
  sink.isBegun = true;
}

/** What a run that died before its first checkpoint has kept. A target that is emptied needs none of it. */
async function begunBefore({
  disk,
  folder,
  target,
  appears,
}: FileEpochs): Promise<FileCommittable | undefined> {
  if (target.begunAnew && appears !== 'repeated') return undefined;
  return await readBegun(disk, folder, target.name);
}

async function recoverFile(sink: FileEpochs, from: CommittedEpoch | undefined): Promise<void> {
  const { disk, folder, target, appears } = sink;
  const begun = from === undefined ? await begunBefore(sink) : undefined;
  const last = begun ?? (await wantedOf(disk, folder, target, from));
  const pieces = last?.pieces ?? [];
  await removeEpochs(disk, folder, new Set(pieces.map((piece) => piece.epoch)));
  if (from !== undefined) await forgetBegun(disk, folder);
  if (last === undefined) await beginFile(sink, from);
  else {
    const savepoint = from?.savepoint;
    const isRepeated = appears === 'repeated' && savepoint === undefined;
    const keepsRest = isRepeated || begun !== undefined;
    const restored = await restoreTarget(disk, folder, target, last, { keepsRest, savepoint });
    await removeEpochs(disk, folder, new Set());
    sink.file = restored.file;
    sink.baseBytes = endOf(pieces.at(-1)!);
    sink.lastApplied = pieces.findLast(({ lengthBytes }) => lengthBytes > 0) ?? last.before;
    sink.isPlaced = savepoint === undefined;
    sink.isBegun = begun !== undefined;
    sink.direct.begin(restored.lengthBytes, restored.isKnown);
    // The pipeline is another one by now, or what it promises.
    if (!isRepeated && begun !== undefined) await sink.direct.cut(sink.file, sink.baseBytes);
  }
  sink.appliedBytes = sink.baseBytes;
  sink.log = beginEpoch(disk, folder, (from?.epoch ?? 0) + 1, sink.spares);
}

export interface FileEpochsOptions {
  readonly appears: Appearance;
  /** Writes a line for the user. */
  say(line: string): void;
  /** Rejects when another run has taken the job over. */
  readonly assertHeld?: (() => Promise<void>) | undefined;
  readonly limits?: SpareLimits;
}

/** A sink into a target, with write-ahead files in a folder that is there. */
export function createFileEpochs(
  disk: Disk,
  folder: string,
  target: Target,
  { appears, say, assertHeld, limits }: FileEpochsOptions,
): EpochSink {
  const queue = createWriteQueue((error) => outputFailure(target.name, error));
  const spares = createSpareFiles(disk, folder, limits);
  const sink: FileEpochs = {
    disk,
    folder,
    target,
    appears,
    spares,
    direct: createDirectEnd(target, { comesAgain: appears === 'repeated', say, assertHeld }),
    file: undefined,
    log: beginEpoch(disk, folder, 1, spares),
    baseBytes: 0,
    directBytes: 0,
    isPlaced: false,
    isBegun: false,
    isHeld: false,
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
  /** Does work on the target behind all that was written before. Nothing is applied meanwhile: see goesAtOnce. */
  const later = (work: (file: DiskFile) => Promise<void>, bytes: Buffer = nothing, lengthBytes = 0): void =>
    queue.add(bytes, lengthBytes, () => work(sink.file!));

  const writeAtOnce = (bytes: Buffer, lengthBytes: number): void => {
    const at = sink.baseBytes;
    sink.baseBytes += lengthBytes;
    sink.directBytes += lengthBytes;
    later((file) => sink.direct.write(file, bytes.subarray(0, lengthBytes), at), bytes, lengthBytes);
  };
  /** Makes what was written at once durable. Its end tells which file the target is. */
  const syncDirect = async (epoch: number, endBytes: number): Promise<EpochPiece | undefined> => {
    try {
      await sink.direct.sync(sink.file!);
      return await tailOf(sink.file!, target, epoch, endBytes);
    } catch (error) {
      throw outputFailure(target.name, error);
    }
  };
  /** What has been written since the checkpoint was cut waited for that only. */
  const pourLog = (): void => {
    if (sink.appears !== 'repeated' || sink.isHeld || sink.pending.length > 0) return;
    const { log, baseBytes } = sink;
    if (log.lengthBytes === 0) return;
    sink.log = beginEpoch(disk, folder, log.expected, spares);
    sink.baseBytes += log.lengthBytes;
    sink.directBytes += log.lengthBytes;
    later((file) => log.pour((bytes, at) => sink.direct.write(file, bytes, baseBytes + at)));
  };

  return {
    name: target.name,
    kind: 'file',
    guarantee: appears === 'at-once' ? 'at-least-once' : 'exactly-once',
    closedByReader: false,
    get waitingBytes() {
      return sink.log.lengthBytes;
    },
    write(bytes, lengthBytes) {
      if (goesAtOnce(sink)) writeAtOnce(bytes, lengthBytes);
      else queue.add(bytes, lengthBytes, sink.log.take(bytes.subarray(0, lengthBytes)));
      return queue.exchange();
    },
    hold() {
      if (sink.appears !== 'repeated' || sink.isHeld) return;
      sink.isHeld = true;
      const at = sink.baseBytes;
      later((file) => sink.direct.cut(file, at));
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
      const { directBytes } = sink;
      const piece: EpochPiece = { epoch, baseBytes: sink.baseBytes, lengthBytes, checksum };
      sink.log = beginEpoch(disk, folder, epoch + 1, spares);
      sink.baseBytes += lengthBytes;
      sink.directBytes = 0;
      sink.isHeld = false;
      const pieces = [...sink.pending, piece];
      sink.pending = lengthBytes > 0 ? pieces : sink.pending;
      const before = sink.lastApplied;
      await queue.reached();
      const [tail] = await Promise.all([
        directBytes > 0 ? syncDirect(epoch, piece.baseBytes) : undefined,
        ended.seal(epoch),
        settling,
      ]);
      if (tail !== undefined) sink.lastApplied = tail;
      const known = tail ?? before;
      return committableOf(target, pieces, known) as unknown as Committable;
    },
    async commit(_epoch, committable) {
      const { pieces } = fileCommittable(committable);
      await inTurn(async () => {
        for (const piece of pieces) await apply(sink, piece);
      });
      sink.isPlaced = true;
      if (sink.isBegun) {
        sink.isBegun = false;
        await forgetBegun(disk, folder);
      }
      settling = settling.then(() => inTurn(() => settle(sink)));
      settling.catch(() => {});
      pourLog();
    },
    async close() {
      try {
        await queue.reached();
        await settling;
        await clearing;
        await spares.clear();
      } finally {
        await last;
        await sink.direct.close();
        await sink.log.close();
        await sink.file?.close();
        sink.file = undefined;
      }
    },
  };
}
