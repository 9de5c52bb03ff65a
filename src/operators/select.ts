/**
 * select: chooses, renames and computes fields. A field that is only passed on keeps its column; nothing is copied.
 * Event time, key and window hold behind it only as far as their fields are still in the record, because a stage in
 * another process could not know more.
 */
import { problem } from '../diagnostics/index.js';
import { barePath } from '../expression/index.js';
import type { NamedExpression, SelectNode } from '../plan/index.js';
import type { Image } from '../record/index.js';
import { spellPath } from '../record/index.js';
import { type Builder, rejectOf } from './builder.js';
import { imageEditor, projectFields, rowsWith, sendAs } from './fields.js';
import { type RowShape, stateless } from './operator.js';
import type { Place, PlaceTime } from './place.js';
import { processingTimeField } from './processing-time.js';
import { scopeOf } from './scope.js';

function pathText(expression: string): string | undefined {
  const path = barePath(expression);
  return path === undefined ? undefined : spellPath(path);
}

/** The name under which a field of the input is found in the output, or undefined. */
function newName(field: string, node: SelectNode): string | undefined {
  const wanted = pathText(field);
  const item = node.items.find(({ expression }) => pathText(expression) === wanted);
  if (item !== undefined) return spellPath([item.name]);
  if (!node.star) return undefined;
  const top = String(barePath(field)?.[0] ?? field);
  const lost = node.drop.includes(top) || node.items.some(({ name }) => name === top);
  return lost ? undefined : field;
}

/**
 * Without its field, event time goes on only for records in a window: their bounds stay, and the watermark
 * is said.
 */
function timeBehind(time: PlaceTime | undefined, node: SelectNode, inWindow: boolean): PlaceTime | undefined {
  if (time === undefined || time.assignment.field === processingTimeField) return inWindow ? time : undefined;
  const field = newName(time.assignment.field, node);
  if (field !== undefined) return { ...time, assignment: { ...time.assignment, field } };
  return inWindow ? { ...time, assignment: { field: processingTimeField, delayMs: 0 } } : undefined;
}

/** The order in which results are given would depend on where the stream is cut. */
function refuseLostTime({ window, time }: Place, node: SelectNode): void {
  if (window?.emission === undefined || time === undefined) return;
  const { field } = time.assignment;
  if (field === processingTimeField || newName(field, node) !== undefined) return;
  throw problem({
    code: 'plan',
    message: `${node.id}: the window gives results by event time, and without ${field} the records lose it`,
    hint: `keep ${field} in select`,
  });
}

/** Sessions that are told before they close are made anew of the records behind, by their key. */
function refuseLostKey({ window, key }: Place, node: SelectNode): void {
  if (window?.emission === undefined || window.shape.shape !== 'session') return;
  const lost = key.find(({ name }) => !isKept(name, node));
  if (lost === undefined) return;
  throw problem({
    code: 'plan',
    message: `${node.id}: the sessions are of ${lost.name}, and their results are asked for before they close`,
    hint: `keep ${lost.name} as it is in select`,
  });
}

function isKept(name: string, node: SelectNode): boolean {
  return newName(spellPath([name]), node) === spellPath([name]);
}

function placeBehind(place: Place, node: SelectNode, rows: RowShape): Place {
  const { window } = place;
  const keepsWindow =
    window !== undefined && isKept(window.startField, node) && isKept(window.endField, node);
  return {
    ...place,
    rows,
    time: timeBehind(place.time, node, keepsWindow),
    key: place.key.every(({ name }) => isKept(name, node)) ? place.key : [],
    window: keepsWindow ? window : undefined,
  };
}

function rowsOfItems(
  items: readonly NamedExpression[],
  columns: readonly number[],
  rows: RowShape,
): RowShape {
  const fields = new Map(items.map(({ name }, index) => [name, columns[index]!]));
  return { fields, open: false, dropped: new Set(), layout: rows.layout };
}

export const buildSelect: Builder<SelectNode> = (node, place) => {
  const { rows } = place;
  refuseLostTime(place, node);
  refuseLostKey(place, node);
  const scope = scopeOf(rows);
  const { fields, projections } = projectFields(node.items, scope, rows, node.star);
  const after = node.star
    ? rowsWith(rows, fields, node.drop)
    : rowsOfItems(
        node.items,
        fields.map(({ column }) => column),
        rows,
      );
  const alone: Image = { base: 'none', dropped: [], fields };
  const imageFor = node.star ? imageEditor(fields, node.drop) : () => alone;
  return {
    place: placeBehind(place, node, after),
    create(output, services) {
      const reject = rejectOf(services);
      return {
        ...stateless,
        onBatch(batch) {
          for (const project of projections) project(batch, reject);
          sendAs(imageFor(batch.image), batch, output);
        },
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
