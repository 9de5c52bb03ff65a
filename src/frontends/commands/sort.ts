/** `sort`: records in order. */
import { problem } from '../../diagnostics/index.js';
import type { SortNode } from '../../plan/index.js';
import { readKeys } from './expressions.js';
import { lateOption, latePolicy } from './late-policy.js';
import { textOf, timeOptions, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';
import { timeAssignment } from './time-assignment.js';

export const sortCommand: CommandSpec = {
  name: 'sort',
  summary: 'put records in the order of event time, or of values',
  description: `Without --by, records are put in the order of their event times while they pass: each is kept until
the watermark has reached its time, for then nothing earlier comes, so --delay says how long. Of the same time
they stay in the order in which they came. A record that is older than the watermark is late.

With --by, all records are kept and leave at the end of the input, which has to have one. Values of any kind have
an order: null, false and true, numbers, texts, times, objects; records of equal values stay in the order in which
they came.`,
  role: 'stage',
  arguments: [],
  options: [
    {
      flags: '--by <list>',
      name: 'by',
      kind: 'list',
      summary: "sort all records by fields or expressions, such as 'country, lower(page)'",
    },
    { flags: '--desc', name: 'desc', kind: 'flag', summary: 'the greatest first; goes with --by' },
    ...timeOptions,
    lateOption,
    uidOption,
  ],
  examples: [
    {
      shell: `leat sort --time ts --delay 2s < examples/clicks.ndjson | leat select 'ts, user'`,
      says: 'clicks in order, two seconds behind the newest',
    },
    {
      shell: `leat aggregate 'count(*) as n' --by country < examples/clicks.ndjson | leat sort --by n --desc`,
      says: 'countries, that with most clicks first',
    },
  ],
  toNodes(_args, options, context) {
    const by = textOf(options, 'by');
    const descending = options['desc'] === true;
    const time = timeAssignment(options, context.time);
    if (by === undefined && descending) {
      throw problem({ code: 'usage', message: '--desc goes with --by', hint: 'sort --by FIELD --desc' });
    }
    if (by !== undefined && (time !== undefined || options['late'] !== undefined)) {
      throw problem({ code: 'usage', message: '--by and options about event time exclude each other' });
    }
    const direction = by === undefined ? undefined : /^(.*\S)\s+(asc|desc)$/i.exec(by);
    if (direction !== null && direction !== undefined) {
      throw problem({
        code: 'usage',
        message: `--by takes values, and ${direction[2]} is none`,
        hint: `sort --by ${direction[1]}${direction[2]!.toLowerCase() === 'desc' ? ' --desc' : ''}`,
      });
    }
    const node: Omit<SortNode, 'id' | 'inputs'> = {
      kind: 'sort',
      by: by === undefined ? [] : readKeys(by),
      descending,
      ...(time === undefined ? {} : { time }),
      late: latePolicy(options),
      ...uidOf(options),
    };
    return [node];
  },
};
