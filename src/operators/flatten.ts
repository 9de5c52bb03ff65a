/**
 * flatten: one record for each element of an array. The records are written out and scanned again: simple, and rare
 * enough. Times and watermarks of the incoming row hold for each of them. An element keeps its spelling.
 */

import { problem } from '../diagnostics/index.js';
import { barePath } from '../expression/index.js';
import type { FlattenNode } from '../plan/index.js';
import {
  type Batch,
  type Column,
  computedColumn,
  createEncoder,
  type Encoder,
  encodeBatch,
  type Image,
  type ImageField,
  scannedColumn,
  Tag,
  textOf,
} from '../record/index.js';
import type { Builder } from './builder.js';
import { editImage, shadowOf } from './fields.js';
import { stateless } from './operator.js';
import { createRescan } from './rescan.js';
import { scopeOf } from './scope.js';

/** The texts of the elements of a JSON array's text, which is valid. */
function elementTexts(array: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 1; at < array.length; at++) {
    const character = array[at]!;
    if (character === '"') {
      for (at++; array[at] !== '"'; at++) if (array[at] === '\\') at++;
    } else if (character === '{' || (character === '[' && at > 0)) depth++;
    else if (depth > 0 && (character === '}' || character === ']')) depth--;
    else if (depth === 0 && (character === ',' || character === ']')) {
      const text = array.slice(start, at).trim();
      if (text !== '') elements.push(text);
      start = at + 1;
    }
  }
  return elements;
}

/** The elements to flatten a value into; undefined when it is not an array. */
function elementsOf(column: Column, row: number): readonly string[] | undefined {
  const tag = column.tags[row]!;
  if (tag === Tag.missing || tag === Tag.null) return [];
  const text = tag === Tag.array || tag === Tag.boxed ? textOf(column, row) : '';
  return text.startsWith('[') ? elementTexts(text) : undefined;
}

function putJson(column: Column, row: number, text: string): void {
  column.tags[row] = Tag.boxed;
  column.boxed[row] = { json: () => text };
}

export const buildFlatten: Builder<FlattenNode> = (node, place) => {
  const { rows } = place;
  const path = barePath(node.field);
  const array = path === undefined ? undefined : scopeOf(rows).resolve(path);
  if (path === undefined || array === undefined) {
    throw problem({ code: 'unknown-name', message: `there is no field ${node.field} to flatten` });
  }
  const names = node.index === undefined ? [node.as] : [node.as, node.index];
  const added = names.map(
    (name): ImageField => ({ name, column: computedColumn(rows.layout), ...shadowOf(name, rows) }),
  );
  // The array itself goes, when it stands at the top and its name is not taken by the element.
  const dropped = path.length === 1 && path[0] !== node.as ? [String(path[0])] : [];
  const rescan = createRescan();
  const { layout } = rescan;
  return {
    place: {
      ...place,
      rows: { fields: new Map(), open: true, dropped: new Set(), layout },
      key: place.key.map(({ name }) => ({ name, column: scannedColumn(layout, [name]) })),
    },
    create(output, services) {
      const scanned = rescan.start((batch) => output.batch(batch));
      const encoders = new Map<Image, Encoder>();
      const encoderOf = (image: Image): Encoder => {
        const known = encoders.get(image);
        if (known !== undefined) return known;
        const encoder = createEncoder(editImage(image, added, dropped));
        encoders.set(image, encoder);
        return encoder;
      };
      const emit = (batch: Batch, row: number, encoder: Encoder, element: string, index: number): void => {
        putJson(batch.columns[added[0]!.column]!, row, element);
        if (added[1] !== undefined)
          putJson(batch.columns[added[1].column]!, row, index < 0 ? 'null' : String(index));
        scanned.add(batch, row, (one, out) => encodeBatch(encoder, one, out));
      };
      return {
        ...stateless,
        onBatch(batch) {
          const column = batch.columns[array]!;
          const encoder = encoderOf(batch.image);
          for (let k = 0; k < batch.selected; k++) {
            const row = batch.selection[k]!;
            const elements = elementsOf(column, row);
            if (elements === undefined) services.reports.reject(batch, row, `${node.field} is not an array`);
            else if (elements.length > 0)
              for (const [index, text] of elements.entries()) emit(batch, row, encoder, text, index);
            else if (node.keepEmpty) emit(batch, row, encoder, 'null', -1);
          }
          scanned.flush();
        },
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
