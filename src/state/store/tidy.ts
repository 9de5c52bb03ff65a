/**
 * Carries out what tidy-decision says, in an order in which a crash at any point leaves nothing that looks whole and
 * is not: a manifest goes first and durably, then the rest of the checkpoint, then the segments that nothing points
 * to any more.
 */
import { type Disk, readWhole, together } from '../../disk/index.js';
import type { Generation, Uid } from '../checkpoint.js';
import {
  type CheckpointId,
  checkpointFolder,
  decodeName,
  epochFile,
  epochsFolder,
  filesFolder,
  generationFile,
  idName,
  manifestFile,
  operatorFolder,
  operatorsFolder,
  parseEpochName,
  parseFilesName,
  parseSegmentName,
  partFile,
  segmentFile,
  sinkFolder,
} from '../paths.js';
import { isDamage } from './damage.js';
import { idOf, type ManifestFacts, type PartFileFacts } from './facts.js';
import { assertHighest } from './generation.js';
import { listStore, type StoreListing } from './listing.js';
import { unseal } from './sealed.js';
import { decideTidy, type FoundEpoch, type FoundSegment, keptOf, type Removal } from './tidy-decision.js';

/** What checkpoints point to, by the name of the checkpoint: it never changes, and is read once. */
export type NeededSegments = Map<string, readonly FoundSegment[]>;

async function segmentsOfCheckpoint(
  disk: Disk,
  store: string,
  manifest: ManifestFacts,
): Promise<readonly FoundSegment[]> {
  const needed: FoundSegment[] = [];
  for (const { stage } of manifest.parts) {
    const path = partFile(checkpointFolder(store, manifest), stage);
    const bytes = await readWhole(disk, path);
    const part = unseal<PartFileFacts>('part', bytes ?? new Uint8Array(0), path);
    for (const { uid, segment, segments, files } of part.operators) {
      for (const id of [segment, ...segments]) needed.push({ operator: uid, id });
      if (files !== undefined) needed.push({ operator: uid, id: idOf(part), isFiles: true });
    }
  }
  return needed;
}

/** What the kept checkpoints point to; undefined when one of them cannot tell, and nothing may be said to be dead. */
async function neededBy(
  disk: Disk,
  store: string,
  kept: readonly ManifestFacts[],
  known: NeededSegments,
): Promise<readonly FoundSegment[] | undefined> {
  const names = new Set(kept.map(idName));
  for (const name of known.keys()) if (!names.has(name)) known.delete(name);
  for (const manifest of kept) {
    if (known.has(idName(manifest))) continue;
    try {
      known.set(idName(manifest), await segmentsOfCheckpoint(disk, store, manifest));
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  }
  return [...known.values()].flat();
}

async function listSegments(disk: Disk, store: string): Promise<FoundSegment[]> {
  const segments: FoundSegment[] = [];
  for (const folder of await disk.list(operatorsFolder(store))) {
    const uid: Uid | undefined = decodeName(folder);
    if (uid === undefined) continue;
    for (const name of await disk.list(operatorFolder(store, uid))) {
      const id = parseSegmentName(name);
      if (id !== undefined) segments.push({ operator: uid, id });
      const files = parseFilesName(name);
      if (files !== undefined) segments.push({ operator: uid, id: files, isFiles: true });
    }
  }
  return segments;
}

/** The epochs that lie below a store or a savepoint. */
export async function listEpochs(disk: Disk, base: string): Promise<FoundEpoch[]> {
  const epochs: FoundEpoch[] = [];
  for (const folder of await disk.list(epochsFolder(base))) {
    const sink = decodeName(folder);
    if (sink === undefined) continue;
    for (const name of await disk.list(sinkFolder(base, sink))) {
      const epoch = parseEpochName(name);
      if (epoch !== undefined) epochs.push({ sink, name, epoch });
    }
  }
  return epochs;
}

async function removeCheckpoint(disk: Disk, store: string, id: CheckpointId): Promise<void> {
  const folder = checkpointFolder(store, id);
  await disk.remove(manifestFile(folder));
  await disk.syncFolder(folder);
  await disk.removeFolder(folder);
}

async function remove(disk: Disk, store: string, removal: Removal): Promise<void> {
  switch (removal.kind) {
    case 'checkpoint':
      return removeCheckpoint(disk, store, removal.id);
    case 'segment': {
      const { operator, id, isFiles } = removal.segment;
      if (isFiles === true) return disk.removeFolder(filesFolder(store, operator, id));
      return disk.remove(segmentFile(store, operator, id));
    }
    case 'epoch': {
      const path = epochFile(store, removal.found.sink, removal.found.name);
      const entry = await disk.entry(path);
      return entry?.kind === 'folder' ? disk.removeFolder(path) : disk.remove(path);
    }
    case 'generation':
      return disk.remove(generationFile(store, removal.generation));
  }
}

function wholeOf({ past }: StoreListing): ManifestFacts[] {
  return past.flatMap(({ manifest }) => (typeof manifest === 'object' ? [manifest] : []));
}

export async function tidyStore(
  disk: Disk,
  store: string,
  options: { readonly generation: Generation; readonly keep: number; readonly known: NeededSegments },
): Promise<void> {
  const { generation, keep, known } = options;
  const [segments, epochs, listing] = await Promise.all([
    listSegments(disk, store),
    listEpochs(disk, store),
    listStore(disk, store),
  ]);
  const past = wholeOf(listing);
  const needed = await neededBy(disk, store, keptOf(past, keep) as ManifestFacts[], known);
  const removals = decideTidy(
    {
      generation,
      generations: listing.runs.map((run) => run.generation),
      checkpoints: listing.checkpoints.map(({ id }) => id),
      past,
      segments: needed === undefined ? [] : segments,
      needed: needed ?? [],
      epochs,
    },
    keep,
  );
  // A successor that claimed its number before this line is seen here; one that comes later finds what is kept.
  await assertHighest(disk, store, generation);
  const removeAll = async (some: readonly Removal[]): Promise<void> => {
    await together(some.map((removal) => remove(disk, store, removal)));
  };
  const isCheckpoint = ({ kind }: Removal): boolean => kind === 'checkpoint';
  await removeAll(removals.filter(isCheckpoint));
  await removeAll(removals.filter((removal) => !isCheckpoint(removal)));
}
