/**
 * The records of each window together, when it is complete: what a command for each window is given. The command itself is
 * run elsewhere. With a command for each record nothing is to be done here.
 */
import type { ExecNode } from '../plan/index.js';
import type { Builder } from './builder.js';
import { buildChooser } from './chosen/chooser.js';
import { windowsOf } from './chosen/row-windows.js';

export const buildExecWindows: Builder<ExecNode> = (_node, place) =>
  buildChooser(
    {
      shape: 'all records of each window',
      keys: { key: [], project() {} },
      windows: windowsOf(place),
      limit: Number.MAX_SAFE_INTEGER,
      before: (a, b) => a.number - b.number,
      order: 'arrival',
      prepare() {},
      rankOf: (_batch, _row, number) => number,
    },
    place,
  );
