/**
 * Records to protobuf's wire format: what protobuf/read.ts gives is taken back. Fields go by their name in the schema
 * or in protobuf's JSON; null is a field that is not there; one that the schema lacks is refused, because it would be
 * lost. What is zero and cannot be told from not being there is left out.
 */
import { type ByteWriter, createByteWriter, reserve, writeBytes } from '../../../record/index.js';
import { badValue } from '../bad-value.js';
import { isArray, isNumber, isObject, type JsonTree } from '../json-tree.js';
import { bigToBytes, unscaledOf } from '../number-text.js';
import { type RecordPlace, spellPlace, unfit } from '../record-place.js';
import { bytesOf, doubleOf, instantOf, integerOf } from '../tree-number.js';
import { writeVarint, writeZigzag } from '../varint.js';
import type { FieldShape, FieldType, MessageShape, Scalar } from './shape.js';
import { wire, wireOf } from './wire.js';

const bounds = (bits: number, signed: boolean): readonly [bigint, bigint] =>
  signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];

const signed32 = bounds(32, true);
const unsigned32 = bounds(32, false);
const signed64 = bounds(64, true);
const unsigned64 = bounds(64, false);

type Put = (out: ByteWriter, value: bigint) => void;

function putFixed(bits: 32 | 64): Put {
  return (out, value) => {
    reserve(out, bits / 8);
    if (bits === 32) out.bytes.writeUInt32LE(Number(BigInt.asUintN(32, value)), out.length);
    else out.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), out.length);
    out.length += bits / 8;
  };
}

const integers: Readonly<
  Partial<Record<Scalar, { readonly range: readonly [bigint, bigint]; readonly put: Put }>>
> = {
  int32: { range: signed32, put: writeVarint },
  uint32: { range: unsigned32, put: writeVarint },
  sint32: { range: signed32, put: writeZigzag },
  fixed32: { range: unsigned32, put: putFixed(32) },
  sfixed32: { range: signed32, put: putFixed(32) },
  int64: { range: signed64, put: writeVarint },
  uint64: { range: unsigned64, put: writeVarint },
  sint64: { range: signed64, put: writeZigzag },
  fixed64: { range: unsigned64, put: putFixed(64) },
  sfixed64: { range: signed64, put: putFixed(64) },
};

function putSized(out: ByteWriter, bytes: Uint8Array): void {
  writeVarint(out, bytes.length);
  writeBytes(out, bytes, 0, bytes.length);
}

function putFloat(out: ByteWriter, value: number, bytes: 4 | 8): void {
  reserve(out, bytes);
  if (bytes === 4) out.bytes.writeFloatLE(value, out.length);
  else out.bytes.writeDoubleLE(value, out.length);
  out.length += bytes;
}

/** Writes a scalar, or throws that it does not fit. */
function writeScalar(scalar: Scalar, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  const integer = integers[scalar];
  if (integer !== undefined) {
    const value = integerOf(tree, ...integer.range);
    if (value === undefined) throw unfit(place, tree, `a whole number (${scalar})`);
    integer.put(out, value);
    return;
  }
  switch (scalar) {
    case 'double':
    case 'float': {
      const value = doubleOf(tree);
      if (value === undefined) throw unfit(place, tree, `a number (${scalar})`);
      putFloat(out, value, scalar === 'float' ? 4 : 8);
      return;
    }
    case 'bool':
      if (typeof tree !== 'boolean') throw unfit(place, tree, 'true or false');
      writeVarint(out, tree ? 1 : 0);
      return;
    case 'bytes': {
      const bytes = bytesOf(tree);
      if (bytes === undefined) throw unfit(place, tree, 'bytes in base64');
      putSized(out, bytes);
      return;
    }
    default:
      if (typeof tree !== 'string') throw unfit(place, tree, 'a text');
      putSized(out, Buffer.from(tree));
  }
}

function enumNumber(type: FieldType & { kind: 'enum' }, tree: JsonTree, place: RecordPlace): bigint {
  const named = typeof tree === 'string' ? type.numbers.get(tree) : undefined;
  const number = named === undefined ? integerOf(tree, ...signed32) : BigInt(named);
  if (number === undefined) throw unfit(place, tree, `one of ${[...type.numbers.keys()].join(', ')}`);
  return number;
}

function writeValue(type: FieldType, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (type.kind === 'scalar') writeScalar(type.scalar, tree, out, place);
  else if (type.kind === 'enum') writeVarint(out, enumNumber(type, tree, place));
  else {
    const inner = createByteWriter(256);
    writeMessage(type.shape, tree, inner, place);
    putSized(out, inner.bytes.subarray(0, inner.length));
  }
}

const writeTag = (out: ByteWriter, id: number, kind: number): void => writeVarint(out, id * 8 + kind);

const zeroScalars = new Set<JsonTree>([false, '']);

/** Whether a value is what a field without presence is when it is not there. */
function isZero(type: FieldType, tree: JsonTree): boolean {
  if (type.kind === 'enum')
    return isNumber(tree) ? Number(tree.number) === 0 : type.numbers.get(String(tree)) === 0;
  return isNumber(tree) ? Object.is(Number(tree.number), 0) : zeroScalars.has(tree);
}

function writeMap(field: FieldShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (!isObject(tree)) throw unfit(place, tree, 'a map');
  const key = field.key!;
  for (const [name, value] of tree) {
    const entry = createByteWriter(64);
    const keyTree: JsonTree = key === 'string' ? name : key === 'bool' ? name === 'true' : { number: name };
    if (typeof keyTree === 'object' && !/^-?\d+$/.test(name))
      throw unfit(place, name, `keys that are numbers (${key})`);
    writeTag(entry, 1, wireOf({ kind: 'scalar', scalar: key }));
    writeScalar(key, keyTree, entry, [...place, name]);
    writeTag(entry, 2, wireOf(field.type));
    writeValue(field.type, value, entry, [...place, name]);
    writeTag(out, field.id, wire.sized);
    putSized(out, entry.bytes.subarray(0, entry.length));
  }
}

function writeOne(field: FieldShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (!field.group || field.type.kind !== 'message') {
    writeTag(out, field.id, wireOf(field.type));
    writeValue(field.type, tree, out, place);
    return;
  }
  writeTag(out, field.id, wire.startGroup);
  writeMessage(field.type.shape, tree, out, place);
  writeTag(out, field.id, wire.endGroup);
}

function writeRepeated(field: FieldShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (!isArray(tree)) throw unfit(place, tree, 'an array');
  if (!field.packed || wireOf(field.type) === wire.sized) {
    for (const [k, element] of tree.entries()) writeOne(field, element, out, [...place, k]);
    return;
  }
  if (tree.length === 0) return;
  const inner = createByteWriter(64);
  for (const [k, element] of tree.entries()) writeValue(field.type, element, inner, [...place, k]);
  writeTag(out, field.id, wire.sized);
  putSized(out, inner.bytes.subarray(0, inner.length));
}

function writeField(field: FieldShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (field.key !== undefined) writeMap(field, tree, out, place);
  else if (field.repeated) writeRepeated(field, tree, out, place);
  else if (field.presence || !isZero(field.type, tree)) writeOne(field, tree, out, place);
  // Zero is left out, but it has to be a zero of the right kind.
  else writeValue(field.type, tree, createByteWriter(16), place);
}

function writePlain(shape: MessageShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  if (!isObject(tree)) throw unfit(place, tree, `a ${shape.name}`);
  const given = new Map<FieldShape, JsonTree>();
  for (const [name, value] of tree) {
    const field =
      shape.fields.find((one) => one.name === name) ?? shape.fields.find((one) => one.jsonName === name);
    if (field === undefined) {
      throw badValue(
        `the schema has no field ${spellPlace([...place, name])}`,
        `select the fields that ${shape.name} has`,
      );
    }
    if (value !== null || isValue(field)) given.set(field, value);
  }
  for (const [field, value] of given) {
    const rival = [...given.keys()].find((other) => field.rivals.includes(other.slot));
    if (rival !== undefined) {
      throw badValue(
        `${spellPlace(place)} has both ${field.name} and ${rival.name}, of which its schema takes one`,
      );
    }
    writeField(field, value, out, [...place, field.name]);
  }
}

/** A google.protobuf.Value can be null. */
const isValue = ({ type }: FieldShape): boolean =>
  type.kind === 'message' && type.shape.special === 'google.protobuf.Value';

const perSecond = 1_000_000_000n;

/** Seconds, rounded down for instants, and the nanoseconds that are left. */
function writeNanos(shape: MessageShape, nanos: bigint, out: ByteWriter, place: RecordPlace): void {
  let seconds = nanos / perSecond;
  if (nanos < 0n && shape.special === 'google.protobuf.Timestamp' && nanos % perSecond !== 0n) seconds -= 1n;
  const rest = nanos - seconds * perSecond;
  const members: [string, JsonTree][] = [
    ['seconds', { number: String(seconds) }],
    ['nanos', { number: String(rest) }],
  ];
  writePlain(
    shape,
    new Map(members.filter(([, value]) => !isNumber(value) || value.number !== '0')),
    out,
    place,
  );
}

function valueMember(tree: JsonTree): readonly [string, JsonTree] {
  if (tree === null) return ['null_value', { number: '0' }];
  if (isNumber(tree)) return ['number_value', tree];
  if (typeof tree === 'string') return ['string_value', tree];
  if (typeof tree === 'boolean') return ['bool_value', tree];
  return isArray(tree) ? ['list_value', tree] : ['struct_value', tree];
}

/** A decimal with the digits that it has behind its point. */
function writeDecimal(shape: MessageShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  const text = isNumber(tree) ? tree.number : typeof tree === 'string' ? tree : '';
  const [, fraction = '', exponent = '0'] = /^[^.eE]*(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  const scale = Math.max(0, fraction.length - Number(exponent));
  const unscaled = unscaledOf(text, scale);
  if (unscaled === undefined) throw unfit(place, tree, 'a decimal');
  const digits = String(unscaled < 0n ? -unscaled : unscaled).length;
  const members: readonly (readonly [string, JsonTree])[] = [
    ['value', Buffer.from(bigToBytes(unscaled)!).toString('base64')],
    ['precision', { number: String(digits) }],
    ['scale', { number: String(scale) }],
  ];
  writePlain(shape, new Map(members), out, place);
}

function writeMessage(shape: MessageShape, tree: JsonTree, out: ByteWriter, place: RecordPlace): void {
  switch (shape.special) {
    case undefined:
      writePlain(shape, tree, out, place);
      return;
    case 'wrapper':
      writePlain(shape, new Map([['value', tree]]), out, place);
      return;
    case 'google.protobuf.Timestamp':
    case 'google.protobuf.Duration': {
      const nanos = shape.special.endsWith('Timestamp') || isNumber(tree) ? instantOf(tree, 6) : undefined;
      if (nanos === undefined) throw unfit(place, tree, 'a time in ms');
      writeNanos(shape, nanos, out, place);
      return;
    }
    case 'google.protobuf.Struct':
      writePlain(shape, new Map([['fields', tree]]), out, place);
      return;
    case 'google.protobuf.ListValue':
      writePlain(shape, new Map([['values', tree]]), out, place);
      return;
    case 'google.protobuf.Value':
      writePlain(shape, new Map([valueMember(tree)]), out, place);
      return;
    case 'confluent.type.Decimal':
      writeDecimal(shape, tree, out, place);
  }
}

/** Writes a record as a message of this shape. */
export function writeProtobuf(shape: MessageShape, record: JsonTree, out: ByteWriter): void {
  writeMessage(shape, record, out, []);
}
