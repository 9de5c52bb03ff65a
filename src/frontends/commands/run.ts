/** `run`: runs a whole pipeline in one process. */
import type { CommandSpec } from './spec.js';

export const pipelineArgument = {
  name: 'pipeline',
  summary: 'pipeline text, or one word: a file that holds it or a plan',
  required: true,
  variadic: true,
  kind: 'expression',
} as const;

export const runCommand: CommandSpec = {
  name: 'run',
  summary: 'run a whole pipeline in one process',
  description: `Takes stages separated by |, written as on the command line without "leat". Expressions need no quotes: one ends at the
next | outside strings and brackets or at the next --option. A pipeline may span lines and hold # comments, and a file
that begins with #!/usr/bin/env -S leat run can be executed. Without a source it reads stdin, without "to" it writes to
stdout. The answer is that of the same stages typed as a shell pipe; only it comes sooner.`,
  role: 'question',
  arguments: [pipelineArgument],
  options: [
    {
      flags: '--restart <policy>',
      name: 'restart',
      kind: 'text',
      default: 'none',
      summary: 'start again after a failure: none, exponential (pauses of 1 s to 1 min), or at most 10/1m',
    },
  ],
  examples: [
    {
      shell: `leat run "from examples/clicks.ndjson --time ts --delay 2s | window tumble 10s | aggregate count(*) as n, sum(bytes) as bytes --by country"`,
      says: 'clicks and bytes by country, every ten seconds',
    },
    {
      shell: `leat run "from examples/access.log --format nginx | filter status >= 500 | aggregate count(*) as errors --by path | to --format table"`,
      says: 'failed requests by path, as a table',
    },
  ],
  toNodes: (args, _options, context) => context.pipeline(args.join(' ')),
};
