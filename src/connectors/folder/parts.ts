/**
 * What a folder of part files is made of while it is written: partitions, their parts, what is finished and
 * not published yet. Plain bookkeeping that touches no disk; what a checkpoint keeps of it is read and
 * written here.
 */
import { problem } from '../../diagnostics/index.js';
import type { Committable } from '../epoch-sink.js';

/** A file that records are appended to. */
export interface Part {
  readonly partition: string;
  readonly number: number;
  readonly begunAtMs: number;
  /** Bytes that belong to it, and bytes that are in the file. */
  lengthBytes: number;
  writtenBytes: number;
  isCreated: boolean;
  /** Written to since it was last synced. */
  isDirty: boolean;
}

export interface Partition {
  readonly name: string;
  /** Event time at which it is over; Infinity when only the end of the input ends it. */
  readonly endMs: number;
  part: Part | undefined;
}

export interface FolderState {
  /** Tells the parts of this job from those that were in the folder before. */
  run: number;
  nextNumber: number;
  readonly partitions: Map<string, Partition>;
  /** Finished, to be published by the next commit. */
  rolled: Part[];
  /** Partitions that wait for their mark. */
  done: string[];
}

interface KeptPart {
  readonly partition: string;
  readonly number: number;
  readonly lengthBytes: number;
  readonly begunAtMs: number;
}

interface KeptPartition {
  readonly name: string;
  /** null for Infinity, which JSON does not have. */
  readonly endMs: number | null;
  readonly part: KeptPart | null;
}

export interface FolderCommittable {
  readonly version: 1;
  readonly run: number;
  readonly nextNumber: number;
  readonly partitions: readonly KeptPartition[];
  readonly rolled: readonly KeptPart[];
  readonly done: readonly string[];
}

export function createFolderState(): FolderState {
  return { run: 0, nextNumber: 0, partitions: new Map(), rolled: [], done: [] };
}

function keptPart({ partition, number, lengthBytes, begunAtMs }: Part): KeptPart {
  return { partition, number, lengthBytes, begunAtMs };
}

/** The state as it is now, for a checkpoint. */
export function keepState(state: FolderState): FolderCommittable {
  const partitions = [...state.partitions.values()].map(({ name, endMs, part }) => ({
    name,
    endMs: Number.isFinite(endMs) ? endMs : null,
    part: part === undefined ? null : keptPart(part),
  }));
  const { run, nextNumber } = state;
  return {
    version: 1,
    run,
    nextNumber,
    partitions,
    rolled: state.rolled.map(keptPart),
    done: [...state.done],
  };
}

/** Reads what a checkpoint kept. Throws a problem when this version does not understand it. */
export function folderCommittable(committable: Committable): FolderCommittable {
  if (committable['version'] === 1 && Array.isArray(committable['partitions'])) {
    return committable as unknown as FolderCommittable;
  }
  throw problem({
    code: 'state',
    message: 'the checkpoint knows the output in a form that this version does not understand',
    hint: 'resume with the version of leat that wrote it, and with the same kind of output',
  });
}

/** Puts the state back to where the checkpoint had it, once everything that was rolled is published. */
export function restoreState(state: FolderState, kept: FolderCommittable): void {
  state.run = kept.run;
  state.nextNumber = kept.nextNumber;
  state.rolled = [];
  state.done = [];
  state.partitions.clear();
  for (const { name, endMs, part } of kept.partitions) {
    const restored =
      part === null
        ? undefined
        : { ...part, writtenBytes: part.lengthBytes, isCreated: true, isDirty: false };
    state.partitions.set(name, { name, endMs: endMs ?? Number.POSITIVE_INFINITY, part: restored });
  }
}
