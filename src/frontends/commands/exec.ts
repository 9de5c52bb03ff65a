/** `exec`: a command for each record or each window. */

import { problem } from '../../diagnostics/index.js';
import { execPers } from '../../plan/index.js';
import { commandArgument } from './command-argument.js';
import { numberOf, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';
import { okOption, readOk } from './via.js';

export const execCommand: CommandSpec = {
  name: 'exec',
  summary: 'run a command for each record or each window',
  description: `Runs the command with the record on its stdin, as one line of NDJSON. What it prints, as NDJSON, are the records that go on;
with --as the record itself goes on, with what was printed as a text in that field. Everything behind -- is the command
and its arguments, and no shell reads them: {field} in an argument is the value of that field, whatever it holds, and
{{ is a brace. A record without a value for it is refused.

With --per window the command is run for each window when it is complete, with all its records on stdin in the order in
which they came, and LEAT_WINDOW_START and LEAT_WINDOW_END in its environment.

--jobs runs so many at a time; what they print leaves in the order of the records all the same. A command that fails is
run again --retries times, after 100 ms, 200 ms and so on. When it has failed for good, the record is refused: counted,
shown, kept with --bad FILE, and the exit status is 3; --bad fail stops there.`,
  role: 'stage',
  arguments: [commandArgument],
  options: [
    {
      flags: '--per <what>',
      name: 'per',
      kind: 'choice',
      choices: execPers,
      default: 'record',
      summary: 'run it for each record or each window',
    },
    { flags: '--jobs <n>', name: 'jobs', kind: 'integer', default: '1', summary: 'run so many at a time' },
    {
      flags: '--retries <n>',
      name: 'retries',
      kind: 'integer',
      default: '0',
      summary: 'run it so many times again when it fails',
    },
    okOption,
    {
      flags: '--as <field>',
      name: 'as',
      kind: 'text',
      summary: 'pass on the record, with what was printed as a text in this field',
    },
    uidOption,
  ],
  examples: [
    {
      shell: 'head -n 3 examples/clicks.ndjson | leat exec --as sum -- cksum',
      says: 'what a command says of each record',
    },
    {
      shell: `leat run "from examples/clicks.ndjson --time ts --delay 2s | window tumble 1s | exec --per window -- sort -u"`,
      says: 'a command for each window',
    },
  ],
  toNodes(args, options) {
    const jobs = numberOf(options, 'jobs') ?? 1;
    if (jobs < 1) throw problem({ code: 'usage', message: '--jobs must be at least 1' });
    const as = textOf(options, 'as');
    return [
      {
        kind: 'exec',
        command: args,
        per: execPers.find((per) => per === options['per']) ?? 'record',
        jobs,
        retries: numberOf(options, 'retries') ?? 0,
        ok: readOk(options),
        ...(as === undefined ? {} : { as }),
        ...uidOf(options),
      },
    ];
  },
};
