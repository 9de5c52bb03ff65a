/** `head-by-key`: the first records of each key. */
import type { HeadByKeyNode } from '../../plan/index.js';
import { readCount } from './count-argument.js';
import { maxKeysOption } from './dedup.js';
import { readKeys } from './expressions.js';
import { byOption, numberOf, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

export const headByKeyCommand: CommandSpec = {
  name: 'head-by-key',
  summary: 'keep the first records of each key',
  description: `Passes on so many records of each key, the first ones that come, at once and as they are; the others are left out. The key
is that of --by, else the one said by keyby or window. Behind a window it is so many of each key and window.

Without windows every key is counted for ever, and --max-keys can limit how many.`,
  role: 'stage',
  arguments: [
    { name: 'count', summary: 'how many records of each key', required: true, variadic: false, kind: 'word' },
  ],
  options: [byOption, maxKeysOption, uidOption],
  examples: [
    {
      shell: 'leat head-by-key 1 --by country,status < examples/clicks.ndjson',
      says: 'an example of each status in each country',
    },
  ],
  toNodes([count], options) {
    const by = textOf(options, 'by');
    const maxKeys = numberOf(options, 'max-keys');
    const node: Omit<HeadByKeyNode, 'id' | 'inputs'> = {
      kind: 'head-by-key',
      count: readCount(count!, 'head-by-key'),
      by: by === undefined ? [] : readKeys(by),
      ...(maxKeys === undefined ? {} : { maxKeys }),
      ...uidOf(options),
    };
    return [node];
  },
};
