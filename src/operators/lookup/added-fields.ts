/**
 * The fields that a lookup adds. A name that the record has already keeps the record's value, and the value of the table
 * gets the name with the prefix; so of each field there are two columns, one under either name, and which of the two is the
 * table's differs from record to record. Records that agree in this go on together, under one image.
 */
import {
  type Batch,
  type Column,
  computedColumn,
  type Image,
  type ImageField,
  scannedColumn,
  Tag,
} from '../../record/index.js';
import { editImage } from '../fields.js';
import type { RowShape } from '../operator.js';

/** A name that the record may have. */
interface OwnField {
  readonly name: string;
  /** The column that holds the record's value; undefined when it can only come from an image. */
  readonly column: number | undefined;
  /** The column in which the scanner finds it; undefined where records cannot have it. */
  readonly scanned: number | undefined;
}

export interface AddedField {
  readonly plain: OwnField;
  readonly prefixed: OwnField;
  /** The columns under the two names, behind the lookup. */
  readonly plainColumn: number;
  readonly prefixedColumn: number;
}

function ownField(name: string, rows: RowShape): OwnField {
  const mayBe = rows.open && !rows.dropped.has(name);
  const scanned = mayBe ? scannedColumn(rows.layout, [name]) : undefined;
  return { name, column: rows.fields.get(name) ?? scanned, scanned };
}

/** Columns for the fields of these names. */
export function addFields(names: readonly string[], prefix: string, rows: RowShape): readonly AddedField[] {
  return names.map((name) => ({
    plain: ownField(name, rows),
    prefixed: ownField(`${prefix}${name}`, rows),
    plainColumn: computedColumn(rows.layout),
    prefixedColumn: computedColumn(rows.layout),
  }));
}

/** The rows behind the lookup. */
export function rowsWithAdded(rows: RowShape, added: readonly AddedField[]): RowShape {
  const fields = new Map(rows.fields);
  const dropped = new Set(rows.dropped);
  for (const { plain, prefixed, plainColumn, prefixedColumn } of added) {
    fields.set(plain.name, plainColumn);
    dropped.delete(plain.name);
    const mayClash = plain.column !== undefined;
    if (!mayClash && prefixed.column === undefined) continue;
    fields.set(prefixed.name, prefixedColumn);
    dropped.delete(prefixed.name);
  }
  return { fields, open: rows.open, dropped, layout: rows.layout };
}

/** Which records of a batch have a name. */
export type Presence = 'all' | 'none' | Column;

/** Looks whether the selected records of a batch have a name. */
export function presenceOf({ name, scanned }: OwnField, batch: Batch): Presence {
  const { image, selection, selected } = batch;
  if (image.fields.some((field) => field.name === name)) return 'all';
  if (scanned === undefined || image.base === 'none') return 'none';
  const column = batch.columns[scanned]!;
  const { tags } = column;
  let have = 0;
  for (let k = 0; k < selected; k++) if (tags[selection[k]!] !== Tag.missing) have++;
  if (have === 0) return 'none';
  return have === selected ? 'all' : column;
}

/** Whether a record has the name. */
export function isPresent(presence: Presence, row: number): boolean {
  if (typeof presence === 'string') return presence === 'all';
  return presence.tags[row] !== Tag.missing;
}

/** What a field adds to the image of records that have its name, or have not. */
function imageFields(field: AddedField, clashes: boolean, image: Image): readonly ImageField[] {
  const { plain, prefixed, plainColumn, prefixedColumn } = field;
  if (!clashes) return [{ name: plain.name, column: plainColumn }];
  const own = image.fields.some(({ name }) => name === plain.name);
  // Its place in the record is said, so that whoever replaces it behind finds it.
  const inPlace = own ? [] : [{ name: plain.name, column: plainColumn, shadow: plain.scanned! }];
  return [...inPlace, { name: prefixed.name, column: prefixedColumn }];
}

/** Remembers the images behind the lookup, by the image in front and by which names clash. */
export function clashImages(
  added: readonly AddedField[],
): (image: Image, clashes: readonly boolean[]) => Image {
  const known = new Map<Image, Map<string, Image>>();
  return (image, clashes) => {
    const key = clashes.join();
    let images = known.get(image);
    if (images === undefined) {
      images = new Map();
      known.set(image, images);
    }
    let edited = images.get(key);
    if (edited === undefined) {
      const fields = added.flatMap((field, index) => imageFields(field, clashes[index]!, image));
      edited = editImage(image, fields, []);
      images.set(key, edited);
    }
    return edited;
  };
}

/** Puts the columns of a field into a batch: `value` is the table's. */
export function placeColumns(
  field: AddedField,
  clashes: boolean,
  batch: Batch,
  value: Column,
  absent: Column,
): void {
  const { plain, prefixed, plainColumn, prefixedColumn } = field;
  const { columns } = batch;
  const own = ({ column }: OwnField): Column => (column === undefined ? absent : columns[column]!);
  columns[plainColumn] = clashes ? own(plain) : value;
  columns[prefixedColumn] = clashes ? value : own(prefixed);
}
