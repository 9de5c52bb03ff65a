/** The disk double, for tests of whatever must survive a crash. */
export { createDiskDouble, DiskCrash, type DiskDouble } from './double.js';
export type { Luck } from './image.js';
export { createRandom, type Random } from './random.js';
