/** `top`: the records with the greatest values. */
import { problem } from '../../diagnostics/index.js';
import { readCount } from './count-argument.js';
import { canonicalExpression, readKeys } from './expressions.js';
import { lateOf, lateOption } from './late-policy.js';
import { textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

export const topCommand: CommandSpec = {
  name: 'top',
  summary: 'keep the records with the greatest values',
  description: `Keeps so many records, those with the greatest values of --by; with --asc the least. With --per, it is so many of each key;
without, of the key said by keyby or window, if any. Records leave as they came, the first one first; of records with the
same value the one that came first. Records without a value stand behind all others.

Behind a window, and behind an aggregate of windows, it keeps so many of each window and passes them on when the window is
complete. Results of an aggregate that come through a pipe or from a file are in the order of their windows, so that a window
is complete when a record of a later one comes. --overall takes all records together.

Without windows the records leave at the end of the input, which has to have one.`,
  role: 'stage',
  arguments: [
    { name: 'count', summary: 'how many records are kept', required: true, variadic: false, kind: 'word' },
  ],
  options: [
    {
      flags: '--by <expression>',
      name: 'by',
      kind: 'list',
      summary: 'what records are compared by, such as revenue or price * amount',
    },
    {
      flags: '--per <list>',
      name: 'per',
      kind: 'list',
      summary: "so many of each key: fields or expressions, such as 'country, lower(page) as page'",
    },
    { flags: '--asc', name: 'asc', kind: 'flag', summary: 'the least values and not the greatest' },
    {
      flags: '--overall',
      name: 'overall',
      kind: 'flag',
      summary: 'of the whole input, whatever windows the records are in',
    },
    lateOption,
    uidOption,
  ],
  examples: [
    {
      shell: `leat run "from examples/clicks.ndjson --time ts --delay 2s | window tumble 1m | aggregate sum(bytes) as bytes --by page | top 3 --by bytes"`,
      says: 'the three largest pages of every minute',
    },
    {
      shell: 'leat top 2 --by bytes --per country < examples/clicks.ndjson',
      says: 'the two largest clicks of each country',
    },
  ],
  toNodes([count], options) {
    const by = textOf(options, 'by');
    const per = textOf(options, 'per');
    if (by === undefined) {
      throw problem({
        code: 'usage',
        message: 'top has to know what to compare records by',
        hint: 'top 3 --by FIELD',
      });
    }
    return [
      {
        kind: 'top',
        count: readCount(count!, 'top'),
        rank: canonicalExpression(by),
        ascending: options['asc'] === true,
        per: per === undefined ? [] : readKeys(per),
        overall: options['overall'] === true,
        ...lateOf(options),
        ...uidOf(options),
      },
    ];
  },
};
