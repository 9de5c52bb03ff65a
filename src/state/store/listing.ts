/** What lies in a store, read for those who decide: runs, and checkpoints with their manifests. Decides nothing. */
import { type Disk, readWhole } from '../../disk/index.js';
import type { Generation } from '../checkpoint.js';
import {
  type CheckpointId,
  checkpointFolder,
  checkpointsFolder,
  generationFile,
  generationsFolder,
  manifestFile,
  parseGenerationName,
  parseId,
} from '../paths.js';
import { isDamage } from './damage.js';
import type { Ancestor, GenerationFacts, ManifestFacts } from './facts.js';
import { type LineageRun, lineageOf } from './lineage.js';
import { unseal } from './sealed.js';

export interface ListedRun {
  readonly generation: Generation;
  /** Undefined when the file is damaged: most likely the run was cut off while it wrote it. */
  readonly facts: GenerationFacts | undefined;
}

export interface ListedCheckpoint {
  readonly id: CheckpointId;
  readonly manifest: ManifestFacts | 'damaged' | 'none';
}

export interface StoreListing {
  /** By number. */
  readonly runs: readonly ListedRun[];
  readonly checkpoints: readonly ListedCheckpoint[];
  /** Checkpoints with a manifest that are the past of the job, newest first. */
  readonly past: readonly ListedCheckpoint[];
}

/** A sealed file; `damaged` when it is not as it was written, undefined when it is not there. */
export async function readSealed<Facts extends object>(
  disk: Disk,
  kind: 'generation' | 'manifest',
  path: string,
): Promise<Facts | 'damaged' | undefined> {
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return undefined;
  try {
    return unseal<Facts>(kind, bytes, path);
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  }
}

/** The numbers of all runs so far, ascending. */
export async function listGenerations(disk: Disk, store: string): Promise<readonly Generation[]> {
  const names = await disk.list(generationsFolder(store));
  const numbers = names.map(parseGenerationName).filter((number) => number !== undefined);
  return numbers.sort((a, b) => a - b);
}

export async function readRun(disk: Disk, store: string, generation: Generation): Promise<ListedRun> {
  const facts = await readSealed<GenerationFacts>(disk, 'generation', generationFile(store, generation));
  return { generation, facts: facts === 'damaged' ? undefined : facts };
}

async function listCheckpointFolders(disk: Disk, store: string): Promise<readonly ListedCheckpoint[]> {
  const found: ListedCheckpoint[] = [];
  for (const name of await disk.list(checkpointsFolder(store))) {
    const id = parseId(name);
    if (id === undefined) continue;
    const path = manifestFile(checkpointFolder(store, id));
    found.push({ id, manifest: (await readSealed<ManifestFacts>(disk, 'manifest', path)) ?? 'none' });
  }
  return found;
}

/** What a run went on from, by its own file or, when that is damaged, by one of its manifests. */
function ancestorsOf(
  runs: readonly ListedRun[],
  checkpoints: readonly ListedCheckpoint[],
): readonly LineageRun[] {
  const known = new Map<Generation, Ancestor | undefined>();
  for (const { manifest } of checkpoints) {
    if (typeof manifest === 'object') known.set(manifest.generation, manifest.from);
  }
  for (const { generation, facts } of runs) {
    if (facts?.from !== undefined || !known.has(generation)) known.set(generation, facts?.from);
  }
  return [...known].map(([generation, from]) => ({ generation, from }));
}

export async function listStore(disk: Disk, store: string): Promise<StoreListing> {
  const runs: ListedRun[] = [];
  for (const generation of await listGenerations(disk, store)) {
    runs.push(await readRun(disk, store, generation));
  }
  const checkpoints = await listCheckpointFolders(disk, store);
  const complete = checkpoints.filter(({ manifest }) => manifest !== 'none');
  const byId = new Map(complete.map((checkpoint) => [checkpoint.id, checkpoint]));
  const past = lineageOf(ancestorsOf(runs, checkpoints), [...byId.keys()]);
  return { runs, checkpoints, past: past.map((id) => byId.get(id)!) };
}
