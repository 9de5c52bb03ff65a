/** Entries of state: which checkpoint they are read from, how they are spelled as records, and how two of them differ. */
import {
  type InspectedOperator,
  type Inspection,
  inspectState,
  type Member,
  processHolders,
  type StateEntry,
} from '../../backends/local/index.js';
import { didYouMean, problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import {
  readCheckpoint,
  readSavepoint,
  readStore,
  type StoredCheckpoint,
  storedJob,
} from '../../state/index.js';
import { namedSavepoint } from './savepoint.js';
import type { ToolCall } from './tool-call.js';

/** The state of a checkpoint. What was opened for it is to be closed. */
export interface ReadState extends Inspection {
  readonly job: string;
  readonly checkpoint: StoredCheckpoint;
}

type Found = Pick<ReadState, 'job' | 'checkpoint'>;

async function newest(store: string): Promise<Found> {
  const { job, newest, findings } = await readStore(realDisk, store, processHolders());
  if (newest !== undefined) return { job, checkpoint: newest };
  throw problem({
    code: 'state',
    message: findings[0] ?? 'there is no checkpoint yet',
    place: { kind: 'file', path: store },
    hint: 'wait for the first checkpoint of the job',
  });
}

async function checkpointAt(store: string, at: string | undefined): Promise<Found> {
  if (at === undefined) return await newest(store);
  if (/^\d+$/.test(at)) {
    const job = await storedJob(realDisk, store, 'required');
    return { job, checkpoint: await readCheckpoint(realDisk, store, Number(at)) };
  }
  const folder = namedSavepoint(store, at);
  const isStore = at.includes('/') && (await storedJob(realDisk, folder)) !== undefined;
  return isStore ? await newest(folder) : await readSavepoint(realDisk, folder);
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
    const found = await checkpointAt(store, at);
    try {
      return {
        ...found,
        ...(await inspectState(found.checkpoint, realDisk, (line) => say(`leat: ${line}`))),
      };
    } catch (error) {
      const wasDeleted =
        at === undefined && attempt < mostAttempts && !(await isKept(store, found.checkpoint));
      if (!wasDeleted) throw error;
    }
  }
}

/** The operator that is asked for, which must be there; all when none is. */
export function operatorsNamed(
  { operators, checkpoint }: ReadState,
  uid: string | undefined,
): readonly InspectedOperator[] {
  if (uid === undefined) return operators;
  const found = operators.filter((operator) => operator.uid === uid);
  if (found.length > 0) return found;
  const names = operators.map((operator) => operator.uid);
  throw problem({
    code: 'unknown-name',
    message: `checkpoint ${checkpoint.epoch} holds no state of an operator ${uid}`,
    hint: didYouMean(uid, names) ?? `there is state of ${names.join(', ') || 'none'}`,
  });
}

/** The entries of operators, one after the other; a state is to be asked for before the next entry. */
export function* entriesOf(operators: readonly InspectedOperator[]): Generator<StateEntry> {
  for (const { entries } of operators) if (entries !== undefined) yield* entries();
}

/** What can be read of an entry. */
export type ShownValues = Omit<StateEntry, 'state'>;

const objectOf = (members: readonly Member[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

function headOf({ operator, window, key }: ShownValues): string {
  const bounds = window.map(([name, json]) => `,${JSON.stringify(name)}:${json}`).join('');
  return `"operator":${JSON.stringify(operator)}${bounds},"key":${objectOf(key)}`;
}

/** An entry as a line of NDJSON. */
export function entryLine(entry: ShownValues): string {
  return `{${headOf(entry)},"value":${objectOf(entry.value)}}\n`;
}

/** The same with all that it takes to bring the entry back. */
export function exactLine(entry: StateEntry): string {
  return `{${headOf(entry)},"value":${objectOf(entry.value)},"state":${JSON.stringify(entry.state())}}\n`;
}

/** What differs, a line for each entry: those of `after` in their order, then what is not there any more. */
export function* differences(before: Iterable<ShownValues>, after: Iterable<ShownValues>): Generator<string> {
  // Count windows of a key have nothing else to be told apart by: the n-th of a key is compared with the n-th.
  const grouped = (entries: Iterable<ShownValues>): Map<string, ShownValues> => {
    const seen = new Map<string, number>();
    const all = new Map<string, ShownValues>();
    for (const entry of entries) {
      const head = headOf(entry);
      const nth = (seen.get(head) ?? 0) + 1;
      seen.set(head, nth);
      all.set(`${nth} ${head}`, entry);
    }
    return all;
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
export function hasKey({ key }: ShownValues, wanted: Readonly<Record<string, unknown>>): boolean {
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
