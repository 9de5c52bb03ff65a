/**
 * Names in a folder of part files. While a part is written its name is hidden; renaming it is what publishes
 * it. Names made of data cannot leave the folder, be empty, hidden or longer than file systems allow, and
 * different values have different names.
 */
import { createHash } from 'node:crypto';

/** The name of a partition's mark: nothing more is expected. */
export const successMark = '_SUCCESS';

export interface PartName {
  readonly run: number;
  readonly number: number;
  readonly isHidden: boolean;
}

export function visibleName(run: number, number: number): string {
  return `part-${run}-${String(number).padStart(5, '0')}.ndjson`;
}

export function hiddenName(run: number, number: number): string {
  return `.${visibleName(run, number)}.inprogress`;
}

/** Reads the name of a part; undefined for any other file, which is somebody else's. */
export function readPartName(name: string): PartName | undefined {
  const match = /^\.?part-(\d+)-(\d{5,})\.ndjson(?:\.inprogress)?$/.exec(name);
  if (match === null) return undefined;
  const run = Number(match[1]);
  const number = Number(match[2]);
  if (name === visibleName(run, number)) return { run, number, isHidden: false };
  return name === hiddenName(run, number) ? { run, number, isHidden: true } : undefined;
}

const longestNameBytes = 200;
const keptBytes = 160;

/**
 * The value of a field as a part of a name: letters, digits and a few signs stand for themselves, other bytes
 * are written as %XX. What values cannot spell marks what is no text: %null and %empty.
 */
export function encodeValue(value: string | undefined): string {
  if (value === undefined) return '%null';
  if (value === '') return '%empty';
  let name = '';
  for (const byte of Buffer.from(value)) {
    const character = String.fromCharCode(byte);
    name += /[A-Za-z0-9_+=@,.-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return name;
}

/**
 * A whole name of a sub-folder: not hidden, not a mark, and never too long, where a fingerprint takes the place of
 * the rest.
 */
export function folderName(pieces: readonly string[]): string {
  const joined = pieces.join('');
  const name = /^[._]/.test(joined)
    ? `%${joined.charCodeAt(0).toString(16).toUpperCase()}${joined.slice(1)}`
    : joined;
  if (Buffer.byteLength(name) <= longestNameBytes) return name;
  const fingerprint = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const kept = Buffer.from(name)
    .subarray(0, keptBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  return `${kept}%~${fingerprint}`;
}

/** Whether a path of sub-folders stays where it belongs; what {@link folderName} makes always does. */
export function isInside(partition: string): boolean {
  if (partition === '') return true;
  return partition.split('/').every((name) => name !== '' && !/^[._]/.test(name) && !name.includes('\0'));
}
