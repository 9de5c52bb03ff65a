/** `state`: looks into the state of a job, and takes it out as records. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, jsonOption, storeOption, word } from './tool-words.js';

const actions: readonly ActionSpec[] = [
  {
    name: 'checkpoints',
    summary: 'show the checkpoints that are kept',
    arguments: [],
    options: ['state', 'json'],
  },
  {
    name: 'list',
    summary: 'show the operators with state, and how much it is',
    arguments: [],
    options: ['state', 'at', 'json'],
  },
  {
    name: 'show',
    summary: 'show the first entries of each operator, or of one',
    arguments: [word('uid', 'name of the operator', { required: false })],
    options: ['state', 'at', 'limit'],
  },
  {
    name: 'get',
    summary: 'print what an operator knows of a key, as records',
    arguments: [word('uid', 'name of the operator')],
    options: ['state', 'at', 'key'],
  },
  {
    name: 'export',
    summary: 'print all entries as records',
    arguments: [word('uid', 'name of one operator', { required: false })],
    options: ['state', 'at', 'exact'],
  },
  {
    name: 'edit',
    summary: 'begin a new store from entries on stdin',
    arguments: [word('uid', 'name of one operator; the others stay as they are', { required: false })],
    options: ['state', 'at', 'to', 'job', 'plan', 'json'],
  },
  {
    name: 'diff',
    summary: 'print what differs between two checkpoints, as records',
    arguments: [
      word('before', 'number of a checkpoint, name or folder of a savepoint, folder of another store'),
      word('after', 'the same; by default the newest checkpoint', { required: false }),
    ],
    options: ['state'],
  },
];

export const stateCommand: ToolSpec = {
  name: 'state',
  summary: 'look at the state of a job, and change it',
  description: `Reads the newest checkpoint, or what --at names, also while the job is running; nothing here changes the store. An entry is what an
operator knows of a key, or of a window of a key, with the results as they would be now: {"operator": uid, "window_start": ...,
"window_end": ..., "key": {...}, "value": {...}}. In a difference "change" is + for what came, - for what went and ~ for what is
another, which then has the value of before as well.

With --exact an entry has "state" too: what was accumulated, from which the entry can be made again. edit reads such lines and
begins a new store, in which they stand in place of the entries that the checkpoint had; positions of the input and all other
state are taken over, and a run with --state of the new folder goes on from there. With --plan there is no checkpoint: the new
store is the first of a job that begins with these entries. A line that does not fit is refused, and nothing is written.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [
    storeOption,
    {
      flags: '--at <checkpoint>',
      name: 'at',
      kind: 'text',
      summary: 'number of a checkpoint, or name or folder of a savepoint, or folder of another store',
    },
    {
      flags: '--exact',
      name: 'exact',
      kind: 'flag',
      summary: 'export: what was accumulated as well, from which edit makes the entries again',
    },
    {
      flags: '--to <folder>',
      name: 'to',
      kind: 'text',
      summary: 'edit: folder of the new store, which is not there yet',
    },
    {
      flags: '--plan <pipeline>',
      name: 'plan',
      kind: 'text',
      summary: 'edit: pipeline text, or a file that holds it or a plan, of a job that never ran',
    },
    {
      flags: '--job <name>',
      name: 'job',
      kind: 'text',
      summary: 'edit: name of the job; by default that of the store',
    },
    {
      flags: '--key <json>',
      name: 'key',
      kind: 'text',
      summary: `get: the key, or some of its fields, such as '{"user":"u1"}'; without it all keys`,
    },
    {
      flags: '--limit <n>',
      name: 'limit',
      kind: 'integer',
      default: '20',
      summary: 'show: entries of an operator',
    },
    jsonOption,
  ],
  examples: [
    { shell: 'leat state list --state state', says: 'which operators keep how much' },
    {
      shell: `leat state get 3-aggregate --key '{"user":"u1"}' --state state`,
      says: 'what is known of one user',
    },
    { shell: 'leat state export --state state > state.ndjson', says: 'everything, as records' },
    { shell: 'leat state diff before-upgrade --state state', says: 'what has changed since a savepoint' },
    {
      shell: `leat state export --exact --state state | grep -v '"user":"u1"' | leat state edit --state state --to edited`,
      says: 'a new store that knows nothing of one user',
    },
  ],
};
