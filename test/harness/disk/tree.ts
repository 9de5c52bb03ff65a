/** Ways through the folders of the disk double, with the errors that a kernel gives for wrong ones. */
import type { FileNode, FolderNode, Node } from './image.js';

/** An error as node:fs throws it. */
export function errnoError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: '${path}'`), { code, path });
}

/** The names of an absolute path. */
export function partsOf(path: string): string[] {
  if (!path.startsWith('/')) throw new Error(`not an absolute path: ${path}`);
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** What stands under a path; undefined for nothing. */
export function findNode(root: FolderNode, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of partsOf(path)) {
    if (node?.kind !== 'folder') return undefined;
    node = node.current.get(name);
  }
  return node;
}

/** The folder in which a path has, or would have, its last name. */
export function parentOf(root: FolderNode, path: string): { folder: FolderNode; name: string } {
  const parts = partsOf(path);
  const name = parts.pop();
  if (name === undefined) throw errnoError('EISDIR', path);
  const folder = findNode(root, `/${parts.join('/')}`);
  if (folder === undefined) throw errnoError('ENOENT', path);
  if (folder.kind === 'file') throw errnoError('ENOTDIR', path);
  return { folder, name };
}

/** All files that have a name, with their paths. */
export function* walkFiles(folder: FolderNode, path = ''): Generator<[string, FileNode]> {
  for (const [name, node] of folder.current) {
    if (node.kind === 'file') yield [`${path}/${name}`, node];
    else yield* walkFiles(node, `${path}/${name}`);
  }
}
