/**
 * Protobuf's wire format to JSON text. Integers of 64 bits keep all their digits and are numbers; an enum is its
 * name; bytes are base64; Timestamp is epoch milliseconds and Duration milliseconds, with what is finer behind the
 * point; wrappers and Struct are what they stand for. A field that is not there is left out where that can be told
 * from zero, else it is zero, as protobuf means it. Unknown fields are skipped.
 */
import { badValue } from '../bad-value.js';
import {
  type Cursor,
  cursorOn,
  cutOff,
  enter,
  indexOf,
  leave,
  readVarint,
  spend,
  take,
  zigzag,
} from '../cursor.js';
import { bigFromBytes, decimalText, doubleText, floatText, trimmedDecimalText } from '../number-text.js';
import { strictText } from '../utf8.js';
import type { FieldShape, FieldType, MessageShape, Scalar } from './shape.js';
import { wire, wireOf } from './wire.js';

function base64(cursor: Cursor, start: number, end: number): string {
  return `"${Buffer.from(cursor.bytes.subarray(start, end)).toString('base64')}"`;
}

const int32Of = (value: number | bigint): number => Number(BigInt.asIntN(32, BigInt(value)));

/** The text of a scalar that stands at the cursor. */
function scalarText(cursor: Cursor, scalar: Scalar): string {
  const { view } = cursor;
  switch (scalar) {
    case 'double':
      return doubleText(view.getFloat64(take(cursor, 8), true));
    case 'float':
      return floatText(view.getFloat32(take(cursor, 4), true));
    case 'fixed32':
      return String(view.getUint32(take(cursor, 4), true));
    case 'sfixed32':
      return String(view.getInt32(take(cursor, 4), true));
    case 'fixed64':
      return String(view.getBigUint64(take(cursor, 8), true));
    case 'sfixed64':
      return String(view.getBigInt64(take(cursor, 8), true));
    case 'int32':
      return String(int32Of(readVarint(cursor)));
    case 'uint32':
      return String(Number(BigInt.asUintN(32, BigInt(readVarint(cursor)))));
    case 'sint32':
      return String(int32Of(zigzag(readVarint(cursor))));
    case 'int64':
      return String(BigInt.asIntN(64, BigInt(readVarint(cursor))));
    case 'uint64':
      return String(readVarint(cursor));
    case 'sint64':
      return String(zigzag(readVarint(cursor)));
    case 'bool':
      return readVarint(cursor) === 0 ? 'false' : 'true';
    case 'string':
    case 'bytes': {
      const length = indexOf(readVarint(cursor));
      const start = take(cursor, length);
      spend(cursor, length);
      if (scalar === 'bytes') return base64(cursor, start, start + length);
      return JSON.stringify(strictText(cursor.bytes, start, start + length));
    }
  }
}

function enumText(type: FieldType & { kind: 'enum' }, cursor: Cursor): string {
  const number = int32Of(readVarint(cursor));
  const name = type.names.get(number);
  // A number without a name was added to the enum later.
  return name === undefined ? String(number) : JSON.stringify(name);
}

/** Reads inside the next sized span. */
function within<T>(cursor: Cursor, read: () => T): T {
  const length = indexOf(readVarint(cursor));
  const start = take(cursor, length);
  const { end } = cursor;
  cursor.at = start;
  cursor.end = start + length;
  const result = read();
  if (cursor.at !== start + length) throw badValue(cutOff);
  cursor.end = end;
  return result;
}

function skip(cursor: Cursor, kind: number, id: number): void {
  switch (kind) {
    case wire.varint:
      readVarint(cursor);
      return;
    case wire.fixed64:
      take(cursor, 8);
      return;
    case wire.sized:
      take(cursor, indexOf(readVarint(cursor)));
      return;
    case wire.fixed32:
      take(cursor, 4);
      return;
    case wire.startGroup:
      enter(cursor);
      for (;;) {
        const tag = readTag(cursor);
        if (tag.kind === wire.endGroup && tag.id === id) break;
        skip(cursor, tag.kind, tag.id);
      }
      leave(cursor);
      return;
    default:
      throw badValue('a field in it is of no known wire type');
  }
}

function readTag(cursor: Cursor): { readonly id: number; readonly kind: number } {
  const tag = indexOf(readVarint(cursor));
  const id = Math.floor(tag / 8);
  if (id === 0 || tag > 0xffffffff) throw badValue('a field in it has no number that is allowed');
  return { id, kind: tag & 7 };
}

/** What was read of each field of a message, by slot. */
type Slots = (Gathered | undefined)[];

interface Gathered {
  /** Texts of the elements of what is repeated, or one text. */
  readonly texts: string[];
  /** The entries of a map: texts of keys and values. Of two with one key the last holds. */
  readonly entries?: Map<string, string>;
  /** The bytes of a single message, to which more of it may be added. */
  readonly bytes?: Uint8Array;
}

function valueText(cursor: Cursor, type: FieldType): string {
  spend(cursor, 2);
  if (type.kind === 'scalar') return scalarText(cursor, type.scalar);
  if (type.kind === 'enum') return enumText(type, cursor);
  return within(cursor, () => messageText(cursor, type.shape));
}

const zeros: Readonly<Partial<Record<Scalar, string>>> = { bool: 'false', string: '""', bytes: '""' };

function zeroText(type: FieldType): string {
  if (type.kind === 'scalar') return zeros[type.scalar] ?? '0';
  if (type.kind === 'enum') return JSON.stringify(type.names.get(0) ?? 0);
  return gatheredText(type.shape, []);
}

const textKey = (json: string): string => (json.startsWith('"') ? json : `"${json}"`);

function readEntry(cursor: Cursor, field: FieldShape, gathered: Gathered): void {
  const { key, type } = field;
  let name = zeroText({ kind: 'scalar', scalar: key! });
  let value: string | undefined;
  within(cursor, () => {
    while (cursor.at < cursor.end) {
      const { id, kind } = readTag(cursor);
      if (id === 1 && kind === wireOf({ kind: 'scalar', scalar: key! })) name = scalarText(cursor, key!);
      else if (id === 2 && kind === wireOf(type)) value = valueText(cursor, type);
      else skip(cursor, kind, id);
    }
  });
  gathered.entries!.set(textKey(name), value ?? zeroText(type));
}

function readField(cursor: Cursor, field: FieldShape, kind: number, slots: Slots): boolean {
  const { type, slot } = field;
  if (field.key !== undefined) {
    if (kind !== wire.sized) return false;
    slots[slot] ??= { texts: [], entries: new Map() };
    readEntry(cursor, field, slots[slot]);
    return true;
  }
  if (field.repeated) {
    const own = wireOf(type);
    const isPacked = kind === wire.sized && own !== wire.sized;
    if (kind !== own && !isPacked && !(field.group && kind === wire.startGroup)) return false;
    slots[slot] ??= { texts: [] };
    const { texts } = slots[slot];
    if (isPacked) {
      within(cursor, () => {
        while (cursor.at < cursor.end) texts.push(valueText(cursor, type));
      });
    } else texts.push(singleText(cursor, field, kind));
    return true;
  }
  if (kind !== (field.group ? wire.startGroup : wireOf(type))) return false;
  for (const rival of field.rivals) slots[rival] = undefined;
  slots[slot] =
    kind === wire.sized && type.kind === 'message'
      ? mergedMessage(cursor, type.shape, slots[slot]?.bytes)
      : { texts: [singleText(cursor, field, kind)] };
  return true;
}

/** A message that comes a second time adds to what came before: its bytes stand for the same as both in one. */
function mergedMessage(cursor: Cursor, shape: MessageShape, before: Uint8Array | undefined): Gathered {
  const length = indexOf(readVarint(cursor));
  const start = take(cursor, length);
  const own = cursor.bytes.subarray(start, start + length);
  const bytes = before === undefined ? own : Buffer.concat([before, own]);
  const inner = { ...cursorOn(bytes, 0), room: cursor.room, depth: cursor.depth };
  // More than what is new, so that a message cannot come again and again for nothing.
  spend(inner, before === undefined ? 2 : bytes.length);
  const text = messageText(inner, shape);
  cursor.room = inner.room;
  return { texts: [text], bytes };
}

function singleText(cursor: Cursor, { type, id }: FieldShape, kind: number): string {
  if (kind !== wire.startGroup || type.kind !== 'message') return valueText(cursor, type);
  return messageText(cursor, type.shape, id);
}

function fieldText(field: FieldShape, gathered: Gathered | undefined): string | undefined {
  if (field.key !== undefined) {
    const entries = [...(gathered?.entries ?? [])];
    return `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`;
  }
  if (field.repeated) return `[${gathered?.texts.join(',') ?? ''}]`;
  if (gathered !== undefined) return gathered.texts[0];
  return field.presence ? undefined : zeroText(field.type);
}

function plainText(shape: MessageShape, slots: Slots): string {
  const members: string[] = [];
  for (const field of shape.fields) {
    const text = fieldText(field, slots[field.slot]);
    if (text !== undefined) members.push(`${JSON.stringify(field.name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

/** Seconds and nanoseconds as milliseconds. */
function millisecondsText(seconds: string, nanos: string): string {
  return trimmedDecimalText(BigInt(seconds) * 1_000_000_000n + BigInt(nanos), 6);
}

function decimalOfBytes(base64Text: string, scale: number): string {
  const unscaled = bigFromBytes(Buffer.from(JSON.parse(base64Text) as string, 'base64'));
  if (scale > 1000 || scale < -1000) throw badValue(`a decimal in it has the scale ${scale}`);
  return scale >= 0 ? decimalText(unscaled, scale) : String(unscaled * 10n ** BigInt(-scale));
}

/** The text of what was gathered of a message, which may stand for something plain. */
function gatheredText(shape: MessageShape, slots: Slots): string {
  const named = (name: string) => shape.fields.find((field) => field.name === name);
  const there = (name: string): string | undefined => {
    const field = named(name);
    return field && slots[field.slot] && fieldText(field, slots[field.slot]);
  };
  const text = (name: string): string => there(name) ?? zeroText(named(name)!.type);
  switch (shape.special) {
    case undefined:
      return plainText(shape, slots);
    case 'wrapper':
      return text('value');
    case 'google.protobuf.Timestamp':
    case 'google.protobuf.Duration':
      return millisecondsText(text('seconds'), text('nanos'));
    case 'google.protobuf.Struct':
      return there('fields') ?? '{}';
    case 'google.protobuf.ListValue':
      return there('values') ?? '[]';
    case 'confluent.type.Decimal':
      return decimalOfBytes(text('value'), Number(text('scale')));
    case 'google.protobuf.Value':
      return valueNames.map(there).find((one) => one !== undefined) ?? 'null';
  }
}

const valueNames = ['number_value', 'string_value', 'bool_value', 'struct_value', 'list_value'] as const;

/** Reads a message to the end of the cursor, or of its group. */
function messageText(cursor: Cursor, shape: MessageShape, group?: number): string {
  enter(cursor);
  const slots: Slots = [];
  for (;;) {
    if (cursor.at === cursor.end) {
      if (group !== undefined) throw badValue(cutOff);
      break;
    }
    const { id, kind } = readTag(cursor);
    if (kind === wire.endGroup && id === group) break;
    const field = shape.byId.get(id);
    if (field === undefined || !readField(cursor, field, kind, slots)) skip(cursor, kind, id);
  }
  leave(cursor);
  return gatheredText(shape, slots);
}

/** The line of NDJSON of the message from the cursor to its end: what is no object becomes the field `value` of one. */
export function protobufText(cursor: Cursor, shape: MessageShape): string {
  const text = messageText(cursor, shape);
  return text.startsWith('{') ? text : `{"value":${text}}`;
}
