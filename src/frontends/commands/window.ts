/** `window`: assigns records to windows. */
import { problem } from '../../diagnostics/index.js';
import type { WindowNode } from '../../plan/index.js';
import { emissionOptions, readEmission } from './emission.js';
import { readKeys } from './expressions.js';
import { lateOption, latePolicy } from './late-policy.js';
import { byOption, numberOf, textOf, timeOptions, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';
import { timeAssignment } from './time-assignment.js';
import { shapeNames, shapeUsages, windowShape } from './window-shape.js';

export const windowCommand: CommandSpec = {
  name: 'window',
  summary: 'assign records to windows of time or count',
  description: `Windows are half open, [start, end), and their words and rules are those of Flink: ${shapeUsages.join(', ')}.
A window fires when the watermark reaches its end. Records that come later than that are counted and left out, kept in a
file, or end the run (--late).

As a stage of its own it adds window_start and window_end and passes each record on, once for each window that it is
in; an aggregate further down groups by them.`,
  role: 'stage',
  arguments: [
    {
      name: 'shape',
      summary: 'tumble, hop, cumulate, session or count',
      required: true,
      variadic: false,
      kind: 'word',
      suggestions: shapeNames,
    },
    {
      name: 'size',
      summary: 'durations such as 10s, 5m, 1h30m, 1d; a number of records for count',
      required: true,
      variadic: true,
      kind: 'word',
    },
  ],
  options: [
    byOption,
    {
      flags: '--offset <duration>',
      name: 'offset',
      kind: 'duration',
      default: '0s',
      unit: 'duration',
      summary: 'move the windows by this much; may be negative',
    },
    ...timeOptions,
    {
      flags: '--processing-time',
      name: 'processing-time',
      kind: 'flag',
      summary: 'use the clock instead of event time',
    },
    lateOption,
    ...emissionOptions,
    uidOption,
  ],
  examples: [
    {
      shell:
        "leat window tumble 10s --time ts --delay 2s --by country < examples/clicks.ndjson | leat aggregate 'count(*) as n'",
      says: 'clicks by country, every ten seconds',
    },
    {
      shell: `leat run "from examples/clicks.ndjson --time ts --delay 2s | window hop 1m 20s | aggregate count(*) as n --by page"`,
      says: 'the last minute, every twenty seconds',
    },
    {
      shell:
        "leat from examples/clicks.ndjson --time ts --delay 2s | leat window session 5m --by user | leat aggregate 'count(*) as clicks'",
      says: 'visits that end after five quiet minutes',
    },
  ],
  toNodes(args, options, context) {
    const time = timeAssignment(options, context.time);
    const processingTime = options['processing-time'] === true;
    if (processingTime && time !== undefined) {
      throw problem({
        code: 'usage',
        message: '--processing-time and options about event time exclude each other',
      });
    }
    const by = textOf(options, 'by');
    const emission = readEmission(options);
    const node: Omit<WindowNode, 'id' | 'inputs'> = {
      kind: 'window',
      window: windowShape(args, { offsetMs: numberOf(options, 'offset'), zone: textOf(options, 'zone') }),
      ...(time === undefined ? {} : { time }),
      processingTime,
      by: by === undefined ? [] : readKeys(by),
      late: latePolicy(options),
      ...(emission === undefined ? {} : { emission }),
      ...uidOf(options),
    };
    return [node];
  },
};
