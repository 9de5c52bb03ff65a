/**
 * Makes a checkpoint exist: waits for the parts of all stages, then puts the manifest in its place. The right to do
 * so is checked before and after. A run that takes over claims its number first and looks for checkpoints afterwards,
 * so either it sees this manifest, or the second check sees it; in both cases no output is committed that the
 * successor does not know of.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import { type CheckpointId, checkpointFolder, manifestFile, partFile } from '../paths.js';
import { pauseAfter } from '../pause.js';
import { compareStages, type StageId } from '../stage-id.js';
import { hexChecksumOf } from './checksum.js';
import type { Ancestor, ManifestFacts, ManifestPart, Origin, PartFileFacts } from './facts.js';
import { assertHighest } from './generation.js';
import type { StoreClock } from './holder.js';
import { sealManifest, unseal } from './sealed.js';

export interface Completion {
  readonly job: string;
  readonly id: CheckpointId;
  readonly from: Ancestor;
  readonly origin: Origin | null;
  readonly stages: readonly StageId[];
  readonly finished: boolean;
  readonly timeoutMs: number;
}

interface ReadPart {
  readonly named: ManifestPart;
  readonly facts: PartFileFacts;
}

async function readPart(disk: Disk, folder: string, stage: StageId): Promise<ReadPart | undefined> {
  const path = partFile(folder, stage);
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return undefined;
  const facts = unseal<PartFileFacts>('part', bytes, path);
  return { named: { stage, lengthBytes: bytes.length, checksum: hexChecksumOf(bytes) }, facts };
}

function missingParts(folder: string, epoch: number, stages: readonly StageId[], timeoutMs: number): Error {
  return problem({
    code: 'state',
    message: `checkpoint ${epoch} is not complete after ${timeoutMs} ms: nothing came from stage ${stages.join(', ')}`,
    place: { kind: 'file', path: folder },
    hint: 'a stage may be slow or dead; checkpoints may take longer with --timeout',
  });
}

async function waitForParts(
  disk: Disk,
  folder: string,
  clock: StoreClock,
  { id, stages, timeoutMs }: Completion,
): Promise<readonly ReadPart[]> {
  const deadline = clock.now() + timeoutMs;
  const parts = new Map<StageId, ReadPart>();
  for (let waitedMs = 0; ; ) {
    const missing: StageId[] = [];
    for (const stage of stages) {
      if (parts.has(stage)) continue;
      const part = await readPart(disk, folder, stage);
      if (part === undefined) missing.push(stage);
      else parts.set(stage, part);
    }
    if (missing.length === 0) {
      return [...parts.values()].sort((a, b) => compareStages(a.named.stage, b.named.stage));
    }
    if (clock.now() >= deadline) throw missingParts(folder, id.epoch, missing, timeoutMs);
    const pauseMs = pauseAfter(waitedMs);
    await clock.wait(pauseMs);
    waitedMs += pauseMs;
  }
}

function assertDifferentNames(parts: readonly ReadPart[], folder: string): void {
  const stageOf = new Map<string, StageId>();
  for (const { facts } of parts) {
    for (const { uid } of facts.operators) {
      const other = stageOf.get(uid);
      if (other !== undefined) {
        throw problem({
          code: 'state',
          message: `stages ${other} and ${facts.stage} both have an operator ${uid}`,
          place: { kind: 'file', path: folder },
          hint: 'give one of them another --uid',
        });
      }
      stageOf.set(uid, facts.stage);
    }
  }
}

export async function completeCheckpoint(
  disk: Disk,
  store: string,
  clock: StoreClock,
  completion: Completion,
): Promise<void> {
  const { job, id, from, origin, finished } = completion;
  await assertHighest(disk, store, id.generation);
  const folder = checkpointFolder(store, id);
  const parts = await waitForParts(disk, folder, clock, completion);
  assertDifferentNames(parts, folder);
  await assertHighest(disk, store, id.generation);
  const manifest: ManifestFacts = {
    ...id,
    job,
    completedAt: clock.now(),
    finished,
    from,
    origin,
    isOrigin: false,
    parts: parts.map(({ named }) => named),
  };
  await replaceWhole(disk, manifestFile(folder), sealManifest(manifest));
  await assertHighest(disk, store, id.generation);
}
