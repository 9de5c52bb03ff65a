/**
 * The store of a job as a stage of the present run holds it: the calls of JobStore, each carried out by a file of its
 * own.
 */
import type { Disk } from '../../disk/index.js';
import type { Epoch, JobStore, StoredCheckpoint, Uid } from '../checkpoint.js';
import {
  type CheckpointId,
  checkpointFolder,
  manifestFile,
  rejectedFile,
  sinkFolder,
  workingFolder,
} from '../paths.js';
import { completeCheckpoint } from './completion.js';
import { onDisk } from './damage.js';
import type { DurableFolders } from './durable-folders.js';
import type { Ancestor, GenerationFacts, Origin } from './facts.js';
import { assertHighest, isHighest, rewriteGeneration } from './generation.js';
import type { StoreClock } from './holder.js';
import { readSealed } from './listing.js';
import type { PageIndex } from './page-index.js';
import { beginPart, createPartStore } from './part-writer.js';
import { type NeededSegments, tidyStore } from './tidy.js';

export interface HeldStore {
  readonly disk: Disk;
  readonly path: string;
  readonly job: string;
  readonly clock: StoreClock;
  readonly folders: DurableFolders;
  readonly run: GenerationFacts & { readonly from: Ancestor };
  readonly token: string;
  readonly origin: Origin | null;
  readonly restored: StoredCheckpoint | undefined;
  /** The operators of the restored checkpoint. */
  readonly indexes: ReadonlyMap<Uid, PageIndex>;
  readonly findings: readonly string[];
}

export function jobStoreOf(held: HeldStore): JobStore {
  const { disk, path, job, clock, folders, run, origin, restored } = held;
  const { generation } = run;
  const parts = createPartStore(disk, path, folders, held.indexes);
  const known: NeededSegments = new Map();
  const idAt = (epoch: Epoch): CheckpointId => ({ epoch, generation });
  const guarded = <Value>(does: () => Promise<Value>): Promise<Value> => onDisk(path, does);
  return {
    path,
    job,
    generation,
    branches: run.meets?.branches ?? [],
    token: held.token,
    restored,
    findings: held.findings,
    epochFolder: (sink) =>
      guarded(async () => {
        const folder = sinkFolder(path, sink);
        await folders.ensure(folder);
        return folder;
      }),
    rejectedFile: (stage) => rejectedFile(path, stage),
    workingFolder: (uid) => workingFolder(path, generation, uid),
    beginPart: (epoch, stage) => beginPart(parts, idAt(epoch), stage),
    complete: (epoch, facts) =>
      guarded(() =>
        completeCheckpoint(disk, path, clock, { job, id: idAt(epoch), from: run.from, origin, ...facts }),
      ),
    isComplete: (epoch) =>
      guarded(async () => {
        if (restored?.epoch === epoch) return true;
        const manifest = manifestFile(checkpointFolder(path, idAt(epoch)));
        return typeof (await readSealed(disk, 'manifest', manifest)) === 'object';
      }),
    assertHeld: () => guarded(() => assertHighest(disk, path, generation)),
    tidy: (keep) => guarded(() => tidyStore(disk, path, { generation, keep, known })),
    release: () =>
      guarded(async () => {
        await parts.pending;
        if (await isHighest(disk, path, generation))
          await rewriteGeneration(disk, path, { ...run, state: 'released' });
      }),
  };
}
