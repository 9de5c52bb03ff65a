/** `aggregate`: counts, sums and the like by window and key. */
import { parseAggregateList } from '../../expression/index.js';
import { type AggregateNode, resolveAggregates } from '../../plan/index.js';
import { emitOption, readEmit } from './emission.js';
import { readKeys } from './expressions.js';
import { byOption, numberOf, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

export const aggregateCommand: CommandSpec = {
  name: 'aggregate',
  summary: 'count, sum and the like by window and key',
  description: `Groups by the window, if there is one upstream, and by the key: that of --by, else the one said by keyby or window.
A result record has window_start and window_end, then the keys, then the aggregates. Behind a window it is written when
the window fires, without one at the end of the input.

Functions: count, sum, avg, min, max, first, last, any, stddev_pop, stddev_samp, var_pop, var_samp, median, p50 to p999,
quantile(x, q), quantile_exact(x, q), approx_distinct, list, set, histogram(x, buckets), top(x, n), argmin(x, by),
argmax(x, by), rate, mode; each with DISTINCT and FILTER (WHERE ...). Without "as", count(*) is called count, sum(bytes)
sum_bytes and p95(ms) p95_ms.`,
  role: 'stage',
  arguments: [
    {
      name: 'aggregates',
      summary: "such as 'count(*) as n, sum(bytes), p95(ms)'",
      required: true,
      variadic: true,
      kind: 'expression',
    },
  ],
  options: [
    byOption,
    {
      flags: '--max-groups <n>',
      name: 'max-groups',
      kind: 'integer',
      unit: 'groups',
      summary: 'fail when more groups than this are open at once',
    },
    emitOption,
    uidOption,
  ],
  examples: [
    {
      shell:
        "leat from examples/access.log --format nginx | leat window tumble 1m | leat aggregate 'count(*) as hits, p95(body_bytes_sent)' --by status",
      says: 'hits and sizes by status, every minute',
    },
    {
      shell: "leat aggregate 'count(*) as n, sum(bytes) as bytes' --by country < examples/clicks.ndjson",
      says: 'totals at the end of a file',
    },
  ],
  toNodes(args, options) {
    const text = args.join(' ');
    const by = textOf(options, 'by');
    const keys = by === undefined ? [] : readKeys(by);
    const maxGroups = numberOf(options, 'max-groups');
    const emit = readEmit(options);
    const node: Omit<AggregateNode, 'id' | 'inputs'> = {
      kind: 'aggregate',
      calls: resolveAggregates(parseAggregateList(text), { text, keys: keys.map((key) => key.name) }),
      by: keys,
      ...(maxGroups === undefined ? {} : { maxGroups }),
      ...(emit === undefined ? {} : { emit }),
      ...uidOf(options),
    };
    return [node];
  },
};
