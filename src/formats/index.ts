/**
 * The room of text formats: logs, logfmt, syslog, csv and tsv as columns, without a detour over JSON; tables
 * for people.
 */
export { describeFormat, type FormatName, formatNames, type TextFormatChoice } from './choice.js';
export type { FormatScanner } from './line-scanner.js';
export { createFormatScanner, formatFieldNames } from './scanner.js';
export type { SyslogClock } from './syslog-line.js';
export { type Alignment, layOutTable } from './table.js';
