/** `fill`: puts records in where some are missing. */
import { problem } from '../../diagnostics/index.js';
import { type FillNode, type FillValue, fillValues } from '../../plan/index.js';
import { maxKeysOption } from './dedup.js';
import { readKeys } from './expressions.js';
import { byOption, numberOf, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

export const fillCommand: CommandSpec = {
  name: 'fill',
  summary: 'put in the records that a key is missing',
  description: `Of each key the last record is remembered, and when its next one is further than a step away, the records that
are missing leave in front of it: with the bounds of their window, or their time, with the key, and with the other
fields as --with says. Behind an aggregate the step is the length of its windows, unless --every says another.

The bounds window_start and window_end are the time of a record that has them, else --time. Times that are not exact
multiples of the step apart are filled to the nearest number of steps. Before the first record of a key and behind its
last one nothing is put in. A record that is not after the last one of its key passes as it is. What leaves is in order
for each key, and has no event time.`,
  role: 'stage',
  arguments: [],
  options: [
    byOption,
    {
      flags: '--every <duration>',
      name: 'every',
      kind: 'duration',
      unit: 'duration',
      summary: 'the step from one record of a key to the next; the length of the windows without it',
    },
    {
      flags: '--with <value>',
      name: 'with',
      kind: 'choice',
      choices: fillValues,
      default: 'zero',
      summary: 'what other fields hold: 0 for numbers, the value before, null, numbers on a line',
    },
    {
      flags: '--time <field>',
      name: 'time',
      kind: 'text',
      default: 'time',
      summary: 'field that holds the time of records, such as ts; goes before the bounds of windows',
    },
    {
      flags: '--max-gap <duration>',
      name: 'max-gap',
      kind: 'duration',
      unit: 'duration',
      summary: 'leave gaps that are longer than this as they are',
    },
    maxKeysOption,
    uidOption,
  ],
  examples: [
    {
      shell: `leat run "from examples/sensors.csv | window tumble 10m | aggregate count(*) as n --by sensor | fill --by sensor | filter n = 0"`,
      says: 'ten minutes in which a sensor said nothing',
    },
    {
      shell: `leat fill --every 1m --by sensor --with linear --time time < examples/sensors.csv --format csv`,
      says: 'a reading every minute, on a line where some are missing',
    },
  ],
  toNodes(_args, options) {
    const by = textOf(options, 'by');
    const everyMs = numberOf(options, 'every');
    const maxGapMs = numberOf(options, 'max-gap');
    const maxKeys = numberOf(options, 'max-keys');
    const time = textOf(options, 'time');
    if (everyMs === 0) {
      throw problem({ code: 'usage', message: '--every has to be longer than nothing', hint: '--every 1m' });
    }
    const node: Omit<FillNode, 'id' | 'inputs'> = {
      kind: 'fill',
      ...(everyMs === undefined ? {} : { everyMs }),
      by: by === undefined ? [] : readKeys(by),
      value: (textOf(options, 'with') ?? 'zero') as FillValue,
      ...(time === undefined ? {} : { time }),
      ...(maxGapMs === undefined ? {} : { maxGapMs }),
      ...(maxKeys === undefined ? {} : { maxKeys }),
      ...uidOf(options),
    };
    return [node];
  },
};
