/** head-by-key: the first few records of each key, of each window where there are windows, as they come. */
import { problem } from '../diagnostics/index.js';
import type { HeadByKeyNode } from '../plan/index.js';
import { buildAdmission } from './admission/admission.js';
import type { Builder } from './builder.js';
import { keyColumns } from './chosen/key-columns.js';
import { windowsOf } from './chosen/row-windows.js';

export const buildHeadByKey: Builder<HeadByKeyNode> = (node, place) => {
  const { count, maxKeys = Number.POSITIVE_INFINITY } = node;
  const keys = keyColumns(node.by, place);
  if (keys.key.length === 0) {
    throw problem({
      code: 'plan',
      message: `${node.id}: nothing says which records belong together`,
      hint: 'name the key: head-by-key 3 --by user',
    });
  }
  return buildAdmission({ keys, windows: windowsOf(place), limit: count, maxKeys }, place);
};
