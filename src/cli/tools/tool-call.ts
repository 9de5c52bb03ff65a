/**
 * What an action of a tool is called with, and what it answers with: lines on stdout, a table for people or NDJSON for
 * programs, never both. A reader that has gone ends the writing quietly.
 */

import { type Alignment, layOutTable } from '../../formats/index.js';
import type { OptionValues } from '../../frontends/index.js';

export interface ToolCall {
  readonly args: readonly string[];
  readonly options: OptionValues;
  /** Absolute path of the store that --state names. */
  readonly store: string;
  /** Writes one line for the user (stderr). */
  say(line: string): void;
}

/** Does it and resolves to the exit status. */
export type ToolAction = (call: ToolCall) => Promise<number>;

/** Failures of stdout come to the callbacks of the writes; nobody else is to fall over them. */
const ignore = (): void => {};

/** Writes to stdout; resolves to false when nobody reads it any more. */
export function print(text: string): Promise<boolean> {
  if (!process.stdout.listeners('error').includes(ignore)) process.stdout.on('error', ignore);
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
}

/** A column of a table, made of an entry. */
export interface TableColumn<Entry> {
  readonly name: string;
  readonly alignment?: Alignment;
  cell(entry: Entry): string;
}

/** Entries as a table, or each as the JSON of what `record` makes of it. */
export async function printEntries<Entry>(
  { options }: ToolCall,
  entries: readonly Entry[],
  columns: readonly TableColumn<Entry>[],
  record: (entry: Entry) => Readonly<Record<string, unknown>>,
): Promise<void> {
  if (options['json'] === true) {
    await print(entries.map((entry) => `${JSON.stringify(record(entry))}\n`).join(''));
    return;
  }
  const rows = entries.map((entry) => columns.map((column) => column.cell(entry)));
  const alignments = columns.map(({ alignment }) => alignment ?? 'left');
  const names = columns.map(({ name }) => name);
  await print(`${layOutTable(names, rows, alignments)}\n`);
}

/** One entry as lines of a name and what it is, or as one record. */
export async function printFacts(
  { options }: ToolCall,
  facts: readonly (readonly [string, string])[],
  record: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (options['json'] === true) {
    await print(`${JSON.stringify(record)}\n`);
    return;
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  await print(facts.map(([name, fact]) => `${name.padEnd(width)}  ${fact}\n`).join(''));
}

/** An instant for programs. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
