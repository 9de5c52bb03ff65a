/**
 * An output that takes whole epochs, each under its number: a command, or topics of Kafka. Until the checkpoint
 * exists an epoch is a write-ahead file; then it is applied, in the order of the numbers. What `apply` does with a
 * number that it has had before is its affair: that is what makes it at least or exactly once.
 */
import type { Disk } from '../../disk/index.js';
import type { Committable, CommittedEpoch, EpochSink } from '../epoch-sink.js';
import { beginEpoch, type EpochPiece, epochPath, removeEpochs } from './epoch-log.js';
import { fileCommittable, hasEpoch, outputFailure } from './target.js';
import { createWriteQueue } from './write-queue.js';

export interface AppliedOptions {
  readonly name: string;
  readonly guarantee: EpochSink['guarantee'];
  /** What the committable holds besides; the same for all epochs of a run. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** An epoch whose file is gone though it has to be applied: passed over, because it was applied, or thrown. */
  missing?(epoch: number): void;
  /** Before anything is applied: resolves to the last epoch that need not be applied again. */
  begin(last: CommittedEpoch | undefined): Promise<number>;
  /** Applies an epoch that is not empty. Throws problems. */
  apply(path: string, epoch: number): Promise<void>;
  close?(): void;
}

/** A sink that gives on epochs; `folder` is there and holds those that were not given on yet. */
export function createAppliedEpochs(disk: Disk, folder: string, options: AppliedOptions): EpochSink {
  const { name, guarantee, facts } = options;
  const queue = createWriteQueue((error) => outputFailure(name, error));
  let log = beginEpoch(disk, folder, 1);
  let pending: readonly EpochPiece[] = [];
  let done = 0;
  let last: Promise<unknown> = Promise.resolve();

  const applyPieces = async (pieces: readonly EpochPiece[]): Promise<void> => {
    for (const piece of pieces) {
      const path = epochPath(folder, piece.epoch);
      if (piece.epoch <= done) continue;
      // Its file goes when it has been applied.
      if (piece.lengthBytes > 0) {
        if (await hasEpoch(disk, path, piece)) {
          await options.apply(path, piece.epoch);
          await disk.remove(path);
        } else options.missing?.(piece.epoch);
      }
      done = piece.epoch;
    }
    pending = pending.filter(({ epoch }) => epoch > done);
  };
  const inTurn = (pieces: readonly EpochPiece[]): Promise<void> => {
    const result = last.then(() => applyPieces(pieces));
    last = result.catch(() => {});
    return result;
  };

  return {
    name,
    kind: 'file',
    guarantee,
    closedByReader: false,
    write(bytes, lengthBytes) {
      queue.add(bytes, lengthBytes, log.take(bytes.subarray(0, lengthBytes)));
      return queue.exchange();
    },
    drained: () => queue.drained(),
    flushed: () => queue.reached(),
    async recover(from) {
      // A savepoint of another output leaves nothing to do for this one.
      const isOther = from?.savepoint !== undefined && from.committable['path'] !== name;
      const pieces = from === undefined || isOther ? [] : fileCommittable(from.committable).pieces;
      await removeEpochs(disk, folder, new Set(pieces.map(({ epoch }) => epoch)));
      log = beginEpoch(disk, folder, (from?.epoch ?? 0) + 1);
      done = await options.begin(isOther ? undefined : from);
      await inTurn(pieces);
      done = from?.epoch ?? 0;
    },
    async prepare(epoch) {
      const { lengthBytes, checksum } = log;
      const ended = log;
      log = beginEpoch(disk, folder, epoch + 1);
      const pieces = [...pending, { epoch, baseBytes: 0, lengthBytes, checksum }];
      if (lengthBytes > 0) pending = pieces;
      await queue.reached();
      try {
        await ended.seal(epoch);
      } catch (error) {
        throw outputFailure(name, error);
      }
      return { ...facts, version: 1, path: name, pieces } as Committable;
    },
    commit: (_epoch, committable) => inTurn(fileCommittable(committable).pieces),
    async close() {
      try {
        await queue.reached();
        await last;
      } finally {
        await log.close();
        options.close?.();
      }
    },
  };
}
