/** `gen`: makes records by a seeded generator. */
import { didYouMean, problem } from '../../diagnostics/index.js';
import type { GenNode } from '../../plan/index.js';
import { numberOf, timeOptions } from './options.js';
import type { CommandSpec } from './spec.js';
import { sourceTime } from './time-assignment.js';

const datasets = ['clicks', 'access-log', 'nexmark'] as const;

export const genCommand: CommandSpec = {
  name: 'gen',
  summary: 'make sample records by a seeded generator',
  description: `The same seed gives the same records. clicks is a clickstream whose records come up to two seconds out of order;
access-log is text in nginx's combined format; nexmark is the auction benchmark's persons, auctions and bids.`,
  role: 'source',
  arguments: [
    {
      name: 'dataset',
      summary: datasets.join(', '),
      required: true,
      variadic: false,
      kind: 'word',
      suggestions: datasets,
    },
  ],
  options: [
    {
      flags: '--count <n>',
      name: 'count',
      kind: 'integer',
      unit: 'records',
      summary: 'stop after this many; without it, never',
    },
    { flags: '--seed <n>', name: 'seed', kind: 'integer', default: '1', summary: 'seed of the generator' },
    {
      flags: '--rate <n>',
      name: 'rate',
      kind: 'number',
      unit: 'records per second',
      summary: 'speed; as fast as they are taken',
    },
    ...timeOptions,
  ],
  examples: [
    { shell: 'leat gen clicks --count 1000 --seed 7', says: 'a thousand clicks' },
    { shell: 'leat gen access-log --count 100 | leat parse nginx', says: 'a log, as records' },
  ],
  toNodes(args, options) {
    const dataset = datasets.find((name) => name === args[0]);
    if (dataset === undefined) {
      const hint = didYouMean(args[0]!, datasets);
      throw problem({
        code: 'usage',
        message: `unknown dataset ${args[0]}`,
        ...(hint === undefined ? {} : { hint }),
      });
    }
    const count = numberOf(options, 'count');
    const ratePerSecond = numberOf(options, 'rate');
    if (ratePerSecond === 0) throw problem({ code: 'usage', message: '--rate must be more than 0' });
    const time = sourceTime(options);
    const node: Omit<GenNode, 'id' | 'inputs'> = {
      kind: 'gen',
      dataset,
      ...(count === undefined ? {} : { count }),
      seed: numberOf(options, 'seed') ?? 1,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      ...(time === undefined ? {} : { time }),
    };
    return [node];
  },
};
