/** `dedup`: one record of each key. */
import { problem } from '../../diagnostics/index.js';
import type { DedupNode } from '../../plan/index.js';
import { readKeys } from './expressions.js';
import { lateOf, lateOption } from './late-policy.js';
import { byOption, numberOf, textOf, timeOptions, uidOf, uidOption } from './options.js';
import type { CommandSpec, OptionSpec } from './spec.js';
import { timeAssignment } from './time-assignment.js';

/** Of commands that remember keys. */
export const maxKeysOption: OptionSpec = {
  flags: '--max-keys <n>',
  name: 'max-keys',
  kind: 'integer',
  unit: 'keys',
  summary: 'fail when more keys than this are remembered at once',
};

export const dedupCommand: CommandSpec = {
  name: 'dedup',
  summary: 'keep the first or the last record of each key',
  description: `Keeps one record of those that have the same key: that of --by, else the one said by keyby or window. It passes
records on as they are.

A record is passed on at once unless one of its key has been. With --within, that one has to be less
than so far away in event time, and it is forgotten when the watermark is so far behind it; without, all keys are
remembered for ever, and --max-keys can limit them.

With --last, a record is passed on when none of its key follows it within the time of --within, as soon as the
watermark makes that certain; records leave in the order of their times. Without --within it is the latest record of each
key, at the end of the input.

Behind a window, it is the first or the last record of each key and window, the last when the window is complete.`,
  role: 'stage',
  arguments: [],
  options: [
    byOption,
    {
      flags: '--last',
      name: 'last',
      kind: 'flag',
      summary: 'keep the last record of a key and not the first',
    },
    {
      flags: '--within <duration>',
      name: 'within',
      kind: 'duration',
      unit: 'duration',
      summary: 'only records that are less than this apart in event time count as the same',
    },
    ...timeOptions,
    maxKeysOption,
    lateOption,
    uidOption,
  ],
  examples: [
    {
      shell: 'leat from examples/clicks.ndjson --time ts --delay 2s | leat dedup --by user,page --within 10m',
      says: 'each user on each page once in ten minutes',
    },
    {
      shell: `leat run "from examples/clicks.ndjson | dedup --by user --last"`,
      says: 'the last click of each user',
    },
  ],
  toNodes(_args, options, context) {
    const by = textOf(options, 'by');
    const withinMs = numberOf(options, 'within');
    const maxKeys = numberOf(options, 'max-keys');
    const time = timeAssignment(options, context.time);
    if (withinMs === 0) throw problem({ code: 'usage', message: '--within is a time longer than nothing' });
    if (withinMs === undefined && time !== undefined) {
      throw problem({
        code: 'usage',
        message: 'event time is only used with --within',
        hint: 'say it, or leave --time out',
      });
    }
    const node: Omit<DedupNode, 'id' | 'inputs'> = {
      kind: 'dedup',
      by: by === undefined ? [] : readKeys(by),
      keep: options['last'] === true ? 'last' : 'first',
      ...(withinMs === undefined ? {} : { withinMs }),
      ...(time === undefined ? {} : { time }),
      ...(maxKeys === undefined ? {} : { maxKeys }),
      ...lateOf(options),
      ...uidOf(options),
    };
    return [node];
  },
};
