/** `leat state`: what stores hold. */
import type { InspectedOperator, StateEntry } from '../../backends/local/index.js';
import { realDisk } from '../../disk/index.js';
import { layOutTable } from '../../formats/index.js';
import { numberOf, textOf } from '../../frontends/index.js';
import { type CheckpointEntry, listCheckpoints } from '../../state/index.js';
import { ageText, sizeText } from '../../terminal/index.js';
import {
  differences,
  entriesOf,
  entryLine,
  exactLine,
  hasKey,
  operatorsNamed,
  type ReadState,
  readKey,
  readState,
  type ShownValues,
} from './state-entries.js';
import { isoTime, print, printEntries, type TableColumn, type ToolCall } from './tool-call.js';

const columns: readonly TableColumn<CheckpointEntry>[] = [
  { name: 'checkpoint', alignment: 'right', cell: ({ epoch }) => String(epoch) },
  { name: 'run', alignment: 'right', cell: ({ generation }) => String(generation) },
  { name: 'state', cell: ({ state }) => state },
  {
    name: 'completed',
    cell: ({ facts }) => (facts === undefined ? '' : ageText(Date.now() - facts.completedAt)),
  },
  { name: 'stages', alignment: 'right', cell: ({ facts }) => String(facts?.stages ?? '') },
  {
    name: 'about',
    cell: ({ facts }) =>
      [
        facts?.finished === true ? 'the end of the input' : '',
        facts?.savepoint === undefined ? '' : `since the savepoint ${facts.savepoint}`,
      ]
        .filter((text) => text !== '')
        .join(', '),
  },
];

export async function checkpoints(call: ToolCall): Promise<number> {
  const entries = await listCheckpoints(realDisk, call.store);
  await printEntries(call, entries, columns, ({ epoch, generation, state, facts }) => ({
    checkpoint: epoch,
    run: generation,
    state,
    ...(facts === undefined
      ? {}
      : {
          completed_at: isoTime(facts.completedAt),
          finished: facts.finished,
          stages: facts.stages,
          ...(facts.savepoint === undefined ? {} : { savepoint: facts.savepoint }),
        }),
  }));
  return 0;
}

interface CountedOperator extends Pick<InspectedOperator, 'uid' | 'stage' | 'shape' | 'lengthBytes'> {
  /** Undefined for state that is not by key, or that cannot be shown. */
  readonly count: number | undefined;
}

function counted(operator: InspectedOperator): CountedOperator {
  if (operator.entries === undefined) return { ...operator, count: undefined };
  let count = 0;
  for (const _ of operator.entries()) count++;
  return { ...operator, count };
}

const operatorColumns: readonly TableColumn<CountedOperator>[] = [
  { name: 'operator', cell: ({ uid }) => uid },
  { name: 'entries', alignment: 'right', cell: ({ count }) => String(count ?? '') },
  { name: 'state', alignment: 'right', cell: ({ lengthBytes }) => sizeText(lengthBytes) },
  { name: 'what it is', cell: ({ shape }) => shape },
];

/** Reads the state that is asked for and has something done with it. */
async function withState<Result>(
  call: ToolCall,
  at: string | undefined,
  act: (read: ReadState) => Promise<Result>,
): Promise<Result> {
  const read = await readState(call, at);
  try {
    return await act(read);
  } finally {
    await read.close();
  }
}

export async function list(call: ToolCall): Promise<number> {
  return await withState(call, textOf(call.options, 'at'), async ({ operators }) => {
    await printEntries(call, operators.map(counted), operatorColumns, (one) => ({
      operator: one.uid,
      stage: one.stage,
      ...(one.count === undefined ? {} : { entries: one.count }),
      state_bytes: one.lengthBytes,
      shape: one.shape,
    }));
    return 0;
  });
}

/** A JSON value as the text of a cell. */
function cellOf(json: string): string {
  if (json === 'null') return '';
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function tableOf(entries: readonly ShownValues[]): string {
  const rows = entries.map(({ window, key, value }) => [...window, ...key, ...value]);
  const names = rows[0]!.map(([name]) => name);
  const alignments = names.map((_, column) =>
    rows.every((row) => /^(null$|-?\d)/.test(row[column]![1])) ? ('right' as const) : ('left' as const),
  );
  const cells = rows.map((row) => row.map(([, json]) => cellOf(json)));
  return layOutTable(names, cells, alignments);
}

/** A table for each kind of entries: an operator that is two has kept records and groups. */
function tablesOf(entries: readonly ShownValues[]): string {
  const namesOf = ({ window, key, value }: ShownValues): string =>
    JSON.stringify([...window, ...key, ...value].map(([name]) => name));
  const kinds = new Map<string, ShownValues[]>();
  for (const entry of entries) {
    const names = namesOf(entry);
    const kind = kinds.get(names) ?? [];
    kinds.set(names, kind);
    kind.push(entry);
  }
  return [...kinds.values()].map(tableOf).join('\n');
}

/** The first entries of an operator, and how many there are. */
function firstOf({ entries }: InspectedOperator, limit: number) {
  const first: ShownValues[] = [];
  let count = 0;
  for (const entry of entries?.() ?? []) if (++count <= limit) first.push(entry);
  return { first, count };
}

export async function show(call: ToolCall): Promise<number> {
  const { args, options } = call;
  return await withState(call, textOf(options, 'at'), async (read) => {
    const limit = numberOf(options, 'limit') ?? 20;
    for (const operator of operatorsNamed(read, args[0])) {
      const { first, count } = firstOf(operator, limit);
      const about =
        operator.entries === undefined
          ? 'no entries to show'
          : `${count} ${count === 1 ? 'entry' : 'entries'}`;
      const shown = first.length < count ? `, the first ${first.length}` : '';
      await print(`${operator.uid}: ${operator.shape}, ${about}${shown}\n`);
      if (first.length > 0) await print(`${tablesOf(first)}\n`);
    }
    return 0;
  });
}

/** Prints lines in pieces that are large enough. Ends when nobody reads. */
async function printLines(lines: Iterable<string>): Promise<void> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 1 << 16) continue;
    if (!(await print(text))) return;
    text = '';
  }
  if (text !== '') await print(text);
}

function* linesWithKey(entries: Iterable<StateEntry>, key: ReturnType<typeof readKey>): Generator<string> {
  for (const entry of entries) if (hasKey(entry, key)) yield entryLine(entry);
}

export async function get(call: ToolCall): Promise<number> {
  const { args, options } = call;
  const key = readKey(textOf(options, 'key'));
  return await withState(call, textOf(options, 'at'), async (read) => {
    const lines = [...linesWithKey(entriesOf(operatorsNamed(read, args[0])), key)];
    await printLines(lines);
    if (lines.length > 0) return 0;
    call.say(`leat: ${args[0]} knows nothing of this key`);
    return 1;
  });
}

function* linesOf(entries: Iterable<StateEntry>, isExact: boolean): Generator<string> {
  for (const entry of entries) yield isExact ? exactLine(entry) : entryLine(entry);
}

async function exportAll(call: ToolCall): Promise<number> {
  const { args, options } = call;
  return await withState(call, textOf(options, 'at'), async (read) => {
    await printLines(linesOf(entriesOf(operatorsNamed(read, args[0])), options['exact'] === true));
    return 0;
  });
}

export { exportAll as export };

export async function diff(call: ToolCall): Promise<number> {
  const [before, after] = call.args;
  return await withState(call, before, async (from) =>
    withState(call, after, async (to) => {
      await printLines(differences(entriesOf(from.operators), entriesOf(to.operators)));
      return 0;
    }),
  );
}
