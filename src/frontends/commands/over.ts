/** `over`: adds to each record aggregates over the records before it. */
import { problem } from '../../diagnostics/index.js';
import { parseAggregateList } from '../../expression/index.js';
import { type OverFrame, type OverNode, resolveAggregates } from '../../plan/index.js';
import { maxKeysOption } from './dedup.js';
import { readKeys } from './expressions.js';
import { lateOption, latePolicy } from './late-policy.js';
import { byOption, numberOf, readDuration, textOf, timeOptions, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';
import { timeAssignment } from './time-assignment.js';

const unbounded = 'unbounded';

function readRows(text: string): OverFrame {
  if (text === unbounded) return { kind: 'rows' };
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && Number.isSafeInteger(count)) return { kind: 'rows', count };
  throw problem({
    code: 'usage',
    message: `--rows cannot be ${text === '' ? 'an empty text' : text}`,
    hint: '--rows 10 for the last ten records, this one among them, or --rows unbounded',
  });
}

function readRange(text: string): OverFrame {
  if (text === unbounded) return { kind: 'range' };
  const rangeMs = readDuration(text);
  if (rangeMs > 0) return { kind: 'range', rangeMs };
  throw problem({
    code: 'usage',
    message: '--range has to be longer than nothing',
    hint: '--range 5m, or --range unbounded',
  });
}

function frameOf(rows: string | undefined, range: string | undefined): OverFrame {
  if (rows !== undefined && range !== undefined) {
    throw problem({
      code: 'usage',
      message: '--rows and --range exclude each other',
      hint: '--rows 10 counts records, --range 5m goes by their time',
    });
  }
  if (rows !== undefined) return readRows(rows);
  return range === undefined ? { kind: 'range' } : readRange(range);
}

export const overCommand: CommandSpec = {
  name: 'over',
  summary: 'add running and sliding aggregates to each record',
  description: `Adds to each record aggregates over it and the records of its key before it in event time: moving averages, running totals,
the value before. The record stays as it is, and the results are fields at its end.

--rows 10 takes the last ten records up to this one; --range 5m those whose time is at most five minutes earlier; without
either all of them count. By time, records of one time count together: each has the result of all. --rows unbounded counts
every record by itself.

A record leaves when the watermark has passed its time, in the order of time. One that comes when results of its time have
left is late: with --rows 10 or --range 5m, when it is not after the last record of its key that left; without a bound, when
the watermark has passed its time.

Functions are those of aggregate but for rate, and lag(x) and lag(x, n): x in the n-th record before.`,
  role: 'stage',
  arguments: [
    {
      name: 'aggregates',
      summary: "such as 'avg(price) as moving, count(*) as n, lag(price) as before'",
      required: true,
      variadic: true,
      kind: 'expression',
    },
  ],
  options: [
    byOption,
    {
      flags: '--rows <n>',
      name: 'rows',
      kind: 'text',
      unit: 'records',
      summary: 'take so many records together, this one and those before it; or unbounded',
    },
    {
      flags: '--range <duration>',
      name: 'range',
      kind: 'text',
      default: 'unbounded',
      unit: 'duration',
      summary: 'take the records together whose time is at most this much earlier; or unbounded',
    },
    ...timeOptions,
    lateOption,
    maxKeysOption,
    uidOption,
  ],
  examples: [
    {
      shell: `leat over 'avg(price) as moving' --rows 3 --by symbol --time ts --plain < examples/prices.ndjson | head -n 4`,
      says: 'each price with the mean of the last three of its symbol',
    },
    {
      shell: `leat over 'sum(bytes) as lately' --range 1m --by user --time ts --delay 2s < examples/clicks.ndjson | leat filter 'lately > 100000'`,
      says: 'clicks of users who took more than 100 kB within a minute',
    },
  ],
  toNodes(args, options, context) {
    const text = args.join(' ');
    const by = textOf(options, 'by');
    const keys = by === undefined ? [] : readKeys(by);
    const maxKeys = numberOf(options, 'max-keys');
    const time = timeAssignment(options, context.time);
    const node: Omit<OverNode, 'id' | 'inputs'> = {
      kind: 'over',
      calls: resolveAggregates(parseAggregateList(text), {
        text,
        keys: keys.map((key) => key.name),
        ordered: true,
      }),
      by: keys,
      frame: frameOf(textOf(options, 'rows'), textOf(options, 'range')),
      ...(time === undefined ? {} : { time }),
      late: latePolicy(options),
      ...(maxKeys === undefined ? {} : { maxKeys }),
      ...uidOf(options),
    };
    return [node];
  },
};
