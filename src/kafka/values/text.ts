/**
 * A value that is text: it becomes the field `text` of a record, as it is, with line feeds if it has any.
 */
import { badValue } from './bad-value.js';
import { parseRecord } from './json-tree.js';
import { strictText } from './utf8.js';
import type { ValueDecoder, ValueEncoder } from './value-codec.js';

export const textDecoder: ValueDecoder = {
  decode: (value) => Buffer.from(`{"text":${JSON.stringify(strictText(value))}}`),
};

export const textEncoder: ValueEncoder = {
  prepare: () => Promise.resolve(),
  encode(record) {
    const text = parseRecord(record).get('text');
    if (typeof text === 'string') return Buffer.from(text);
    throw badValue('it has no field text with a text in it', "make one: select 'FIELD as text'");
  },
};
