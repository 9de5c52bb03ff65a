/** Single values as things of a list: how parts that keep one value of a group write it out. */
import { decodeValue, encodeValue, type Value } from '../../expression/index.js';
import type { Codec } from '../../state/index.js';

export const valueCodec: Codec<Value> = { write: encodeValue, read: decodeValue };
