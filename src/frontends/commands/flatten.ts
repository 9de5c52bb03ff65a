/** `flatten`: one record for each element of an array. */
import { problem } from '../../diagnostics/index.js';
import { barePath } from '../../expression/index.js';
import type { FlattenNode } from '../../plan/index.js';
import { canonicalExpression } from './expressions.js';
import { textOf } from './options.js';
import type { CommandSpec } from './spec.js';

function readField(text: string): { field: string; last: string } {
  const path = barePath(text);
  if (path === undefined) {
    throw problem({
      code: 'usage',
      message: `flatten takes a field that holds an array, not ${text}`,
      place: { kind: 'text', text, start: 0, end: text.length },
      hint: "compute it first: select '*, ... as items' | flatten items",
    });
  }
  const names = path.filter((step) => typeof step === 'string');
  return { field: canonicalExpression(text), last: names.at(-1)! };
}

export const flattenCommand: CommandSpec = {
  name: 'flatten',
  summary: 'make one record for each element of an array',
  description: `The element takes the place of the array, under the name of the field or another. A record whose array is empty,
null or missing gives no record, or with --keep-empty one record with null.`,
  role: 'stage',
  arguments: [
    { name: 'field', summary: 'path of the array', required: true, variadic: false, kind: 'expression' },
  ],
  options: [
    {
      flags: '--as <name>',
      name: 'as',
      kind: 'text',
      summary: 'name of the element; the last name of the path',
    },
    {
      flags: '--index <name>',
      name: 'index',
      kind: 'text',
      summary: 'also add its position, from 0, in this field',
    },
    { flags: '--keep-empty', name: 'keep-empty', kind: 'flag', summary: 'keep a record without elements' },
  ],
  examples: [
    {
      shell: `echo '{"order":7,"items":["tea","milk"]}' | leat flatten items --as item --index line`,
      says: 'the lines of an order',
    },
  ],
  toNodes(args, options) {
    const { field, last } = readField(args[0]!);
    const index = textOf(options, 'index');
    const as = textOf(options, 'as') ?? last;
    if (index === as) {
      throw problem({ code: 'usage', message: `the element and its position would both be called ${as}` });
    }
    const node: Omit<FlattenNode, 'id' | 'inputs'> = {
      kind: 'flatten',
      field,
      as,
      ...(index === undefined ? {} : { index }),
      keepEmpty: options['keep-empty'] === true,
    };
    return [node];
  },
};
