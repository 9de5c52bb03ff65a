/** `leat savepoint`: takes, lists, restores and deletes savepoints, through what the room of state knows of them. */
import path from 'node:path';
import { processHolders } from '../../backends/local/index.js';
import { problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import { textOf } from '../../frontends/index.js';
import {
  deleteSavepoint,
  listSavepoints,
  openJobStore,
  readSavepoint,
  type SavepointEntry,
  savepointPath,
  storedJob,
  takeSavepoint,
} from '../../state/index.js';
import { ageText, sizeText } from '../../terminal/index.js';
import { isoTime, print, printEntries, printFacts, type TableColumn, type ToolCall } from './tool-call.js';

interface SizedSavepoint extends SavepointEntry {
  /** Of the state in it; undefined when it is damaged. */
  readonly lengthBytes: number | undefined;
}

async function withSize(entry: SavepointEntry): Promise<SizedSavepoint> {
  try {
    const { checkpoint } = await readSavepoint(realDisk, entry.path);
    const lengths = checkpoint.parts.flatMap(({ operators }) => operators.map((one) => one.lengthBytes));
    return { ...entry, lengthBytes: lengths.reduce((sum, length) => sum + length, 0) };
  } catch {
    return { ...entry, manifest: undefined, lengthBytes: undefined };
  }
}

function recordOf({ name, path, manifest, lengthBytes }: SizedSavepoint): Record<string, unknown> {
  const about =
    manifest === undefined
      ? { damaged: true }
      : {
          job: manifest.job,
          checkpoint: manifest.epoch,
          completed_at: isoTime(manifest.completedAt),
          finished: manifest.finished,
          state_bytes: lengthBytes,
        };
  return { savepoint: name, path, ...about };
}

const columns: readonly TableColumn<SizedSavepoint>[] = [
  { name: 'savepoint', cell: ({ name }) => name },
  { name: 'job', cell: ({ manifest }) => manifest?.job ?? '' },
  {
    name: 'checkpoint',
    alignment: 'right',
    cell: ({ manifest }) => (manifest === undefined ? 'damaged' : String(manifest.epoch)),
  },
  {
    name: 'completed',
    cell: ({ manifest }) => (manifest === undefined ? '' : ageText(Date.now() - manifest.completedAt)),
  },
  {
    name: 'state',
    alignment: 'right',
    cell: ({ lengthBytes }) => (lengthBytes === undefined ? '' : sizeText(lengthBytes)),
  },
];

/** Where a savepoint that is named on the command line lies. */
export function namedSavepoint(store: string, name: string): string {
  return savepointPath(store, name.includes('/') ? path.resolve(name) : name);
}

/** Says what was kept. */
export async function printTaken(call: ToolCall, entry: SavepointEntry): Promise<void> {
  const sized = await withSize(entry);
  if (call.options['json'] === true) await print(`${JSON.stringify(recordOf(sized))}\n`);
  else await print(`savepoint ${entry.name}: checkpoint ${entry.manifest?.epoch} in ${entry.path}\n`);
}

export async function take(call: ToolCall): Promise<number> {
  const { args, options, store } = call;
  const to = textOf(options, 'to');
  if ((args[0] === undefined) === (to === undefined)) {
    throw problem({
      code: 'usage',
      message: 'a savepoint has a name in the store, or with --to a folder of its own',
      hint: 'leat savepoint take NAME, or leat savepoint take --to FOLDER',
    });
  }
  const where = to === undefined ? args[0]! : path.resolve(to);
  await printTaken(call, await takeSavepoint(realDisk, store, where));
  return 0;
}

export async function list(call: ToolCall): Promise<number> {
  await storedJob(realDisk, call.store, 'required');
  const entries = await listSavepoints(realDisk, call.store);
  await printEntries(call, await Promise.all(entries.map(withSize)), columns, recordOf);
  return 0;
}

export async function restore(call: ToolCall): Promise<number> {
  const { args, options, store } = call;
  const to = textOf(options, 'to');
  if (to === undefined) {
    throw problem({
      code: 'usage',
      message: 'restore begins a new store, and needs a place for it',
      hint: 'add --to FOLDER',
    });
  }
  const target = path.resolve(to);
  if ((await storedJob(realDisk, target)) !== undefined) {
    throw problem({
      code: 'state',
      message: 'there is the state of a job already',
      place: { kind: 'file', path: target },
      hint: 'give another folder, or start the job of that store with --from-savepoint',
    });
  }
  const savepoint = namedSavepoint(store, args[0]!);
  const { job, checkpoint } = await readSavepoint(realDisk, savepoint);
  const opened = await openJobStore(realDisk, target, {
    job: textOf(options, 'job') ?? job,
    holders: processHolders(),
    clock: { now: Date.now, wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    takeOver: false,
    savepoint,
  });
  await opened.release();
  await printFacts(
    call,
    [
      ['store', target],
      ['job', opened.job],
      ['checkpoint', `${checkpoint.epoch}, of the savepoint ${checkpoint.savepoint}`],
    ],
    { store: target, job: opened.job, checkpoint: checkpoint.epoch, savepoint: checkpoint.savepoint },
  );
  return 0;
}

async function remove(call: ToolCall): Promise<number> {
  const [name] = call.args;
  await deleteSavepoint(realDisk, call.store, name!);
  await printFacts(call, [['deleted', name!]], { deleted: name });
  return 0;
}

export { remove as delete };
