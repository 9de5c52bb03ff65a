/** `savepoint`: copies of a job's state that stay until somebody deletes them. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, jsonOption, storeOption, word } from './tool-words.js';

const actions: readonly ActionSpec[] = [
  {
    name: 'take',
    summary: 'make one of the newest checkpoint, also of a job that is running',
    arguments: [word('name', 'its name in the store; with --to it has none', { required: false })],
    options: ['state', 'to', 'json'],
  },
  {
    name: 'list',
    summary: 'show those in the store',
    arguments: [],
    options: ['state', 'json'],
  },
  {
    name: 'restore',
    summary: 'begin a new store with one',
    arguments: [word('savepoint', 'its name, or its folder')],
    options: ['state', 'to', 'job', 'json'],
  },
  {
    name: 'delete',
    summary: 'remove one from the store',
    arguments: [word('name', 'its name')],
    options: ['state', 'json'],
  },
];

export const savepointCommand: ToolSpec = {
  name: 'savepoint',
  summary: 'take, list, restore and delete savepoints',
  description: `A savepoint is a copy of the newest checkpoint that holds everything it needs: it can be moved to another folder or machine, and
leat never deletes one by itself. With --to it goes to a folder of its own instead of the store. A run starts from one with
--from-savepoint, also when its pipeline has changed: operators are found by their uid, new ones begin empty.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [
    storeOption,
    {
      flags: '--to <folder>',
      name: 'to',
      kind: 'text',
      summary: 'take: put the savepoint into this folder; restore: the store that begins with it',
    },
    {
      flags: '--job <name>',
      name: 'job',
      kind: 'text',
      summary: 'restore: name of the job of the new store; without it that of the savepoint',
    },
    jsonOption,
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
