/** `state`: looks into the state of a job, and takes it out and in as records. */
import { storeOption } from './savepoint.js';
import type { ToolSpec } from './spec.js';

export const stateCommand: ToolSpec = {
  name: 'state',
  summary: 'look at, export, edit and compare the state of a job',
  description: `Reads the newest checkpoint, or the one or the savepoint that --at names. "checkpoints" lists what is kept. "list" shows the operators
with state, "show" their keyed state in short, "get" the entries of one key, "export" all of it as records of NDJSON. "edit" reads such
records from stdin and begins a new store with them; operators of which there are no records are as they were. "diff" says what differs
between two checkpoints. Nothing here changes the store of a job that lives.`,
  role: 'tool',
  arguments: [
    {
      name: 'action',
      summary: 'list, show, get, export, edit, diff or checkpoints',
      required: true,
      variadic: false,
      kind: 'word',
    },
    {
      name: 'what',
      summary: 'uid of an operator; for diff two checkpoints',
      required: false,
      variadic: true,
      kind: 'word',
    },
  ],
  options: [
    storeOption,
    {
      flags: '--at <checkpoint>',
      name: 'at',
      kind: 'text',
      summary: 'number of a checkpoint, or name or folder of a savepoint',
    },
    { flags: '--key <json>', name: 'key', kind: 'text', summary: `get: the key, such as '{"user":"u1"}'` },
    { flags: '--to <folder>', name: 'to', kind: 'text', summary: 'edit: the new store' },
    {
      flags: '--limit <n>',
      name: 'limit',
      kind: 'integer',
      default: '20',
      summary: 'show: entries of an operator',
    },
  ],
  examples: [
    { shell: 'leat state list --state state', says: 'which operators keep how much' },
    {
      shell: `leat state get 3-aggregate --key '{"user":"u1"}' --state state`,
      says: 'what is known of one user',
    },
    { shell: 'leat state export --state state > state.ndjson', says: 'everything, as records' },
  ],
};
