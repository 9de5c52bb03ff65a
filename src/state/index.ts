/**
 * The room of state: tables that operators keep between batches. Plain data, so that it can be written out.
 */
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
export {
  addKey,
  addKeys,
  appendToArena,
  createKeyedTable,
  findKey,
  type KeyedTable,
  type KeySpans,
  resetTable,
} from './keyed-table.js';
export { readerUnder, type SnapshotReader, type SnapshotWriter, writerUnder } from './snapshot.js';
export { createWindowQueue, nextEnd, popWindow, pushWindow, type WindowQueue } from './window-queue.js';
export {
  createWindowTables,
  findWindow,
  nextFiring,
  type OpenWindow,
  openWindow,
  openWindows,
  releaseTable,
  takeDue,
  type WindowTables,
} from './window-tables.js';
