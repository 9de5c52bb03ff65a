/** `job`: what the stores say about jobs, and an end to a run. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, jsonOption, storeOption, word } from './tool-words.js';

const actions: readonly ActionSpec[] = [
  {
    name: 'list',
    summary: 'show the jobs whose stores are among some folders, or in them',
    arguments: [word('folder', 'where to look; by default here', { required: false, variadic: true })],
    options: ['json'],
  },
  {
    name: 'status',
    summary: 'show which job a store belongs to, whether a run of it lives, and how far it has come',
    arguments: [],
    options: ['state', 'json'],
  },
  {
    name: 'stop',
    summary: 'ask the run to stop with a last checkpoint, and wait until it has',
    arguments: [],
    options: ['state', 'savepoint', 'wait', 'json'],
  },
];

export const jobCommand: ToolSpec = {
  name: 'job',
  summary: 'see and stop the jobs of stores',
  description: `Looks at the stores of jobs, which were given with --state. Nothing is changed by looking. After a stop the state stays: the same
line typed again goes on from there. A job that was not running makes the exit status of a stop 1.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [
    storeOption,
    {
      flags: '--savepoint <name>',
      name: 'savepoint',
      kind: 'text',
      summary: 'stop: take a savepoint of the end, under a name or in a folder',
    },
    {
      flags: '--wait <duration>',
      name: 'wait',
      kind: 'duration',
      default: '1m',
      unit: 'duration',
      summary: 'stop: how long to wait for the run to end',
    },
    jsonOption,
  ],
  examples: [
    { shell: 'leat job status --state state', says: 'how a job is' },
    { shell: 'leat job list', says: 'the jobs that keep their state here' },
    {
      shell: 'leat job stop --state state --savepoint before-upgrade',
      says: 'stop, and keep the state by name',
    },
  ],
};
