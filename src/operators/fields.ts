/**
 * Adding fields to records as they pass: each becomes a column, the record's image gets it at its end or
 * in the place of a field of the same name. Shared by select, keyby and window.
 */
import { barePath, type ColumnScope, compileProjection } from '../expression/index.js';
import type { NamedExpression } from '../plan/index.js';
import { type Batch, computedColumn, type Image, type ImageField, scannedColumn } from '../record/index.js';
import type { Reject } from './builder.js';
import type { Output, RowShape } from './operator.js';

/** Fills computed columns of a batch. */
export type Projection = (batch: Batch, reject: Reject) => void;

/** Fields with the columns they stand in, and what has to run for each batch to fill them. */
export interface ProjectedFields {
  readonly fields: readonly ImageField[];
  readonly projections: readonly Projection[];
}

/** The column of an expression: that of the field itself, or a new one that a projection fills. */
export function columnOf(
  expression: string,
  scope: ColumnScope,
  rows: RowShape,
): { readonly column: number; readonly projection?: Projection } {
  const path = barePath(expression);
  const known = path === undefined ? undefined : scope.resolve(path);
  if (known !== undefined) return { column: known };
  const column = computedColumn(rows.layout);
  return { column, projection: compileProjection(expression, scope, column) };
}

/** Columns for named expressions. With `shadowed` a field may replace one that the record came with. */
export function projectFields(
  items: readonly NamedExpression[],
  scope: ColumnScope,
  rows: RowShape,
  shadowed: boolean,
): ProjectedFields {
  const projections: Projection[] = [];
  const fields = items.map(({ name, expression }): ImageField => {
    const { column, projection } = columnOf(expression, scope, rows);
    if (projection !== undefined) projections.push(projection);
    return shadowed ? { name, column, ...shadowOf(name, rows) } : { name, column };
  });
  return { fields, projections };
}

/** The scanned column of a name that the incoming record may have, if it may. */
export function shadowOf(name: string, rows: RowShape): { readonly shadow?: number } {
  if (!rows.open || rows.fields.has(name) || rows.dropped.has(name)) return {};
  return { shadow: scannedColumn(rows.layout, [name]) };
}

/** The image with fields added or replaced and names dropped. */
export function editImage(image: Image, added: readonly ImageField[], dropped: readonly string[]): Image {
  const replaced = new Map(added.map((field) => [field.name, field]));
  const kept = image.fields.filter(({ name }) => !dropped.includes(name) || replaced.has(name));
  const inPlace = kept.map((field) => {
    const other = replaced.get(field.name);
    if (other === undefined) return field;
    replaced.delete(field.name);
    // The place that a field took from the record stays taken.
    return field.shadow === undefined ? other : { ...other, shadow: field.shadow };
  });
  const gone = dropped.filter((name) => !added.some((field) => field.name === name));
  const drops = image.base === 'none' ? [] : [...new Set([...image.dropped, ...gone])];
  return { base: image.base, dropped: drops, fields: [...inPlace, ...replaced.values()] };
}

/** Remembers the edited image of each image that comes along: there is one for each producer of batches. */
export function imageEditor(
  added: readonly ImageField[],
  dropped: readonly string[],
): (image: Image) => Image {
  const edited = new Map<Image, Image>();
  return (image) => {
    let result = edited.get(image);
    if (result === undefined) {
      result = editImage(image, added, dropped);
      edited.set(image, result);
    }
    return result;
  };
}

/** Sends a batch on under another image; it has its own again when that is done. */
export function sendAs(image: Image, batch: Batch, output: Output): void {
  const own = batch.image;
  batch.image = image;
  output.batch(batch);
  batch.image = own;
}

/** The rows behind an operator that adds fields and drops names. */
export function rowsWith(rows: RowShape, added: readonly ImageField[], dropped: readonly string[]): RowShape {
  const fields = new Map(rows.fields);
  for (const name of dropped) fields.delete(name);
  for (const { name, column } of added) fields.set(name, column);
  const gone = new Set([...rows.dropped, ...dropped]);
  for (const { name } of added) gone.delete(name);
  return { fields, open: rows.open, dropped: gone, layout: rows.layout };
}
