/** `leat state`: what stores hold. */
import type { InspectedOperator, StateEntry } from '../../backends/local/index.js';
import { didYouMean, problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import { layOutTable } from '../../formats/index.js';
import { numberOf, textOf } from '../../frontends/index.js';
import { type CheckpointEntry, listCheckpoints } from '../../state/index.js';
import { ageText, sizeText } from '../../terminal/index.js';
import { differences, entryLine, hasKey, type ReadState, readKey, readState } from './state-entries.js';
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

const operatorColumns: readonly TableColumn<InspectedOperator>[] = [
  { name: 'operator', cell: ({ uid }) => uid },
  { name: 'entries', alignment: 'right', cell: ({ entries }) => String(entries ?? '') },
  { name: 'state', alignment: 'right', cell: ({ lengthBytes }) => sizeText(lengthBytes) },
  { name: 'what it is', cell: ({ shape }) => shape },
];

export async function list(call: ToolCall): Promise<number> {
  const { operators } = await readState(call, textOf(call.options, 'at'));
  await printEntries(call, operators, operatorColumns, ({ uid, stage, shape, lengthBytes, entries }) => ({
    operator: uid,
    stage,
    ...(entries === undefined ? {} : { entries }),
    state_bytes: lengthBytes,
    shape,
  }));
  return 0;
}

/** Entries of all operators, or of the one that is asked for, which must be there. */
function entriesOf(
  { operators, entries, checkpoint }: ReadState,
  uid: string | undefined,
): readonly StateEntry[] {
  if (uid === undefined) return entries;
  if (operators.some((operator) => operator.uid === uid))
    return entries.filter(({ operator }) => operator === uid);
  const names = operators.map((operator) => operator.uid);
  throw problem({
    code: 'unknown-name',
    message: `checkpoint ${checkpoint.epoch} holds no state of an operator ${uid}`,
    hint: didYouMean(uid, names) ?? `there is state of ${names.join(', ') || 'none'}`,
  });
}

/** A JSON value as the text of a cell. */
function cellOf(json: string): string {
  if (json === 'null') return '';
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function tableOf(entries: readonly StateEntry[]): string {
  const rows = entries.map(({ window, key, value }) => [...window, ...key, ...value]);
  const names = rows[0]!.map(([name]) => name);
  const alignments = names.map((_, column) =>
    rows.every((row) => /^(null$|-?\d)/.test(row[column]![1])) ? ('right' as const) : ('left' as const),
  );
  const cells = rows.map((row) => row.map(([, json]) => cellOf(json)));
  return layOutTable(names, cells, alignments);
}

export async function show(call: ToolCall): Promise<number> {
  const { args, options } = call;
  const read = await readState(call, textOf(options, 'at'));
  const limit = numberOf(options, 'limit') ?? 20;
  const entries = entriesOf(read, args[0]);
  for (const { uid, shape, entries: count } of read.operators) {
    if (args[0] !== undefined && uid !== args[0]) continue;
    const first = entries.filter(({ operator }) => operator === uid).slice(0, limit);
    const about =
      count === undefined ? 'no entries to show' : `${count} ${count === 1 ? 'entry' : 'entries'}`;
    const shown = first.length < (count ?? 0) ? `, the first ${first.length}` : '';
    await print(`${uid}: ${shape}, ${about}${shown}\n`);
    if (first.length > 0) await print(`${tableOf(first)}\n`);
  }
  return 0;
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

export async function get(call: ToolCall): Promise<number> {
  const { args, options } = call;
  const key = readKey(textOf(options, 'key'));
  const read = await readState(call, textOf(options, 'at'));
  const found = entriesOf(read, args[0]).filter((entry) => hasKey(entry, key));
  await printLines(found.map(entryLine));
  if (found.length > 0) return 0;
  call.say(`leat: ${args[0]} knows nothing of this key`);
  return 1;
}

async function exportAll(call: ToolCall): Promise<number> {
  const read = await readState(call, textOf(call.options, 'at'));
  await printLines(entriesOf(read, call.args[0]).map(entryLine));
  return 0;
}

export { exportAll as export };

export async function diff(call: ToolCall): Promise<number> {
  const [before, after] = call.args;
  const from = await readState(call, before);
  const to = await readState(call, after);
  await printLines(differences(from.entries, to.entries));
  return 0;
}
