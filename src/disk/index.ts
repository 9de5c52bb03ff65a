/** The room of disks: the only one that writes files durably. Knows nothing of what they hold. */
export { adoptDescriptor, isRegularFile } from './adopted-file.js';
export type { Disk, DiskEntry, DiskFile, OpenMode } from './disk.js';
export { type LevelBatch, type LevelStore, openLevelStore } from './level-store.js';
export { realDisk } from './real-disk.js';
export { together } from './together.js';
export { folderOf, readWhole, replaceWhole } from './whole-file.js';
