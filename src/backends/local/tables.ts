/** Files of tables as lookups see them: read whole, with the scanner of their format. */
import { fileMark, readWholeFile } from '../../connectors/index.js';
import type { createFormatScanner } from '../../formats/index.js';
import type { TableContent, TableFile, TableFiles } from '../../operators/index.js';
import type { FormatChoice } from '../../plan/index.js';
import { createJsonScanner } from '../../record/index.js';
import type { RunOptions } from './run-options.js';

/** Scanners may read this far past the end of what they scan. */
const paddingBytes = 64;
const newline = 0x0a;

/** With a newline at the end and room behind it. */
function padded(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly lengthBytes: number } {
  const ends = bytes.length === 0 || bytes[bytes.length - 1] === newline;
  const lengthBytes = bytes.length + (ends ? 0 : 1);
  const whole = Buffer.alloc(lengthBytes + paddingBytes);
  whole.set(bytes);
  if (!ends) whole[bytes.length] = newline;
  return { bytes: whole, lengthBytes };
}

const hasByteOrderMark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function read(path: string): TableContent {
  // What changes while it is read has another mark at the next look.
  const mark = fileMark(path) ?? '';
  const bytes = readWholeFile(path);
  return { ...padded(hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes), mark };
}

/** What lookups are handed; `textScanner` makes scanners of text formats, where a table is of one. */
export function openTables(
  textScanner: typeof createFormatScanner | undefined,
  { say, clock = Date.now }: RunOptions,
): TableFiles {
  return (path: string, format: FormatChoice): TableFile => ({
    name: path,
    columns: format.columns,
    read: () => read(path),
    mark: () => fileMark(path),
    scanner: (layout) =>
      format.name === 'json' ? createJsonScanner(layout) : textScanner!(format, layout, { nowMs: clock() }),
    say,
  });
}
