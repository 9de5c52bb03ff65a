/** `to`: writes records to stdout, a file, a folder or a command. */
import { problem } from '../../diagnostics/index.js';
import {
  defaultFolderLayout,
  type FolderLayout,
  isFolderUri,
  type ToNode,
  type TopicRecord,
} from '../../plan/index.js';
import { readKeys } from './expressions.js';
import { changelogOption, guaranteeOption, numberOf, textOf } from './options.js';
import type { CommandSpec, NodeDraft, OptionSpec, OptionValues } from './spec.js';
import { withTopicWords } from './topic-words.js';

export const outputFormats = ['json', 'csv', 'tsv', 'table'] as const;

const folderOptions: readonly OptionSpec[] = [
  {
    flags: '--partition <pattern>',
    name: 'partition',
    kind: 'text',
    summary: 'sub-folders of a folder by event time or by value, such as {yyyy-MM-dd}/{HH} or {country}',
  },
  {
    flags: '--zone <zone>',
    name: 'zone',
    kind: 'text',
    default: 'UTC',
    summary: 'time zone of the sub-folders, such as Europe/Oslo',
  },
  {
    flags: '--roll-size <size>',
    name: 'roll-size',
    kind: 'size',
    default: '128MiB',
    summary: 'finish a part file of a folder when it has this size',
  },
  {
    flags: '--roll-every <duration>',
    name: 'roll-every',
    kind: 'duration',
    default: '10m',
    unit: 'duration',
    summary: 'finish a part file of a folder this long after it was begun',
  },
];

const execOptions: readonly OptionSpec[] = [
  {
    flags: '--exec <command>',
    name: 'exec',
    kind: 'text',
    summary: 'run this shell command with the output on its stdin: for each checkpoint, or once at the end',
  },
  {
    flags: '--exec-retries <count>',
    name: 'exec-retries',
    kind: 'integer',
    default: '0',
    summary: 'run the command so many times again when it fails',
  },
];

const topicOptions: readonly OptionSpec[] = [
  {
    flags: '--key <list>',
    name: 'key',
    kind: 'list',
    summary: 'key of records in a topic of Kafka: fields or expressions, such as user',
  },
  {
    flags: '--headers <list>',
    name: 'headers',
    kind: 'list',
    summary:
      'headers of records in a topic of Kafka: fields or expressions, such as country, lower(page) as page',
  },
  {
    flags: '--retry',
    name: 'retry',
    kind: 'flag',
    summary: 'wait for a broker for ever instead of giving up after 8 seconds',
  },
];

function topicOf(options: OptionValues): { readonly topic?: TopicRecord } {
  const key = textOf(options, 'key');
  const headers = textOf(options, 'headers');
  if (key === undefined && headers === undefined) return {};
  return {
    topic: {
      ...(key === undefined ? {} : { key: readKeys(key).map(({ expression }) => expression) }),
      ...(headers === undefined ? {} : { headers: readKeys(headers) }),
    },
  };
}

function formatOf(uri: string, said: string | undefined): ToNode['format'] {
  const known = outputFormats.find((format) => format === said);
  if (known !== undefined) return known;
  if (said !== undefined) throw problem({ code: 'usage', message: `--format cannot be ${said}` });
  if (/\.csv$/i.test(uri)) return 'csv';
  return /\.tsv$/i.test(uri) ? 'tsv' : 'json';
}

/** The folder that options say, or that the name of the output says. */
function folderOf(uri: string, options: OptionValues): FolderLayout | undefined {
  const partition = textOf(options, 'partition');
  const zone = textOf(options, 'zone');
  const rollBytes = numberOf(options, 'roll-size');
  const rollMs = numberOf(options, 'roll-every');
  const said = [partition, zone, rollBytes, rollMs].some((value) => value !== undefined);
  if (!said && !isFolderUri(uri)) return undefined;
  if (uri === '-') {
    throw problem({
      code: 'usage',
      message: 'part files need a folder to be in',
      hint: 'name it: leat to out/ --partition {yyyy-MM-dd}',
    });
  }
  return {
    rollBytes: rollBytes ?? defaultFolderLayout.rollBytes,
    rollMs: rollMs ?? defaultFolderLayout.rollMs,
    ...(partition === undefined ? {} : { partition }),
    ...(zone === undefined ? {} : { zone }),
  };
}

function guaranteeOf(options: OptionValues): { readonly guarantee?: 'exactly-once' | 'at-least-once' } {
  const guarantee = textOf(options, 'guarantee');
  return guarantee === 'exactly-once' || guarantee === 'at-least-once' ? { guarantee } : {};
}

/** The sink that writes to `uri`; without a format said, the name of the file decides. */
function draftOf(uri: string, format: string | undefined, options: OptionValues): NodeDraft {
  const folder = folderOf(uri, options);
  return {
    kind: 'to',
    uri: folder === undefined || isFolderUri(uri) ? withTopicWords(uri, options) : `${uri}/`,
    format: formatOf(uri, format),
    ...guaranteeOf(options),
    ...(options['changelog'] === 'debezium' ? { changelog: 'debezium' } : {}),
    ...topicOf(options),
    ...(folder === undefined ? {} : { folder }),
  };
}

/** The sink of --to; the other options of a command are its own. */
export function toDraft(uri: string, options: OptionValues = {}): NodeDraft {
  const { guarantee, changelog } = options;
  return draftOf(uri, undefined, { guarantee, changelog });
}

function execDraft(command: string, uri: string | undefined, options: OptionValues): NodeDraft {
  if (uri !== undefined) {
    throw problem({
      code: 'usage',
      message: `the output is ${uri} and a command as well`,
      hint: 'leave one of them out',
    });
  }
  if (command.trim() === '') throw problem({ code: 'usage', message: '--exec needs a command' });
  const retries = numberOf(options, 'exec-retries') ?? 0;
  return { ...draftOf('-', textOf(options, 'format'), options), exec: { command, retries } } as NodeDraft;
}

export const toCommand: CommandSpec = {
  name: 'to',
  summary: 'write records to stdout, a file, a topic or a command',
  description: `Ends a pipeline. Writes NDJSON, CSV or TSV with a header line, or a table for people; a table is written when the input
has ended. Without --format the ending .csv or .tsv of the path decides. Control lines are never written.

A path that ends in / is a folder of part files, which are hidden until they are finished. They are finished when they have
their size or age and at the end of the input; a partition by event time gets the mark _SUCCESS when the watermark has passed
its end.

kafka://HOST:PORT/TOPIC writes to a topic of Kafka, with --key to say which records belong together; docs/kafka.md has
the rest.

A command (--exec) takes the output on its stdin and has to end with status 0. In its environment are LEAT_JOB, LEAT_SINK,
LEAT_EPOCH and LEAT_IDEMPOTENCY_KEY; output that is given again after a crash has the same key.`,
  role: 'sink',
  arguments: [
    {
      name: 'uri',
      summary: 'path, folder with a / at its end, kafka:// topic, or - for stdout',
      required: false,
      variadic: false,
      kind: 'word',
    },
  ],
  options: [
    {
      flags: '--format <name>',
      name: 'format',
      kind: 'choice',
      choices: outputFormats,
      default: 'json',
      summary: 'format of the output',
    },
    guaranteeOption,
    changelogOption,
    ...folderOptions,
    ...execOptions,
    ...topicOptions,
  ],
  examples: [
    {
      shell: "leat aggregate 'count(*)' --by country < examples/clicks.ndjson | leat to --format table",
      says: 'a table for people',
    },
    { shell: 'leat from examples/access.log --format nginx | leat to access.csv', says: 'a log as CSV' },
    {
      shell:
        "leat from examples/access.log --format nginx --time time | leat to days/ --partition '{yyyy-MM-dd}'",
      says: 'a folder with a sub-folder for each day',
    },
    {
      shell:
        "leat aggregate 'count(*)' --by country < examples/clicks.ndjson | leat to --exec 'sort > sorted.ndjson'",
      says: 'to another program, when all is there',
    },
  ],
  toNodes(args, options) {
    const command = textOf(options, 'exec');
    if (command !== undefined) return [execDraft(command, args[0], options)];
    return [draftOf(args[0] ?? '-', textOf(options, 'format'), options)];
  },
};
