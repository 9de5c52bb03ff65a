/** `state`: looks into the state of a job. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, jsonOption, storeOption } from './tool-words.js';

const actions: readonly ActionSpec[] = [
  {
    name: 'checkpoints',
    summary: 'show the checkpoints that are kept',
    arguments: [],
    options: ['state', 'json'],
  },
];

export const stateCommand: ToolSpec = {
  name: 'state',
  summary: 'look at the state of a job',
  description: `Reads what a store holds, also while its job is running. Nothing here changes the store of a job.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [storeOption, jsonOption],
  examples: [{ shell: 'leat state checkpoints --state state', says: 'how far back a job can go' }],
};
