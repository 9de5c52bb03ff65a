/**
 * The reader of syslog lines. Facility and severity have the names of syslog.conf; what a line does not say
 * is null; the structured data of RFC 5424 is an object, whose members can be asked for by path.
 * Sources: RFC 3164 and RFC 5424.
 */
import { type Path, Tag } from '../record/index.js';
import { putBoxed, putInstant, putMissing, putNull, putNumber, putText } from './cells.js';
import { createMemberWriter } from './member-writer.js';
import { type Cell, Read, type RecordReader } from './reader.js';
import { readStructuredData } from './structured-data.js';
import { createSyslogLine, readSyslogLine, type SyslogClock, syslogSpans } from './syslog-line.js';

const facilities = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');
const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

const fieldNames = ['time', 'facility', 'severity', ...syslogSpans];

/**
 * A cell that spells a number below names.length as its name: texts of an arena, so that they can be keys.
 */
function nameCell(names: readonly string[], number: () => number): Cell {
  const arena = Buffer.from(names.join(''));
  const starts = names.map((_, index) => names.slice(0, index).join('').length);
  return (column, row) => {
    const index = number();
    const name = names[index];
    if (name === undefined) return putNull(column, row);
    column.bytes = arena;
    column.tags[row] = Tag.text;
    column.starts[row] = starts[index]!;
    column.lengths[row] = name.length;
  };
}

/** A nested value, in the form that expressions have for one. */
function nested(value: object): { readonly type: 'nested'; readonly text: string; json(): string } {
  const text = JSON.stringify(value);
  return { type: 'nested', text, json: () => text };
}

/** Makes a reader of syslog lines; the clock gives a year to times without one. */
export function createSyslogReader(clock: SyslogClock): RecordReader {
  const line = createSyslogLine();
  let bytes: Buffer = Buffer.alloc(0);
  let wrong = '';

  const spanCell =
    (span: number, numeric: boolean): Cell =>
    (column, row) => {
      const start = line.spans[span * 2]!;
      const end = line.spans[span * 2 + 1]!;
      if (start < 0) putNull(column, row);
      else if (!(numeric && putNumber(column, row, bytes, start, end)))
        putText(column, row, bytes, start, end);
    };

  const structuredSpan = syslogSpans.indexOf('structured_data');
  const structuredCell =
    (inside: Path): Cell =>
    (column, row) => {
      const start = line.spans[structuredSpan * 2]!;
      if (start < 0) return inside.length === 0 ? putNull(column, row) : putMissing(column, row);
      let value: unknown = readStructuredData(bytes, start, line.spans[structuredSpan * 2 + 1]!);
      for (const step of inside) {
        value =
          typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
      }
      if (typeof value === 'string') putBoxed(column, row, value);
      else if (typeof value === 'object' && value !== null) putBoxed(column, row, nested(value));
      else putMissing(column, row);
    };

  const cells = new Map<string, Cell>([
    ['time', (column, row) => putInstant(column, row, line.timeMs)],
    ['facility', nameCell(facilities, () => (line.priority < 0 ? -1 : line.priority >> 3))],
    ['severity', nameCell(severities, () => (line.priority < 0 ? -1 : line.priority & 7))],
    ...syslogSpans.map((name, span): [string, Cell] => [
      name,
      span === structuredSpan ? structuredCell([]) : spanCell(span, name === 'procid'),
    ]),
  ]);
  const writeMembers = createMemberWriter(fieldNames.map((name) => ({ name, cell: cells.get(name)! })));

  return {
    fieldNames,
    spacesAreBlank: true,
    read(given, start, end) {
      bytes = given;
      const what = readSyslogLine(line, given, start, end, clock);
      wrong = what ?? '';
      return what === undefined ? Read.record : Read.refused;
    },
    reason: () => wrong,
    cell(path) {
      if (path[0] === 'structured_data') return structuredCell(path.slice(1));
      return (path.length === 1 ? cells.get(String(path[0])) : undefined) ?? putMissing;
    },
    write: (out) => writeMembers(bytes, out),
  };
}
