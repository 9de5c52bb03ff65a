/**
 * Message types as reading and writing need them: fields by number, with how they stand on the wire. Made once for a
 * type; a type may stand in itself.
 */
import type { Enum, Field, Type } from 'protobufjs';

export type Scalar =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** Messages that stand for something plain, by their names. */
export const specialNames = [
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'google.protobuf.Struct',
  'google.protobuf.Value',
  'google.protobuf.ListValue',
  'confluent.type.Decimal',
] as const;
export type SpecialName = (typeof specialNames)[number] | 'wrapper';

const wrapper = /^google\.protobuf\.(?:Double|Float|Int64|UInt64|Int32|UInt32|Bool|String|Bytes)Value$/;

export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | {
      readonly kind: 'enum';
      readonly names: ReadonlyMap<number, string>;
      readonly numbers: ReadonlyMap<string, number>;
    }
  | { readonly kind: 'message'; readonly shape: MessageShape };

export interface FieldShape {
  readonly name: string;
  readonly jsonName: string;
  readonly id: number;
  readonly type: FieldType;
  readonly repeated: boolean;
  readonly packed: boolean;
  /** Of a map; its values are of `type`. */
  readonly key: Scalar | undefined;
  /** Whether it can be told from one that is not there; without, what is not there is zero. */
  readonly presence: boolean;
  /** As a group, between two tags, and not by its length. */
  readonly group: boolean;
  /** Where its text stands among those of the message. */
  readonly slot: number;
  /** Slots of the others of its oneof. */
  readonly rivals: readonly number[];
}

export interface MessageShape {
  readonly name: string;
  readonly special: SpecialName | undefined;
  readonly fields: readonly FieldShape[];
  readonly byId: ReadonlyMap<number, FieldShape>;
}

/** Shapes by types, so that a type that stands in itself is made once. */
const made = new WeakMap<Type, MessageShape>();

function specialOf(name: string): SpecialName | undefined {
  return wrapper.test(name) ? 'wrapper' : specialNames.find((special) => special === name);
}

function typeOf(field: Field): FieldType {
  const resolved = field.resolvedType;
  if (resolved === null) return { kind: 'scalar', scalar: field.type as Scalar };
  if ('fields' in resolved) return { kind: 'message', shape: shapeOf(resolved as Type) };
  const { values } = resolved as Enum;
  const names = new Map<number, string>();
  // Of aliases the first name counts.
  for (const [name, number] of Object.entries(values)) if (!names.has(number)) names.set(number, name);
  return { kind: 'enum', names, numbers: new Map(Object.entries(values)) };
}

function fieldShape(field: Field, slot: number, slots: ReadonlyMap<string, number>): FieldShape {
  const type = typeOf(field);
  return {
    name: field.name,
    jsonName: field.jsonName ?? field.name,
    id: field.id,
    type,
    repeated: field.repeated,
    packed: field.packed,
    key: 'keyType' in field ? (field.keyType as Scalar) : undefined,
    presence: type.kind === 'message' || field.hasPresence,
    group: field.delimited === true,
    slot,
    rivals: (field.partOf?.oneof ?? []).filter((name) => name !== field.name).map((name) => slots.get(name)!),
  };
}

/** The shape of a message type. */
export function shapeOf(type: Type): MessageShape {
  const known = made.get(type);
  if (known !== undefined) return known;
  const fields: FieldShape[] = [];
  const byId = new Map<number, FieldShape>();
  const name = type.fullName.slice(1);
  const shape: MessageShape = { name, special: specialOf(name), fields, byId };
  made.set(type, shape);
  const slots = new Map(type.fieldsArray.map((field, slot) => [field.name, slot]));
  for (const [slot, field] of type.fieldsArray.entries()) {
    const one = fieldShape(field.resolve(), slot, slots);
    fields.push(one);
    byId.set(one.id, one);
  }
  return shape;
}
