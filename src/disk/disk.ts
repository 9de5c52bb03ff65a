/**
 * A disk as the project sees it: the few operations that durable state and committed output need, each of which may
 * fail or be the last before a crash. Everything that must survive a crash goes through this interface, so that tests can
 * put a disk in its place that tears writes, forgets what was not synced and fills up. Nothing here knows what the
 * bytes mean. Failures are Node's errors with their codes (ENOENT, EEXIST, ENOSPC, EIO).
 *
 * What a crash leaves (after Pillai et al., "All file systems are not created equal", OSDI 2014): the bytes of a file are
 * only certain after `sync` of the file, its name only after `syncFolder` of the folder that it is in.
 */

/** `read`: there already; `write`: there or created, read and written; `new`: created, an error if it is there. */
export type OpenMode = 'read' | 'write' | 'new';

export interface DiskFile {
  readonly path: string;
  /** Reads at a position until the target is full or the file ends; returns how many bytes. */
  read(into: Uint8Array, positionBytes: number): Promise<number>;
  /** Writes all of the bytes at a position. */
  write(bytes: Uint8Array, positionBytes: number): Promise<void>;
  lengthBytes(): Promise<number>;
  /** Cuts the file, or lengthens it with zeros. */
  truncate(lengthBytes: number): Promise<void>;
  /** Resolves when everything written to the file is on the device. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskEntry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly lengthBytes: number;
}

export interface Disk {
  /** Opens a file. `mode` of a created file is 0600 unless `permissions` says otherwise. */
  open(path: string, mode: OpenMode, permissions?: number): Promise<DiskFile>;
  /** Replaces `to` if it is there, at once. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Gives a file that is never written again a second name, which must be free; copies it where the file system knows no
   * second names. Removing one of the names leaves the other.
   */
  link(from: string, to: string): Promise<void>;
  /** Takes the permissions on a file, which another library has made, from all but its owner, where there are such. */
  makePrivate(path: string): Promise<void>;
  /** Removes a file; nothing happens when it is not there. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it, 0700; nothing happens when it is there. */
  makeFolder(path: string, permissions?: number): Promise<void>;
  /** Removes a folder with all that is in it; nothing happens when it is not there. */
  removeFolder(path: string): Promise<void>;
  /** The names in a folder, sorted; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** What stands under a path; undefined for nothing. */
  entry(path: string): Promise<DiskEntry | undefined>;
  /** Resolves when the names in a folder are on the device. */
  syncFolder(path: string): Promise<void>;
}
