/**
 * The wire types of protobuf, and which one values of a type have.
 */
import type { FieldType } from './shape.js';

export const wire = { varint: 0, fixed64: 1, sized: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export function wireOf(type: FieldType): number {
  if (type.kind === 'message') return wire.sized;
  if (type.kind === 'enum') return wire.varint;
  switch (type.scalar) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return wire.fixed64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return wire.fixed32;
    case 'string':
    case 'bytes':
      return wire.sized;
    default:
      return wire.varint;
  }
}
