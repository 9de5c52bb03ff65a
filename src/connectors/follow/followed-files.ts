/**
 * The files that are followed, as they come, are renamed, cut, copied and removed: what is known of each, and which is to be
 * read next. Reads nothing but what it needs to tell files apart.
 */
import path from 'node:path';
import { areKin } from '../kin.js';
import type { ByteSource } from '../source.js';
import type { Trace } from '../trace.js';
import { compare, headOf, isCompressed, mayBeCopy, type Original } from './copy.js';
import { originalOf } from './follow-position.js';
import { filesIn, foldersOf, matchingFiles, type SeenFile, seeFile, settled } from './matching.js';
import { closeTail, completeLastLine, createTail, isPending, lookAt, openTail, type Tail } from './tail.js';

/** Files that are kept open although nothing comes, so that what is written before they are removed is read. */
const openFiles = 64;
/** Originals that are remembered without their file: what holds their content appears soon or never. */
const keptOriginals = 64;

interface Candidate {
  readonly file: SeenFile;
  /** It is followed; else it is read only if it is a copy of what was. */
  readonly followed: boolean;
}

export interface FollowedFiles {
  readonly tails: ReadonlyMap<string, Tail>;
  readonly gone: readonly Original[];
  readonly opened: number;
  readonly folders: readonly string[];
  /** Some file cannot be judged yet, because it is empty or incomplete. */
  readonly unsettled: boolean;
  /** Takes a file in that was followed before. */
  restore(tail: Tail): void;
  /** Remembers what was read of a file that is gone. */
  remember(original: Original): void;
  /** Looks at the files that are known; with `entries` also for others. */
  look(entries: boolean): Promise<void>;
  /** What was read from this file is not in it any more. */
  beginAnew(tail: Tail): void;
  /** The file to be read next, if something is to be read; `inside` a line of the present one its rest before all else. */
  choose(current: Tail | undefined, inside: boolean): Promise<Tail | undefined>;
  /** Whether the rest of a line of this file may still come. */
  awaits(current: Tail): boolean;
  close(): void;
}

export interface FollowedOptions {
  readonly uris: readonly string[];
  readonly lingerMs: number;
  readonly opened: number;
  /** Whether the reader is at this file. */
  isCurrent(tail: Tail): boolean;
}

/** What lies beside a file under names that rotation can have made of it. */
const kinOf = (file: { readonly path: string }): readonly SeenFile[] =>
  filesIn(path.dirname(file.path)).filter((other) => areKin(other.path, file.path));

export function createFollowedFiles({ uris, lingerMs, isCurrent, ...start }: FollowedOptions): FollowedFiles {
  const tails = new Map<string, Tail>();
  const deferred = new Map<string, SeenFile>();
  let candidates: Candidate[] = [];
  let gone: readonly Original[] = [];
  let { opened } = start;
  let unsettled = false;
  let folders: readonly string[] = [];

  const remember = (original: Original): void => {
    gone = [...gone, original].slice(-keptOriginals);
    // What holds the same may now hold what could not be read.
    candidates.push(...[...deferred.values()].map((file) => ({ file, followed: true })));
    deferred.clear();
  };
  const forget = (tail: Tail): void => {
    if (tails.get(tail.id) === tail) tails.delete(tail.id);
    closeTail(tail);
    if (tail.trace.countBytes > 0) remember(originalOf(tail));
  };
  const admit = (file: SeenFile, trace?: Trace, source?: ByteSource, key = String(opened++)): Tail => {
    const tail = createTail(file, key, isCompressed(file) ? 'stream' : 'lines', trace);
    tails.set(file.id, tail);
    if (tail.mode === 'stream') tail.source = source;
    else {
      source?.close();
      openTail(tail);
    }
    return tail;
  };

  /**
   * Puts a file's kin in front of what is to be judged, in place of what stood there under their old names: where every
   * rotation renames many files, the list would never end otherwise.
   */
  const judgeKin = (file: { readonly path: string }, followedId?: string): void => {
    const isKin = (other: SeenFile): boolean =>
      path.dirname(other.path) === path.dirname(file.path) && areKin(other.path, file.path);
    const asked = candidates.filter((candidate) => candidate.followed && isKin(candidate.file));
    const followed = new Set([followedId, ...asked.map((candidate) => candidate.file.id)]);
    const kin = kinOf(file).filter(({ id }) => !tails.has(id));
    candidates = [
      ...kin.map((other) => ({ file: other, followed: followed.has(other.id) })),
      ...candidates.filter((candidate) => !isKin(candidate.file)),
    ];
  };

  const beginAnew = (tail: Tail): void => {
    forget(tail);
    const now = seeFile(tail.path);
    if (now?.id === tail.id) admit(now);
    // What was written before it was cut and not read yet may lie in a copy, also one that is not followed.
    judgeKin(tail);
  };

  const lookAtOpen = (): void => {
    for (const tail of [...tails.values()]) if (lookAt(tail) === 'anew') beginAnew(tail);
  };

  /** Whether the file holds the content of one that is followed and still there. */
  const isCopyOfPresent = async (file: SeenFile, head: Uint8Array): Promise<boolean> => {
    for (const tail of [...tails.values()]) {
      if (tail.mode === 'done' || !mayBeCopy(file, originalOf(tail))) continue;
      if (lookAt(tail) === 'anew') {
        beginAnew(tail);
        continue;
      }
      // A copy cannot hold more than the file itself.
      if (file.sizeBytes > tail.sizeBytes && !isCompressed(file)) continue;
      const found = await compare(file, head, originalOf(tail));
      found?.source?.close();
      if (found !== undefined && tails.get(tail.id) === tail) return true;
    }
    return false;
  };

  /**
   * Whether the name leads elsewhere since: what was read by it is then of another file. It, or what was made of it, is
   * looked for under other names.
   */
  const hasMoved = ({ file, followed }: Candidate): boolean => {
    if (seeFile(file.path)?.id === file.id) return false;
    unsettled = true;
    judgeKin(file, followed ? file.id : undefined);
    return true;
  };

  /** Judges a file that is new by its inode. The tail if it is to be read. */
  const settle = async (candidate: Candidate): Promise<Tail | undefined> => {
    const { followed } = candidate;
    const file = seeFile(candidate.file.path);
    if (tails.has(candidate.file.id) || hasMoved(candidate) || file === undefined) return undefined;
    const head = await headOf(file);
    if (head === undefined || head.length === 0) {
      if (followed) unsettled = true;
      return undefined;
    }
    const isCopy = await isCopyOfPresent(file, head);
    if (hasMoved(candidate)) return undefined;
    if (isCopy) {
      if (followed) deferred.set(file.id, file);
      return undefined;
    }
    for (const original of gone.toReversed()) {
      const found = mayBeCopy(file, original) ? await compare(file, head, original) : undefined;
      if (hasMoved(candidate)) {
        found?.source?.close();
        return undefined;
      }
      if (found === undefined) continue;
      if (found.arrival === 'there') {
        gone = gone.filter((other) => other !== original);
        const tail = admit(file, found.trace, found.source, original.key);
        tail.rotated = true;
        tail.unnamed = !followed;
        for (const name of original.names) tail.names.add(name);
        return tail;
      }
      if (followed) deferred.set(file.id, file);
      return undefined;
    }
    return followed ? admit(file) : undefined;
  };

  /** Takes in the names that lead to a file. */
  const name = (tail: Tail, files: readonly SeenFile[]): void => {
    const [file] = files;
    tail.unnamed = file === undefined;
    if (file === undefined) {
      tail.rotated = true;
      return;
    }
    if (!files.some(({ path }) => path === tail.path)) {
      tail.path = file.path;
      tail.names.add(file.path);
      tail.rotated = true;
    }
    const isOther = file.sizeBytes !== tail.sizeBytes || file.modifiedMs !== tail.modifiedMs;
    if (tail.mode === 'done' && file.sizeBytes !== tail.sizeBytes) tails.delete(tail.id);
    if (tail.mode !== 'lines' || tail.descriptor !== undefined || !isOther) return;
    if (openTail(tail) && lookAt(tail) === 'anew') beginAnew(tail);
  };

  const lookAtNames = async (): Promise<void> => {
    const list = (): Promise<readonly SeenFile[]> => matchingFiles(uris);
    const first = await list();
    const seenIds = new Set(first.map(({ id }) => id));
    // One that is missing may only have been renamed under the reader's hands.
    const isWhole = [...tails.values()].every(({ id, unnamed }) => unnamed || seenIds.has(id));
    const found = isWhole ? first : await settled(list);
    const byId = new Map<string, SeenFile[]>();
    for (const file of found) byId.set(file.id, [...(byId.get(file.id) ?? []), file]);
    lookAtOpen();
    for (const tail of [...tails.values()]) name(tail, byId.get(tail.id) ?? []);
    for (const id of deferred.keys()) if (!byId.has(id)) deferred.delete(id);
    unsettled = false;
    candidates = candidates.filter(({ followed }) => !followed);
    for (const [id, [file]] of byId) {
      if (tails.has(id) || deferred.get(id)?.sizeBytes === file!.sizeBytes) continue;
      deferred.delete(id);
      candidates.push({ file: file!, followed: true });
    }
    folders = [
      ...new Set([...foldersOf(uris), ...found.map((file) => path.resolve(path.dirname(file.path)))]),
    ];
  };

  /** Ends what will not go on: last lines without end, files that nothing leads to. */
  const finish = (): void => {
    const now = performance.now();
    for (const tail of [...tails.values()]) {
      if (isPending(tail) || !tail.rotated) continue;
      if (tail.mode === 'stream') {
        const isGone = tail.unnamed && tail.source === undefined && seeFile(tail.path)?.id !== tail.id;
        if (isGone) forget(tail);
        continue;
      }
      if (tail.mode === 'lines' && now - tail.grewMs < lingerMs && tail.descriptor !== undefined) continue;
      if (tail.mode === 'lines' && tail.sizeBytes > tail.trace.countBytes) completeLastLine(tail);
      else if (tail.unnamed && !isCurrent(tail)) forget(tail);
    }
    const idle = [...tails.values()].filter((tail) => tail.descriptor !== undefined && !isPending(tail));
    const most = idle.filter((tail) => !tail.unnamed && !isCurrent(tail)).sort((a, b) => a.grewMs - b.grewMs);
    for (const tail of most.slice(0, Math.max(0, idle.length - openFiles))) closeTail(tail);
  };

  /** The file in which the reading of this one goes on: itself, or a copy once it was cut. */
  const heirOf = ({ key }: Tail): Tail | undefined => [...tails.values()].find((tail) => tail.key === key);

  /** What holds the rest of a line, when its file was cut in the middle of it. */
  const chooseRest = async (current: Tail): Promise<Tail | undefined> => {
    while (heirOf(current) === undefined && candidates.length > 0) await settle(candidates.shift()!);
    const heir = heirOf(current);
    return heir !== undefined && isPending(heir) ? heir : undefined;
  };
  const awaits = (current: Tail): boolean => heirOf(current)?.mode === 'stream';

  return {
    tails,
    awaits,
    get gone() {
      return gone;
    },
    get opened() {
      return opened;
    },
    get folders() {
      return folders;
    },
    get unsettled() {
      return unsettled;
    },
    restore: (tail) => void tails.set(tail.id, tail),
    remember,
    beginAnew,
    async look(entries) {
      if (entries) await lookAtNames();
      else lookAtOpen();
      finish();
    },
    async choose(current, inside) {
      const rest = inside && current !== undefined ? await chooseRest(current) : undefined;
      if (rest !== undefined || (inside && current !== undefined && awaits(current))) return rest;
      const pending = (): Tail[] =>
        [...tails.values()].filter(isPending).sort((a, b) => a.modifiedMs - b.modifiedMs);
      const rotated = pending().find((tail) => tail.rotated);
      if (rotated !== undefined) return rotated;
      while (candidates.length > 0) {
        const tail = await settle(candidates.shift()!);
        if (tail !== undefined && isPending(tail)) return tail;
      }
      const found = pending();
      return found.find((tail) => tail !== current) ?? found[0];
    },
    close() {
      for (const tail of tails.values()) closeTail(tail);
    },
  };
}
