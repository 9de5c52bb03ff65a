/**
 * What the small files of the store say. Their spelling is this file and docs/state-format.md; a member that an older
 * leat would misread when it is missing or new raises the version of its kind (sealed.ts).
 */
import type { Epoch, Generation, PartFacts, Uid } from '../checkpoint.js';
import type { CheckpointId } from '../paths.js';
import type { CapturedFile } from '../spill/captured-files.js';
import type { StageId } from '../stage-id.js';
import type { HolderFacts } from './holder.js';

export interface JobFileFacts {
  readonly job: string;
}

/** What a run went on from. */
export type Ancestor = CheckpointId | 'nothing';

export interface GenerationFacts {
  readonly generation: Generation;
  readonly holder: HolderFacts;
  /** SHA-256 of the token; the token itself is nowhere on the disk. */
  readonly tokenChecksum: string;
  /** Epoch ms. */
  readonly claimedAt: number;
  /** `claimed`: what to go on from is not settled; `released`: the run gave the store up by itself. */
  readonly state: 'claimed' | 'running' | 'released';
  readonly from?: Ancestor;
  /** Absent for a job of one pipe. */
  readonly meets?: Meets;
}

/** What the head that holds the store says to the heads of the other pipes of the job. */
export interface Meets {
  /** The pipes that flow into its own, by name. */
  readonly branches: readonly string[];
  readonly timeoutMs: number;
  readonly keep: number;
  readonly allowDropped: boolean;
  readonly spillBytes?: number;
}

/** The head of a pipe that flows into the one whose head holds the store. */
export interface BranchFacts {
  readonly generation: Generation;
  readonly branch: string;
  readonly holder: HolderFacts;
  /** SHA-256 of the token by which the stages of the branch know each other. */
  readonly tokenChecksum: string;
  /** Epoch ms. */
  readonly claimedAt: number;
  /** `ended`: its input has, and it goes on for the sake of the barriers. */
  readonly state: 'reading' | 'ended';
}

export interface PartOperator {
  readonly uid: Uid;
  readonly shape: string;
  /** What its pages take together. */
  readonly pagesLengthBytes: number;
  /** Where its index lies, and which segments that points into. */
  readonly segment: CheckpointId;
  readonly indexOffsetBytes: number;
  readonly indexLengthBytes: number;
  readonly indexChecksum: string;
  readonly segments: readonly CheckpointId[];
  /** What it has besides its pages; absent for nothing. */
  readonly files?: readonly CapturedFile[];
}

export interface PartFileFacts extends CheckpointId {
  readonly stage: StageId;
  readonly facts: PartFacts;
  readonly operators: readonly PartOperator[];
}

export interface ManifestPart {
  readonly stage: StageId;
  readonly lengthBytes: number;
  readonly checksum: string;
}

/** Where a line of checkpoints began, when it began with a savepoint. */
export interface Origin {
  readonly savepoint: string;
  /** Checksum of the savepoint's manifest. */
  readonly checksum: string;
}

export interface ManifestFacts extends CheckpointId {
  readonly job: string;
  /** Epoch ms. */
  readonly completedAt: number;
  readonly finished: boolean;
  /** The checkpoint that its run went on from. */
  readonly from: Ancestor;
  readonly origin: Origin | null;
  /** This is a savepoint's content, taken over when a run was started from it. */
  readonly isOrigin: boolean;
  readonly parts: readonly ManifestPart[];
}

export const sameId = (a: CheckpointId, b: CheckpointId): boolean =>
  a.epoch === b.epoch && a.generation === b.generation;

/** The number alone, for members of facts that are checkpoints. */
export const idOf = ({ epoch, generation }: { epoch: Epoch; generation: Generation }): CheckpointId => ({
  epoch,
  generation,
});
