/**
 * What can be wrong with a store, as problems of the code state. Damage is what lengths and checksums find; it is
 * told from failures of the disk, because an older checkpoint may still be whole where a disk that fails may fail
 * again.
 */
import { isProblem, problem } from '../../diagnostics/index.js';

const mark = 'leatDamage';

/** A problem that says that a file is not what was written. */
export function damage(path: string, why: string): Error {
  const error = problem({
    code: 'state',
    message: `this file of the state is damaged: ${why}`,
    place: { kind: 'file', path },
    hint: 'check the disk',
  });
  return Object.assign(error, { [mark]: true });
}

export function isDamage(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && (error as Record<string, unknown>)[mark] === true;
}

interface DiskFailure {
  readonly code: string;
  readonly path?: string;
}

/** Whether the disk refused something: an error of Node with a code. */
export function isDiskFailure(error: unknown): error is Error & DiskFailure {
  return (
    error instanceof Error && !isProblem(error) && typeof (error as Partial<DiskFailure>).code === 'string'
  );
}

export const isMissing = (error: unknown): boolean => isDiskFailure(error) && error.code === 'ENOENT';

const goesOn = 'run the same command again: the job goes on from its last checkpoint';

/** The code of a failure as a sentence, and what to do. */
const sentences: Readonly<Record<string, readonly [string, string | undefined]>> = {
  ENOSPC: ['no room is left on the disk of the state', `make room and ${goesOn}`],
  EDQUOT: ['the quota of the disk of the state is used up', `make room and ${goesOn}`],
  EIO: ['the disk of the state reports an error (EIO)', `check the disk, then ${goesOn}`],
  EACCES: ['the state may not be read or written', 'check who owns the folder'],
  EPERM: ['the state may not be read or written', 'check who owns the folder'],
  EROFS: ['the disk of the state can only be read', 'give a folder that can be written'],
  ENOENT: ['a file of the state is not there', undefined],
  ENOTDIR: ['the state needs a folder where a file is', 'give another folder'],
  EEXIST: ['the state needs a folder where a file is', 'give another folder'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
};

/** A failure of the disk as a problem; anything else as it is. */
export function asProblem(error: unknown, path: string): unknown {
  if (!isDiskFailure(error)) return error;
  const [message, hint] = sentences[error.code] ?? [`the state cannot be used (${error.code})`, undefined];
  return problem({
    code: 'state',
    message,
    place: { kind: 'file', path: error.path ?? path },
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** Runs what touches the disk; its failures come out as problems. */
export async function onDisk<Value>(path: string, does: () => Promise<Value>): Promise<Value> {
  try {
    return await does();
  } catch (error) {
    throw asProblem(error, path);
  }
}
