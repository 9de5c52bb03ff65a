/**
 * The end of a chain towards CSV, TSV and tables for people. The header is that of the first record;
 * fields that later records have besides are counted and named at the end, never dropped silently. A table
 * is drawn when the input has ended, because its columns are as wide as their widest cell.
 */

import type { ByteSink } from '../../connectors/index.js';
import { type Alignment, layOutTable } from '../../formats/index.js';
import {
  cellText,
  createByteWriter,
  csvCell,
  type Member,
  membersOf,
  recordText,
  writeText,
} from '../../record/index.js';
import { leave } from './leave.js';
import type { ChainEnd } from './ndjson-output.js';

export type DelimitedFormat = 'csv' | 'tsv' | 'table';

const tsvEscapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

/** A cell of the IANA tab-separated-values form, with the escapes of PostgreSQL's COPY. */
function tsvCell(cell: string): string {
  return cell.replace(/[\t\n\r\\]/g, (character) => tsvEscapes[character]!);
}

interface RowWriter {
  header(names: readonly string[]): void;
  row(values: readonly (string | undefined)[]): void;
  end(): void;
}

function delimitedRows(
  write: (text: string) => void,
  separator: string,
  cell: (text: string) => string,
): RowWriter {
  return {
    header: (names) => write(`${names.map(cell).join(separator)}\n`),
    row: (values) => write(`${values.map((json) => cell(cellText(json))).join(separator)}\n`),
    end() {},
  };
}

function tableRows(write: (text: string) => void): RowWriter {
  let header: readonly string[] | undefined;
  const rows: string[][] = [];
  let alignments: Alignment[] = [];
  return {
    header(names) {
      header = names;
      alignments = names.map(() => 'right');
    },
    row(values) {
      values.forEach((json, column) => {
        if (json !== undefined && json !== 'null' && !/^[-\d]/.test(json)) alignments[column] = 'left';
      });
      rows.push(values.map(cellText));
    },
    end() {
      if (header !== undefined) write(`${layOutTable(header, rows, alignments)}\n`);
    },
  };
}

function rowWriter(format: DelimitedFormat, write: (text: string) => void): RowWriter {
  switch (format) {
    case 'csv':
      return delimitedRows(write, ',', csvCell);
    case 'tsv':
      return delimitedRows(write, '\t', tsvCell);
    case 'table':
      return tableRows(write);
  }
}

/** An output in a format with a header. `say` names what did not fit under it. */
export function createFormattedOutput(
  format: DelimitedFormat,
  sink: ByteSink,
  say: (line: string) => void,
): ChainEnd {
  const out = createByteWriter();
  const rows = rowWriter(format, (text) => writeText(out, text));
  let names: readonly string[] | undefined;
  const leftOut = new Map<string, number>();

  const take = (members: readonly Member[]): void => {
    if (names === undefined) {
      names = members.map(([name]) => name);
      rows.header(names);
    }
    const values = new Map(members);
    rows.row(names.map((name) => values.get(name)));
    for (const [name] of members) if (!names.includes(name)) leftOut.set(name, (leftOut.get(name) ?? 0) + 1);
  };

  return {
    batch(batch) {
      for (let k = 0; k < batch.selected; k++) take(membersOf(recordText(batch, batch.selection[k]!)));
    },
    watermark() {},
    flush: () => leave(out, sink),
    barrier() {},
    end() {
      rows.end();
      leave(out, sink);
      for (const [name, count] of leftOut) {
        say(`leat: field ${name} of ${count} records is not in the header and was left out of the ${format}`);
      }
    },
    passControlLine() {},
    facts: () => ({ names: names ?? null, leftOut: [...leftOut] }),
    restore(facts) {
      const kept = facts as unknown as {
        readonly names?: readonly string[] | null;
        readonly leftOut?: [string, number][];
      };
      // The header stands in what was committed.
      names = kept.names ?? undefined;
      leftOut.clear();
      for (const [name, count] of kept.leftOut ?? []) leftOut.set(name, count);
    },
  };
}
