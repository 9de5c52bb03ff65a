/**
 * What lies on the disk double: files and folders that know what is certain (the durable image) and what was only said
 * (the pending changes). A crash keeps of the pending changes whatever chance decides: a write whole, a beginning of it, a
 * stretch of it, or nothing, and any of them without those before it; a change of names happens or does not.
 */
import type { Random } from './random.js';

/** Bytes written at a position, or a new length. */
type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'length'; readonly length: number };

export interface FileNode {
  readonly kind: 'file';
  current: Uint8Array;
  durable: Uint8Array;
  pending: Change[];
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly current: Map<string, Node>;
  readonly durable: Map<string, Node>;
}

export type Node = FileNode | FolderNode;

/** What one call does to names, at once: a rename has two effects. */
export interface NameEffect {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: Node | undefined;
}

export const createFile = (): FileNode => ({
  kind: 'file',
  current: new Uint8Array(0),
  durable: new Uint8Array(0),
  pending: [],
});

export const createFolder = (): FolderNode => ({ kind: 'folder', current: new Map(), durable: new Map() });

function withLength(bytes: Uint8Array, length: number): Uint8Array {
  if (length <= bytes.length) return bytes.slice(0, length);
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
}

function applied(image: Uint8Array, change: Change): Uint8Array {
  if (change.kind === 'length') return withLength(image, change.length);
  if (change.bytes.length === 0) return image;
  const end = change.position + change.bytes.length;
  const bytes = end > image.length ? withLength(image, end) : image;
  bytes.set(change.bytes, change.position);
  return bytes;
}

export function changeFile(file: FileNode, change: Change): void {
  file.pending.push(change);
  file.current = applied(file.current, change);
}

export function syncFile(file: FileNode): void {
  for (const change of file.pending) file.durable = applied(file.durable, change);
  file.pending = [];
}

export function applyNames(image: 'current' | 'durable', effects: readonly NameEffect[]): void {
  for (const { folder, name, node } of effects) {
    if (node === undefined) folder[image].delete(name);
    else folder[image].set(name, node);
  }
}

/** What is left of a write that was under way: all, nothing, a beginning, or a stretch. */
function torn(change: Change, random: Random): Change | undefined {
  const fate = random.below(4);
  if (fate === 0) return undefined;
  if (fate === 1 || change.kind === 'length') return change;
  const { bytes, position } = change;
  const start = fate === 2 ? 0 : random.below(bytes.length + 1);
  const end = start + random.below(bytes.length - start + 1);
  return { kind: 'write', position: position + start, bytes: bytes.subarray(start, end) };
}

/** How much of what was not synced a crash keeps. */
export type Luck = 'all' | 'nothing' | 'some';

function crashFile(file: FileNode, luck: Luck, random: Random): void {
  for (const change of file.pending) {
    const left = luck === 'all' ? change : luck === 'nothing' ? undefined : torn(change, random);
    if (left !== undefined) file.durable = applied(file.durable, left);
  }
  file.pending = [];
  file.current = file.durable.slice();
}

/** Makes what survives a crash the whole truth. */
export function crashTree(
  root: FolderNode,
  names: readonly (readonly NameEffect[])[],
  luck: Luck,
  random: Random,
): void {
  for (const effects of names) {
    if (luck === 'all' || (luck === 'some' && random.below(2) === 1)) applyNames('durable', effects);
  }
  const settle = (folder: FolderNode): void => {
    folder.current.clear();
    for (const [name, node] of folder.durable) {
      folder.current.set(name, node);
      if (node.kind === 'file') crashFile(node, luck, random);
      else settle(node);
    }
  };
  settle(root);
}
