/**
 * The scanner for a format that was chosen: which reader it takes, around which line-scanner.ts does the
 * rest.
 */
import { problem } from '../diagnostics/index.js';
import type { Layout } from '../record/index.js';
import { readApachePattern } from './apache.js';
import type { TextFormatChoice } from './choice.js';
import { createDelimitedReader } from './delimited.js';
import { createLineScanner, type FormatScanner } from './line-scanner.js';
import { createLogReader } from './log-reader.js';
import { createLogfmtReader } from './logfmt.js';
import { readNginxPattern } from './nginx.js';
import type { RecordReader } from './reader.js';
import { createSyslogReader } from './syslog.js';
import type { SyslogClock } from './syslog-line.js';

function createReader(choice: TextFormatChoice, clock: SyslogClock): RecordReader {
  switch (choice.name) {
    case 'nginx':
      return createLogReader(readNginxPattern(choice.pattern));
    case 'apache':
      return createLogReader(readApachePattern(choice.pattern));
    case 'logfmt':
      return createLogfmtReader();
    case 'syslog':
      return createSyslogReader(clock);
    case 'csv':
    case 'tsv':
      return createDelimitedReader(choice.name, choice.columns);
    case 'json':
      throw problem({ code: 'format', message: 'json is not a text format' });
  }
}

/**
 * Makes the scanner of a text format for the columns that a layout asks for; the layout must be complete.
 * The clock is for syslog times without a year: the time now in epoch ms, or the year itself.
 * Throws a syntax problem for a pattern that cannot be read, a format problem for two columns of one name.
 * The latter also comes from `scan`, where a header is the first to say the names.
 */
export function createFormatScanner(
  choice: TextFormatChoice,
  layout: Layout,
  clock: SyslogClock = { nowMs: Date.now() },
): FormatScanner {
  return createLineScanner(createReader(choice, clock), layout);
}

/** Names of a format's fields, in order, where they are known before any input is read; else undefined. */
export function formatFieldNames(choice: TextFormatChoice): readonly string[] | undefined {
  return choice.name === 'json' ? undefined : createReader(choice, { nowMs: 0 }).fieldNames;
}
