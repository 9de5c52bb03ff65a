/** `process`: a program of the user as a stage. */
import { problem } from '../../diagnostics/index.js';
import { readKeys } from './expressions.js';
import { byOption, textOf, uidOf, uidOption } from './options.js';
import type { CommandSpec } from './spec.js';

function readSides(text: string | undefined): readonly { readonly name: string; readonly path: string }[] {
  return (text ?? '').split(',').flatMap((item) => {
    if (item.trim() === '') return [];
    const [, name, path] = /^\s*([A-Za-z_]\w*)=(.*\S)\s*$/.exec(item) ?? [];
    if (name !== undefined && path !== undefined) return { name, path };
    throw problem({
      code: 'usage',
      message: `${item.trim()} gives no output a file`,
      place: { kind: 'argument', name: '--side' },
      hint: 'such as --side alerts=alerts.ndjson',
    });
  });
}

export const processCommand: CommandSpec = {
  name: 'process',
  summary: 'run a program of your own, with state and timers by key',
  description: `The file is a JavaScript or TypeScript module whose default export has onRecord(record, context), and may have
open() and onTimer(timer, context). The context emits records, keeps values, lists and maps of the key, and asks for
timers in event time and processing time. State and timers are part of checkpoints.

Records that are emitted carry no event time, key or window: say them again behind. TypeScript needs Node 22.18 or newer.
What the program throws ends the run.`,
  role: 'stage',
  arguments: [{ name: 'file', summary: 'path of the module', required: true, variadic: false, kind: 'word' }],
  options: [
    byOption,
    {
      flags: '--side <list>',
      name: 'side',
      kind: 'list',
      summary: 'files of outputs beside the main one, such as alerts=alerts.ndjson',
    },
    uidOption,
  ],
  examples: [
    {
      shell: 'leat from examples/clicks.ndjson --time ts | leat process examples/quiet-users.mjs --by user',
      says: 'users of whom nothing was heard for a while',
    },
  ],
  toNodes([file], options) {
    const by = textOf(options, 'by');
    return [
      {
        kind: 'process',
        file: file!,
        by: by === undefined ? [] : readKeys(by),
        sides: readSides(textOf(options, 'side')),
        ...uidOf(options),
      },
    ];
  },
};
