/** `from`: reads records from paths, globs or stdin. */
import type { FromNode } from '../../plan/index.js';
import { formatChoice } from './format-choice.js';
import { formatOptions, textOf, timeOptions } from './options.js';
import type { CommandSpec } from './spec.js';
import { sourceTime } from './time-assignment.js';

export const fromCommand: CommandSpec = {
  name: 'from',
  summary: 'read records from files or stdin',
  description: `Reads the inputs one after the other and passes their records on. A glob is expanded by leat in the order of the
names, and files ending in .gz or .zst are decompressed. A format other than json turns lines of text into records as
they are read.

With --time the records carry event time from here on: the watermark follows the highest time seen, less the delay.
Without it, the first window takes the field "time".`,
  role: 'source',
  arguments: [
    { name: 'uri', summary: 'path, glob, or - for stdin', required: false, variadic: true, kind: 'word' },
  ],
  options: [...formatOptions, ...timeOptions],
  examples: [
    { shell: 'leat from examples/clicks.ndjson --time ts --delay 2s', says: 'a clickstream with event time' },
    { shell: 'leat from examples/access.log --format nginx', says: 'an nginx access log as NDJSON' },
  ],
  toNodes(args, options) {
    const time = sourceTime(options);
    const node: Omit<FromNode, 'id' | 'inputs'> = {
      kind: 'from',
      uris: args.length === 0 ? ['-'] : args,
      format: formatChoice(textOf(options, 'format') ?? 'json', options),
      ...(time === undefined ? {} : { time }),
    };
    return [node];
  },
};
