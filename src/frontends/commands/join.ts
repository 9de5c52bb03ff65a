/** `join`: records of two inputs that have one key and times close to each other. */
import { problem } from '../../diagnostics/index.js';
import { parseSelectList, printExpression } from '../../expression/index.js';
import { type JoinKey, type JoinKind, joinKinds } from '../../plan/index.js';
import { parseDuration } from '../../time/index.js';
import { formatOptions, numberOf, textOf, timeOptions, uidOf, uidOption } from './options.js';
import { otherInput } from './other-input.js';
import type { CommandSpec, OptionValues } from './spec.js';

/** Reads `user, left_field = right_field`. */
function readJoinKeys(text: string): readonly JoinKey[] {
  return parseSelectList(text).items.map(({ expression }): JoinKey => {
    if (expression.kind === 'binary' && expression.operator === '=') {
      return { left: printExpression(expression.left), right: printExpression(expression.right) };
    }
    const same = printExpression(expression);
    return { left: same, right: same };
  });
}

function signedDuration(text: string): number {
  return text.startsWith('-') ? -parseDuration(text.slice(1)) : parseDuration(text.replace(/^\+/, ''));
}

interface Bounds {
  readonly lowerMs: number;
  readonly upperMs: number;
}

/** Reads `-5m..10m`: how far from the left record the right one may be. */
function readBounds(text: string): Bounds {
  const ends = text.split('..').map((end) => end.trim());
  if (ends.length !== 2) {
    throw problem({
      code: 'usage',
      message: `--between ${text} does not say from when to when`,
      hint: 'the time of the right record less that of the left one: --between -5m..10m',
    });
  }
  const [lowerMs, upperMs] = ends.map(signedDuration) as [number, number];
  if (lowerMs <= upperMs) return { lowerMs, upperMs };
  throw problem({ code: 'usage', message: `--between ${text} ends before it begins` });
}

function boundsOf(options: OptionValues): Bounds {
  const withinMs = numberOf(options, 'within');
  const between = textOf(options, 'between');
  if (withinMs !== undefined && between === undefined) return { lowerMs: -withinMs, upperMs: withinMs };
  if (withinMs === undefined && between !== undefined) return readBounds(between);
  throw problem({
    code: 'usage',
    message: 'a join says how far apart in event time its records may be, once',
    hint: '--within 10m, or --between 0s..10m for the right record after the left one',
  });
}

export const joinCommand: CommandSpec = {
  name: 'join',
  summary: 'join records of two inputs by key and nearness in time',
  description: `Reads a second input, a path or a stream that the pipeline text has named, and puts each record together with those of
the other input that have the same key and an event time near to its own: Flink's interval join. The fields of the right
record follow those of the left one; a name that the left one has too gets a prefix, and a key of one name stands once.

Nulls match nothing. A record is kept until the watermark says that no partner can come, so the memory holds what lies
within the interval, however far one input is ahead. The event time of the result is that of the left record, and its
delay is larger by as much as the left record may have to wait.`,
  role: 'stage',
  arguments: [
    {
      name: 'input',
      summary: 'path or glob of the right input, or the name of a stream in pipeline text',
      required: true,
      variadic: false,
      kind: 'word',
    },
  ],
  options: [
    {
      flags: '--on <list>',
      name: 'on',
      kind: 'list',
      summary: "key: fields of both, or left = right, such as 'order_id' or 'user = id'",
    },
    {
      flags: '--within <duration>',
      name: 'within',
      kind: 'duration',
      unit: 'duration',
      summary: 'how far apart the event times may be, either way',
    },
    {
      flags: '--between <from..to>',
      name: 'between',
      kind: 'text',
      summary: 'the time of the right record less that of the left one, such as -5m..10m',
    },
    {
      flags: '--kind <kind>',
      name: 'kind',
      kind: 'choice',
      choices: joinKinds,
      default: 'inner',
      summary:
        'left, right and full also pass on records without partner, semi and anti left ones with and without',
    },
    {
      flags: '--prefix <text>',
      name: 'prefix',
      kind: 'text',
      default: 'right_',
      summary: 'in front of names of the right record that the left one has too',
    },
    ...formatOptions,
    ...timeOptions,
    uidOption,
  ],
  examples: [
    {
      shell: `leat from examples/clicks.ndjson --time ts | leat join examples/clicks.ndjson --time ts --on user --between 1ms..1s --kind semi | leat aggregate 'count(*) as n'`,
      says: 'clicks that are followed by another one of the same user within a second',
    },
  ],
  toNodes(args, options, context) {
    const on = textOf(options, 'on');
    if (on === undefined) {
      throw problem({
        code: 'usage',
        message: 'a join says by which key its records go together',
        hint: "--on order_id, or --on 'left_field = right_field'",
      });
    }
    return [
      {
        kind: 'join',
        join: (textOf(options, 'kind') ?? 'inner') as JoinKind,
        on: readJoinKeys(on),
        ...boundsOf(options),
        prefix: textOf(options, 'prefix') ?? 'right_',
        others: [otherInput(args[0]!, options, context)],
        ...uidOf(options),
      },
    ];
  },
};
