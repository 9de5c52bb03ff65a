/** `tee`: copies records to a file and passes them on. */
import { canonicalExpression } from './expressions.js';
import { textOf } from './options.js';
import type { CommandSpec } from './spec.js';

export const teeCommand: CommandSpec = {
  name: 'tee',
  summary: 'copy records to a file and pass all of them on',
  description: `Writes each record to the file as NDJSON, as it is at this place, and passes it on. With --when only records
for which the condition is true are copied; all are passed on. Several may follow each other, each with a file of its own.

In a job the file is an output like any other: it is committed with the checkpoints, so that after any crash all outputs
of the job hold the same records. Without --state the file is begun anew by each run.`,
  role: 'stage',
  arguments: [{ name: 'file', summary: 'path of the copies', required: true, variadic: false, kind: 'word' }],
  options: [
    {
      flags: '--when <condition>',
      name: 'when',
      kind: 'list',
      summary: 'copy only the records for which this SQL condition is true',
    },
  ],
  examples: [
    {
      shell: `leat tee copies.ndjson < examples/clicks.ndjson | leat aggregate 'count(*)' --by country`,
      says: 'the records and an answer',
    },
    {
      shell: `leat run "from examples/clicks.ndjson | tee failed.ndjson --when status >= 500 | aggregate count(*) --by status"`,
      says: 'some of them beside the answer',
    },
  ],
  toNodes([path], options) {
    const when = textOf(options, 'when');
    return [{ kind: 'tee', path: path!, ...(when === undefined ? {} : { when: canonicalExpression(when) }) }];
  },
};
