/** `job`: what the stores say about jobs, and an end to a run. */
import { storeOption } from './savepoint.js';
import type { ToolSpec } from './spec.js';

export const jobCommand: ToolSpec = {
  name: 'job',
  summary: 'see and stop the jobs of stores',
  description: `"status" says which job a store belongs to, whether a run of it lives, and how far it has come. "list" says the same of each
store among some folders, a line each. "stop" asks the run to stop with a last checkpoint and waits until it has; with --savepoint
it takes one after that. The state stays: the same line typed again goes on from there.`,
  role: 'tool',
  arguments: [
    { name: 'action', summary: 'list, status or stop', required: true, variadic: false, kind: 'word' },
    { name: 'folder', summary: 'list: folders to look at', required: false, variadic: true, kind: 'word' },
  ],
  options: [
    storeOption,
    {
      flags: '--savepoint <name>',
      name: 'savepoint',
      kind: 'text',
      summary: 'stop: take a savepoint of the end',
    },
    {
      flags: '--wait <duration>',
      name: 'wait',
      kind: 'duration',
      default: '1m',
      unit: 'duration',
      summary: 'stop: how long to wait for the run to end',
    },
    { flags: '--json', name: 'json', kind: 'flag', summary: 'one record a line' },
  ],
  examples: [
    { shell: 'leat job status --state state', says: 'how a job is' },
    {
      shell: 'leat job stop --state state --savepoint before-upgrade',
      says: 'stop, and keep the state by name',
    },
  ],
};
