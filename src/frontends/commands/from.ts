/** `from`: reads records from paths, globs, topics or stdin. */
import type { FromNode } from '../../plan/index.js';
import { inputFormat } from './format-choice.js';
import { formatOptions, textOf, timeOptions } from './options.js';
import type { CommandSpec } from './spec.js';
import { sourceTime } from './time-assignment.js';
import { withTopicWords } from './topic-words.js';

export const fromCommand: CommandSpec = {
  name: 'from',
  summary: 'read records from files, topics or stdin',
  description: `Reads the inputs one after the other and passes their records on. A glob is expanded by leat in the order of the
names, and files ending in .gz or .zst are decompressed. A format other than json turns lines of text into records as
they are read. Without --format files that end in .csv or .tsv are read as such, all others as json.

With --time the records carry event time from here on: the watermark follows the highest time seen, less the delay.
Without it, the first window takes the field "time".

kafka://HOST:PORT/TOPIC reads a topic of Kafka, without end unless the URI says one (?end=latest). docs/kafka.md has
all that a URI can say.

With --follow the files are read as they grow, until a signal comes: through rotation, truncation and compression, and with
files that come later; a folder means all its files. docs/following.md has the rules.`,
  role: 'source',
  arguments: [
    {
      name: 'uri',
      summary: 'path, glob, kafka:// topic, or - for stdin',
      required: false,
      variadic: true,
      kind: 'word',
    },
  ],
  options: [
    ...formatOptions,
    ...timeOptions,
    {
      flags: '--follow',
      name: 'follow',
      kind: 'flag',
      summary: 'go on with what is written to the files, and with new files that match',
    },
    {
      flags: '--on-lost <policy>',
      name: 'on-lost',
      kind: 'choice',
      choices: ['fail', 'report'],
      default: 'fail',
      summary: 'when followed lines are lost with a file that is gone: stop, or say so and go on',
    },
    {
      flags: '--meta <list>',
      name: 'meta',
      kind: 'list',
      summary:
        'fields to add from a topic of Kafka: key, headers, topic, partition, offset, timestamp, each with a $ in front',
    },
    {
      flags: '--on-gap <policy>',
      name: 'on-gap',
      kind: 'choice',
      choices: ['fail', 'report'],
      default: 'fail',
      summary: 'when records of a topic are gone before they were read: stop, or say so and go on',
    },
    {
      flags: '--retry',
      name: 'retry',
      kind: 'flag',
      summary: 'wait for a broker of Kafka for ever instead of giving up after 8 seconds',
    },
  ],
  examples: [
    { shell: 'leat from examples/clicks.ndjson --time ts --delay 2s', says: 'a clickstream with event time' },
    { shell: 'leat from examples/access.log --format nginx', says: 'an nginx access log as NDJSON' },
    {
      shell: 'leat from examples/access.log --format nginx --follow',
      says: 'the same, and what will be written to it from now on',
    },
  ],
  toNodes(args, options) {
    const time = sourceTime(options);
    const onLost = textOf(options, 'on-lost');
    const node: Omit<FromNode, 'id' | 'inputs'> = {
      kind: 'from',
      uris: args.length === 0 ? ['-'] : args.map((uri) => withTopicWords(uri, options)),
      format: inputFormat(args, options),
      ...(time === undefined ? {} : { time }),
      ...(options.follow === true ? { follow: true } : {}),
      ...(onLost === undefined ? {} : { onLost: onLost as 'fail' | 'report' }),
    };
    return [node];
  },
};
