/**
 * Outputs that are written at once and only made durable at the barrier: at least once. A crash leaves what
 * was written since the last checkpoint, and the next run writes it again. A file is cut back to the
 * checkpoint when the job is resumed, so that no line stays torn; a pipe or a terminal has taken what it was
 * given.
 */
import type { Disk, DiskFile } from '../../disk/index.js';
import type { Committable, EpochSink } from '../epoch-sink.js';
import type { ByteSink } from '../sink.js';
import { endOf, removeEpochs } from './epoch-log.js';
import { createSyncAhead } from './sync-ahead.js';
import { type FileCommittable, outputFailure, restoreTarget, type Target, wantedOf } from './target.js';
import { createWriteQueue } from './write-queue.js';

/** A file that is written at once. `folder` may hold epochs of a run with the other guarantee. */
export function createFileAtOnce(disk: Disk, folder: string, target: Target): EpochSink {
  const queue = createWriteQueue((error) => outputFailure(target.name, error));
  let file: DiskFile | undefined;
  let lengthBytes = 0;
  const ahead = createSyncAhead();
  return {
    name: target.name,
    kind: 'file',
    guarantee: 'at-least-once',
    closedByReader: false,
    write(bytes, count) {
      const at = lengthBytes;
      lengthBytes += count;
      queue.add(bytes, count, async () => {
        await file!.write(bytes.subarray(0, count), at);
        ahead.written(file!, count);
      });
      return queue.exchange();
    },
    drained: () => queue.drained(),
    flushed: () => queue.reached(),
    async recover(last) {
      try {
        const kept = await wantedOf(disk, folder, target, last);
        if (kept === undefined) {
          file = await target.open();
          if (target.begunAnew) await file.truncate(0);
          lengthBytes = await file.lengthBytes();
        } else {
          file = await restoreTarget(disk, folder, target, kept, last?.savepoint);
          lengthBytes = endOf(kept.pieces.at(-1)!);
        }
        await removeEpochs(disk, folder, new Set());
      } catch (error) {
        throw outputFailure(target.name, error);
      }
    },
    async prepare(epoch) {
      // The same form as that of the other guarantee, so that a job can change from one to the other.
      const piece = { epoch, baseBytes: lengthBytes, lengthBytes: 0, checksum: 0 };
      const committable: FileCommittable = { version: 1, path: target.name, pieces: [piece] };
      await queue.reached();
      try {
        await ahead.done();
        await file!.sync();
      } catch (error) {
        throw outputFailure(target.name, error);
      }
      return committable as unknown as Committable;
    },
    commit: () => Promise.resolve(),
    async close() {
      try {
        await queue.reached();
      } finally {
        // A descriptor must not be closed under a sync.
        await ahead.done().catch(() => {});
        await file?.close();
        file = undefined;
      }
    },
  };
}

/** An output that cannot be taken back (a pipe, a terminal, a device) under checkpoints. */
export function createStreamAtOnce(sink: ByteSink): EpochSink {
  return {
    name: sink.name,
    kind: sink.kind,
    guarantee: 'at-least-once',
    get closedByReader() {
      return sink.closedByReader;
    },
    write: (bytes, lengthBytes) => sink.write(bytes, lengthBytes),
    drained: () => sink.drained(),
    flushed: () => sink.flushed(),
    recover: () => Promise.resolve(),
    async prepare() {
      await sink.flushed();
      return { version: 1 };
    },
    commit: () => Promise.resolve(),
    close: () => sink.close(),
  };
}
