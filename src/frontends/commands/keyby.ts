/** `keyby`: says which records belong together. */
import { readKeys } from './expressions.js';
import type { CommandSpec } from './spec.js';

export const keybyCommand: CommandSpec = {
  name: 'keyby',
  summary: 'say which records belong together',
  description: `Names the key that windows and aggregates further down group by. It computes nothing and changes no record. Records
whose key is null form a group of their own.`,
  role: 'stage',
  arguments: [
    {
      name: 'keys',
      summary: "fields or expressions, such as 'country, lower(page) as page'",
      required: true,
      variadic: true,
      kind: 'expression',
    },
  ],
  options: [],
  examples: [
    {
      shell:
        "leat from examples/clicks.ndjson --time ts | leat keyby user | leat window session 30m | leat aggregate 'count(*)'",
      says: 'visits, with their number of clicks',
    },
  ],
  toNodes(args) {
    return [{ kind: 'keyby', keys: readKeys(args.join(' ')) }];
  },
};
