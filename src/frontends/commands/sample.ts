/** `sample`: records drawn by chance. */
import { problem } from '../../diagnostics/index.js';
import type { SampleSize } from '../../plan/index.js';
import { readCount } from './count-argument.js';
import { readKeys } from './expressions.js';
import { byOption, numberOf, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

function readSampleSize(text: string): SampleSize {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share === undefined) return { kind: 'count', count: readCount(text, 'sample') };
  const percent = Number(share);
  if (percent > 0 && percent <= 100) return { kind: 'share', percent };
  throw problem({
    code: 'usage',
    message: `${text} is no share of the records`,
    place: { kind: 'text', text, start: 0, end: text.length },
    hint: 'a share is more than 0% and at most 100%',
  });
}

export const sampleCommand: CommandSpec = {
  name: 'sample',
  summary: 'draw records by chance, the same ones every time',
  description: `Passes on some of the records as they are, drawn by --seed: the same records and seed give the same sample.

With a share such as 1%, each record is drawn for itself as it comes; with --by, all records of a key are in the sample or
none of them. With a number, so many records are drawn, each as likely as any other: of each window behind a window, else of
the input, at its end, in the order in which they came.`,
  role: 'stage',
  arguments: [
    {
      name: 'size',
      summary: 'a share such as 1%, or a number of records',
      required: true,
      variadic: false,
      kind: 'word',
    },
  ],
  options: [
    byOption,
    {
      flags: '--seed <n>',
      name: 'seed',
      kind: 'integer',
      default: '1',
      summary: 'another number draws another sample',
    },
    uidOption,
  ],
  examples: [
    { shell: 'leat sample 5 --seed 7 < examples/clicks.ndjson', says: 'five clicks' },
    {
      shell: `leat sample 10% --by user < examples/clicks.ndjson | leat aggregate 'count(*), count(distinct user)'`,
      says: 'all clicks of a tenth of the users',
    },
  ],
  toNodes([size], options) {
    const by = textOf(options, 'by');
    const drawn = readSampleSize(size!);
    if (by !== undefined && drawn.kind === 'count') {
      throw problem({
        code: 'usage',
        message: '--by draws a share of the keys, and a number of records is asked for',
        hint: 'sample 1% --by KEY, or head-by-key for so many of each',
      });
    }
    return [
      {
        kind: 'sample',
        size: drawn,
        seed: numberOf(options, 'seed') ?? 1,
        by: by === undefined ? [] : readKeys(by),
        ...uidOf(options),
      },
    ];
  },
};
