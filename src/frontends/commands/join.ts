/** `join`: records of two inputs that have one key and go together in time. */
import { problem } from '../../diagnostics/index.js';
import { parseSelectList, printExpression } from '../../expression/index.js';
import { type JoinKey, type JoinKind, joinKinds } from '../../plan/index.js';
import { joinMatch, matchOptions } from './join-match.js';
import { formatOptions, textOf, timeOptions, uidOf, uidOption } from './options.js';
import { otherInput } from './other-input.js';
import type { CommandSpec } from './spec.js';

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

export const joinCommand: CommandSpec = {
  name: 'join',
  summary: 'join records of two inputs by key and time',
  description: `Reads a second input, a path or a stream that the pipeline text has named, and puts each record together with those of
the other input that have the same key and an event time near to its own (--within, --between), or are in the same window
(--window), or with the version of the other input that is valid at its time (--temporal): Flink's interval join, window
join and temporal join. With --retention any distance in time will do, as in Flink's regular join. The fields of the right record follow those of the left one; a name that
the left one has too gets a prefix, and a key of one name stands once.

Nulls match nothing. A record is kept until the watermark says that no partner can come, so the memory holds what lies
within the interval or the window, however far one input is ahead. The event time of the result is that of the left
record, and its delay is larger by as much as the left record may have to wait. Records of a window leave when it fires,
with window_start and window_end, by which an aggregate behind groups them. With
--retention records leave at once, without event time; of the kinds left, right, full and anti as a changelog, which takes
a record back that left alone when a partner comes.`,
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
    ...matchOptions,
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
    {
      shell: `leat from examples/orders.ndjson --time at | leat join examples/payments.ndjson --time paid_at --on order --window 'tumble 1h' --kind anti | leat aggregate 'count(*) as unpaid'`,
      says: 'orders of each hour that were not paid in it',
    },
  ],
  toNodes(args, options, context) {
    const on = textOf(options, 'on');
    if (on === undefined) {
      throw problem({
        code: 'usage',
        message: 'a join needs --on, the key by which its records go together',
        hint: "--on order_id, or --on 'left_field = right_field'",
      });
    }
    return [
      {
        kind: 'join',
        join: (textOf(options, 'kind') ?? 'inner') as JoinKind,
        on: readJoinKeys(on),
        match: joinMatch(options),
        prefix: textOf(options, 'prefix') ?? 'right_',
        others: [otherInput(args[0]!, options, context)],
        ...uidOf(options),
      },
    ];
  },
};
