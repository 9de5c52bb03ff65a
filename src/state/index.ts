/**
 * The room of state: tables that operators keep between batches. Plain data, so that it can be written out.
 */
export { readArray, readInts, type StoredArray, storedLength, writeArray } from './array-pages.js';
export type {
  Epoch,
  Generation,
  JobStore,
  PartFacts,
  PartWriter,
  StoredCheckpoint,
  StoredOperator,
  StoredPart,
  Uid,
} from './checkpoint.js';
export type { Codec } from './codec.js';
export { type Facts, readFacts, writeFacts } from './facts.js';
export {
  addKey,
  addKeys,
  appendToArena,
  createKeyedTable,
  findKey,
  findKeys,
  type KeyedTable,
  type KeySpans,
  resetTable,
} from './keyed-table.js';
export { readTable, writeTable } from './keyed-table-pages.js';
export { misfit } from './misfit.js';
export { type Numbered, readNumbered, writeNumbered } from './numbered-blocks.js';
export { pauseAfter } from './pause.js';
export { readSlots, writeSlots } from './slot-blocks.js';
export { readerUnder, type SnapshotReader, type SnapshotWriter, writerUnder } from './snapshot.js';
export type { CapturedFile } from './spill/captured-files.js';
export { createDiskSpace, type DiskSpace } from './spill/disk-space.js';
export type { Spill, SpillSpace } from './spill/spill-space.js';
export {
  branchOf,
  compareStages,
  isBranchName,
  isStageId,
  nameOfStage,
  numberOf,
  type StageId,
  stageId,
} from './stage-id.js';
export { type AttachOptions, attachJobStore } from './store/attach.js';
export {
  type Announcement,
  type AttachedBranch,
  attachBranch,
  lastMember,
} from './store/attach-branch.js';
export { type BranchNow, lookAtBranches } from './store/branch-claim.js';
export type { Meets } from './store/facts.js';
export type { HolderFacts, HolderLife, Holders, StoreClock } from './store/holder.js';
export {
  type CheckpointEntry,
  type CheckpointState,
  listCheckpoints,
  readCheckpoint,
  readStore,
  type StoreStatus,
  storedJob,
} from './store/inspection.js';
export { beginEditedStore, beginFirstStore, type FirstPart, type WritePages } from './store/new-store.js';
export { type OpenOptions, openJobStore } from './store/open.js';
export {
  deleteSavepoint,
  listSavepoints,
  readSavepoint,
  type SavepointEntry,
  savepointPath,
  takeSavepoint,
} from './store/savepoint.js';
export { readQueue, readWindows, writeQueue, writeWindows } from './window-pages.js';
export { createWindowQueue, nextEnd, popWindow, pushWindow, type WindowQueue } from './window-queue.js';
export {
  createWindowTables,
  findWindow,
  nextFiring,
  type OpenWindow,
  openTables,
  openWindow,
  openWindows,
  releaseTable,
  takeDue,
  type WindowTables,
  windowsInOrder,
} from './window-tables.js';
