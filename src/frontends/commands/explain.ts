/** `explain`: shows the plan of a pipeline without running it. */
import { pipelineArgument } from './run.js';
import type { CommandSpec } from './spec.js';

export const explainCommand: CommandSpec = {
  name: 'explain',
  summary: 'show the plan of a pipeline without running it',
  description: `Prints what each node of the plan does, with its id, event time, key and window, from the output back to the source.
With --json it prints the plan as data: what "leat run" accepts as a file.`,
  role: 'question',
  arguments: [pipelineArgument],
  options: [{ flags: '--json', name: 'json', kind: 'flag', summary: 'print the plan as JSON' }],
  examples: [
    {
      shell: `leat explain "from clicks.ndjson --time ts | window tumble 10s | aggregate count(*) --by country"`,
      says: 'the plan as a tree',
    },
  ],
  toNodes: (args, _options, context) => context.pipeline(args.join(' ')),
};
