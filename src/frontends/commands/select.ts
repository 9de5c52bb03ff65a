/** `select`: chooses, renames, computes and drops fields. */
import { problem } from '../../diagnostics/index.js';
import { readItems } from './expressions.js';
import { textOf } from './options.js';
import type { CommandSpec } from './spec.js';

function readDrop(text: string): readonly string[] {
  const names = text.split(',').map((name) =>
    name
      .trim()
      .replace(/^`(.*)`$/s, '$1')
      .replaceAll('``', '`'),
  );
  if (names.every((name) => name !== '')) return names;
  throw problem({ code: 'usage', message: `--drop has an empty name: ${text}`, hint: '--drop user,ua' });
}

export const selectCommand: CommandSpec = {
  name: 'select',
  summary: 'choose, rename, compute and drop fields',
  description: `Takes a SQL select list. With * the record stays as it is and the other items are added, or put in the place of a
field of the same name. Without * the record has just the items. Fields named in --drop are left out.`,
  role: 'stage',
  arguments: [
    {
      name: 'list',
      summary: "items such as '*, bytes / 1024 as kib'; only * when left out",
      required: false,
      variadic: true,
      kind: 'expression',
    },
  ],
  options: [
    {
      flags: '--drop <names>',
      name: 'drop',
      kind: 'list',
      summary: 'names of fields to leave out, separated by commas; goes with *',
    },
  ],
  examples: [
    { shell: "leat select 'ts, user, page' < examples/clicks.ndjson", says: 'three fields' },
    {
      shell: "leat select '*, bytes / 1024 as kib' --drop ua,ref < examples/clicks.ndjson",
      says: 'one field more, two fewer',
    },
  ],
  toNodes(args, options) {
    const text = args.join(' ');
    const dropped = textOf(options, 'drop');
    const drop = dropped === undefined ? [] : readDrop(dropped);
    if (text === '' && dropped === undefined) {
      throw problem({
        code: 'usage',
        message: 'select needs a list of fields, or --drop',
        hint: "select 'a, b'",
      });
    }
    const { star, items } = text === '' ? { star: true, items: [] } : readItems(text);
    if (!star && drop.length > 0) {
      throw problem({
        code: 'usage',
        message: '--drop needs a * in the list, for without it only the listed fields stay',
        hint: `select '*, ${text}' --drop ${drop.join(',')}`,
      });
    }
    return [{ kind: 'select', star, items, drop }];
  },
};
