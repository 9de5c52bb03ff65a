/** `savepoint`: copies of a job's state that stay until somebody deletes them. */
import type { OptionSpec, ToolSpec } from './spec.js';

/** Where a tool finds the store. */
export const storeOption: OptionSpec = {
  flags: '--state <folder>',
  name: 'state',
  kind: 'text',
  default: './state',
  summary: 'folder of the store',
};

export const savepointCommand: ToolSpec = {
  name: 'savepoint',
  summary: 'take, list, restore and delete savepoints',
  description: `A savepoint is a copy of the newest checkpoint that holds everything it needs: it can be moved to another folder or machine, and
leat never deletes it by itself. "take" makes one, also of a job that is running; with --to it goes to a folder of its
own instead of the store. "restore" begins a new store from a savepoint. A run starts from one with --from-savepoint, also when
its pipeline has changed: operators are found by their uid, new ones begin empty.`,
  role: 'tool',
  arguments: [
    {
      name: 'action',
      summary: 'take, list, restore or delete',
      required: true,
      variadic: false,
      kind: 'word',
    },
    {
      name: 'savepoint',
      summary: 'name of the savepoint; for restore also the folder of one',
      required: false,
      variadic: false,
      kind: 'word',
    },
  ],
  options: [
    storeOption,
    {
      flags: '--to <folder>',
      name: 'to',
      kind: 'text',
      summary: 'take: put the savepoint into this folder; restore: the store that begins with it',
    },
    { flags: '--json', name: 'json', kind: 'flag', summary: 'list: one record a line' },
  ],
  examples: [
    { shell: 'leat savepoint take before-upgrade --state state', says: 'keep what the job knows now' },
    { shell: 'leat savepoint list --state state', says: 'the savepoints of a job' },
    {
      shell: 'leat savepoint restore before-upgrade --state state --to new-state',
      says: 'a new store that goes on from there',
    },
  ],
};
