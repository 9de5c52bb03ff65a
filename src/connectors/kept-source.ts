/**
 * One source of a position, and how it is found again among the sources that there are now. Never guesses: a source whose
 * content is not what was read is refused by name, with what can be done.
 */
import fs from 'node:fs';
import { type Problem, problem } from '../diagnostics/index.js';
import { areKin } from './kin.js';
import type { ByteSource } from './source.js';
import { type Arrival, goTo, type Print, printFrom, type Trace } from './trace.js';

/** A source that was read up to `countBytes`. Plain data (JSON). */
export interface KeptSource {
  readonly path: string;
  readonly countBytes: number;
  readonly print: Print;
  readonly file?: { readonly device: number; readonly inode: number };
}

/** The same as it lies in a checkpoint; undefined when it is not one. */
export function keptSourceFrom(value: unknown): KeptSource | undefined {
  const { path, countBytes, print, file } = (value ?? {}) as Partial<Record<keyof KeptSource, unknown>>;
  const known = printFrom(print);
  if (typeof path !== 'string' || typeof countBytes !== 'number' || known === undefined) return undefined;
  const { device, inode } = (file ?? {}) as { device?: unknown; inode?: unknown };
  const isFile = typeof device === 'number' && typeof inode === 'number';
  return { path, countBytes, print: known, ...(isFile ? { file: { device, inode } } : {}) };
}

function isSameFile(path: string, file: KeptSource['file']): boolean {
  if (file === undefined || path === '-') return false;
  const status = fs.statSync(path, { throwIfNoEntry: false });
  return status !== undefined && status.ino === file.inode && status.dev === file.device;
}

function refusal({ path, countBytes }: KeptSource, arrival: Arrival | 'gone'): Problem {
  const again = 'or begin anew without the saved state';
  if (path === '-') {
    return problem({
      code: 'input',
      message:
        arrival === 'short'
          ? `stdin ends before the ${countBytes} bytes that were read from it when the state was saved`
          : 'stdin begins with other bytes than were read from it when the state was saved',
      hint: `give the same input from its beginning, as tail -n +1 -F FILE does, ${again}`,
    });
  }
  const messages: Readonly<Record<Arrival | 'gone', string>> = {
    there: '',
    gone: `it was read up to byte ${countBytes} when the state was saved, and is gone`,
    short: `it is shorter than the ${countBytes} bytes that were read of it when the state was saved`,
    other: 'it holds other bytes than were read from it when the state was saved',
  };
  return problem({
    code: 'input',
    message: messages[arrival],
    place: { kind: 'file', path },
    hint: `bring the file back, also under another name that is read, ${again}`,
  });
}

/** An open source that stands where it was left. */
export interface FoundSource {
  readonly path: string;
  readonly source: ByteSource;
  readonly trace: Trace;
}

/** Fewer bytes than this, such as the header of a csv file, do not tell a file from its neighbours. */
const tellingBytes = 256;

function mayBeCopy(path: string, { path: before, print }: KeptSource): boolean {
  return print.end >= tellingBytes && areKin(path, before) && fs.existsSync(path);
}

function terminalRefusal(path: string): Problem {
  return problem({
    code: 'input',
    message: 'a terminal cannot give again what was read when the state was saved',
    place: { kind: 'file', path: path === '-' ? 'stdin' : path },
    hint: 'redirect the input from a file, or begin anew without the saved state',
  });
}

/**
 * Opens the source of a position: the same file under any of the paths, else the same path, else one of a name as
 * rotation gives whose content begins as it did (a file that was compressed or copied since). Throws a problem when there
 * is none.
 */
export async function findAgain(
  kept: KeptSource,
  paths: readonly string[],
  open: (path: string) => Promise<ByteSource>,
): Promise<FoundSource> {
  const all = [...new Set([...paths, kept.path])];
  const isFile = kept.file !== undefined;
  const order = isFile
    ? [
        ...all.filter((path) => isSameFile(path, kept.file)),
        ...all.filter((path) => path === kept.path && fs.existsSync(path)),
        ...all.filter((path) => mayBeCopy(path, kept)),
      ]
    : [kept.path];
  let worst: Arrival | 'gone' = 'gone';
  for (const path of new Set(order)) {
    const source = await open(path);
    if (source.isTerminal === true) throw terminalRefusal(path);
    const { arrival, trace } = await goTo(source, kept.countBytes, kept.print);
    if (arrival === 'there') return { path, source, trace };
    source.close();
    if (worst === 'gone' && (path === kept.path || isSameFile(path, kept.file))) worst = arrival;
  }
  throw refusal(kept, worst);
}

async function beginsAlike(path: string, kept: KeptSource, open: (path: string) => Promise<ByteSource>) {
  const source = await open(path);
  const { arrival } = await goTo(source, kept.print.end, kept.print);
  source.close();
  return arrival === 'there';
}

/** The paths that are still to be read: each source that is done takes one of them away. */
export async function withoutDone(
  paths: readonly string[],
  done: readonly KeptSource[],
  open: (path: string) => Promise<ByteSource>,
): Promise<string[]> {
  const left = [...paths];
  for (const kept of done) {
    let at = left.findIndex((path) => isSameFile(path, kept.file));
    // A number of an inode is given again: only with the same content it is the same file.
    if (at >= 0 && left[at] !== kept.path && !(await beginsAlike(left[at]!, kept, open))) at = -1;
    if (at < 0) at = left.indexOf(kept.path);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
