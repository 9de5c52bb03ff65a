/** `filter`: lets through the records for which a condition is true. */
import { canonicalExpression } from './expressions.js';
import type { CommandSpec } from './spec.js';

export const filterCommand: CommandSpec = {
  name: 'filter',
  summary: 'keep the records for which a condition is true',
  description: `The condition is a SQL expression over the fields of the record. A record passes when the condition is true, and not
when it is false or null. Records that pass leave byte for byte as they came.`,
  role: 'stage',
  arguments: [
    { name: 'condition', summary: 'a SQL expression', required: true, variadic: true, kind: 'expression' },
  ],
  options: [],
  examples: [
    { shell: "leat filter 'status >= 500' < examples/clicks.ndjson", says: 'failed requests' },
    {
      shell: `leat filter "country = 'NO' and page like '/shop/%'" --from examples/clicks.ndjson`,
      says: 'a country and a part of the site',
    },
  ],
  toNodes(args) {
    return [{ kind: 'filter', condition: canonicalExpression(args.join(' ')) }];
  },
};
