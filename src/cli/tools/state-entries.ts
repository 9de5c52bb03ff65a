/** Entries of state: which checkpoint they are read from, how they are spelled as records, and how two of them differ. */
import {
  type InspectedOperator,
  inspectState,
  type Member,
  processHolders,
  type StateEntry,
} from '../../backends/local/index.js';
import { problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import { readCheckpoint, readSavepoint, readStore, type StoredCheckpoint } from '../../state/index.js';
import { namedSavepoint } from './savepoint.js';
import type { ToolCall } from './tool-call.js';

/** The state of a checkpoint, all of it. */
export interface ReadState {
  readonly checkpoint: StoredCheckpoint;
  readonly operators: readonly InspectedOperator[];
  readonly entries: readonly StateEntry[];
}

async function newest(store: string): Promise<StoredCheckpoint> {
  const { newest, findings } = await readStore(realDisk, store, processHolders());
  if (newest !== undefined) return newest;
  throw problem({
    code: 'state',
    message: findings[0] ?? 'there is no checkpoint yet',
    place: { kind: 'file', path: store },
    hint: 'wait for the first checkpoint of the job',
  });
}

async function checkpointAt(store: string, at: string | undefined): Promise<StoredCheckpoint> {
  if (at === undefined) return await newest(store);
  if (/^\d+$/.test(at)) return await readCheckpoint(realDisk, store, Number(at));
  return (await readSavepoint(realDisk, namedSavepoint(store, at))).checkpoint;
}

const mostAttempts = 10;

/** Whether a checkpoint is still kept: a running job deletes old ones, also while they are read. */
async function isKept(store: string, { epoch }: StoredCheckpoint): Promise<boolean> {
  return await readCheckpoint(realDisk, store, epoch).then(
    () => true,
    () => false,
  );
}

/** Reads the state at a checkpoint, or the newest. */
export async function readState({ store, say }: ToolCall, at: string | undefined): Promise<ReadState> {
  for (let attempt = 1; ; attempt++) {
    const checkpoint = await checkpointAt(store, at);
    const entries: StateEntry[] = [];
    try {
      const operators = await inspectState(
        checkpoint,
        (entry) => entries.push(entry),
        (line) => say(`leat: ${line}`),
      );
      return { checkpoint, operators, entries };
    } catch (error) {
      const wasDeleted = at === undefined && attempt < mostAttempts && !(await isKept(store, checkpoint));
      if (!wasDeleted) throw error;
    }
  }
}

const objectOf = (members: readonly Member[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

function headOf({ operator, window, key }: StateEntry): string {
  const bounds = window.map(([name, json]) => `,${JSON.stringify(name)}:${json}`).join('');
  return `"operator":${JSON.stringify(operator)}${bounds},"key":${objectOf(key)}`;
}

/** An entry as a line of NDJSON. */
export function entryLine(entry: StateEntry): string {
  return `{${headOf(entry)},"value":${objectOf(entry.value)}}\n`;
}

/** What differs, a line for each entry: those of `after` in their order, then what is not there any more. */
export function* differences(before: readonly StateEntry[], after: readonly StateEntry[]): Generator<string> {
  // Count windows of a key have nothing else to be told apart by: the n-th of a key is compared with the n-th.
  const grouped = (entries: readonly StateEntry[]): Map<string, StateEntry> => {
    const seen = new Map<string, number>();
    return new Map(
      entries.map((entry) => {
        const head = headOf(entry);
        const nth = (seen.get(head) ?? 0) + 1;
        seen.set(head, nth);
        return [`${nth} ${head}`, entry];
      }),
    );
  };
  const known = grouped(before);
  for (const [id, entry] of grouped(after)) {
    const was = known.get(id);
    known.delete(id);
    const value = objectOf(entry.value);
    if (was === undefined) yield `{"change":"+",${headOf(entry)},"value":${value}}\n`;
    else if (objectOf(was.value) !== value) {
      yield `{"change":"~",${headOf(entry)},"before":${objectOf(was.value)},"value":${value}}\n`;
    }
  }
  for (const entry of known.values()) {
    yield `{"change":"-",${headOf(entry)},"value":${objectOf(entry.value)}}\n`;
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
  return names.every((name) => sameValue((a as never)[name], (b as never)[name]));
}

/** Whether the key of an entry has these members. */
export function hasKey({ key }: StateEntry, wanted: Readonly<Record<string, unknown>>): boolean {
  const members = new Map(key);
  return Object.entries(wanted).every(([name, value]) => {
    const json = members.get(name);
    return json !== undefined && sameValue(JSON.parse(json), value);
  });
}

/** Reads the text of --key. */
export function readKey(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // It is refused below, as any other value is.
  }
  throw problem({
    code: 'usage',
    message: '--key is not a JSON object',
    place: { kind: 'text', text, start: 0, end: text.length },
    hint: `write it as the key of an entry, such as '{"user":"u1"}'`,
  });
}
