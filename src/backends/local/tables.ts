/** Files of tables as lookups see them: read whole, with the scanner of their format. */
import { fileMark, readWholeFile } from '../../connectors/index.js';
import type { createFormatScanner } from '../../formats/index.js';
import type { TableContent, TableFile, TableFiles } from '../../operators/index.js';
import type { FormatChoice } from '../../plan/index.js';
import { createScanner } from '../../record/index.js';
import type { RunOptions } from './run-options.js';

function read(path: string): TableContent {
  // What changes while it is read has another mark at the next look.
  const mark = fileMark(path) ?? '';
  return { bytes: readWholeFile(path), mark };
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
      format.name === 'json' ? createScanner(layout) : textScanner!(format, layout, { nowMs: clock() }),
    say,
  });
}
