/**
 * The line of text that a record of Kafka becomes: its value, which is one record of the stream, with the newlines in
 * it made spaces (between the tokens of JSON they are nothing else), and what else of the record was asked for as
 * fields in front. Most records are copied as they are; a text of its own is only made where something has to change.
 */
import type { KafkaSource, MetaName, RecordCursor } from '../../kafka/index.js';

/** What becomes of values; undefined: they are JSON, or lines of a text format, as they are. */
export type DecodeValue = (value: Uint8Array) => Uint8Array;

export interface RecordTexts {
  /**
   * The bytes of the present record in place of its value; undefined when the value is to be copied; `skip` when it
   * is none.
   */
  textOf(cursor: RecordCursor, topic: string, partition: number): Uint8Array | undefined | 'skip';
  /** Tombstones that were passed over. */
  readonly skipped: number;
}

const newline = 10;
const space = 32;
const brace = 0x7b;

function metaOf(name: MetaName, cursor: RecordCursor, topic: string, partition: number): unknown {
  switch (name) {
    case 'key':
      if (cursor.keyLength < 0) return null;
      return cursor.bytes.toString('utf8', cursor.keyStart, cursor.keyStart + cursor.keyLength);
    case 'headers':
      return Object.fromEntries(cursor.headers());
    case 'topic':
      return topic;
    case 'partition':
      return partition;
    case 'offset':
      return cursor.offset;
    case 'timestamp':
      return cursor.timestamp;
  }
}

function withoutNewlines(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = copy.indexOf(newline); at >= 0; at = copy.indexOf(newline, at + 1)) copy[at] = space;
  return copy;
}

/** Puts members in front of those of a JSON object; what is none stays as it is, and is refused where records are read. */
function withMembers(value: Uint8Array, members: string): Uint8Array {
  let at = 0;
  while (at < value.length && value[at]! <= space) at++;
  if (value[at] !== brace) return value;
  let next = at + 1;
  while (next < value.length && value[next]! <= space) next++;
  const isEmpty = value[next] === 0x7d;
  return Buffer.concat([Buffer.from(`{${members}${isEmpty ? '' : ','}`), value.subarray(at + 1)]);
}

/** What becomes of the records of a source. */
export function createRecordTexts(
  { meta, tombstones }: Pick<KafkaSource, 'meta' | 'tombstones'>,
  decode: DecodeValue | undefined,
): RecordTexts {
  let skipped = 0;
  const membersOf = (
    names: readonly MetaName[],
    cursor: RecordCursor,
    topic: string,
    partition: number,
  ): string =>
    names.map((name) => `"$${name}":${JSON.stringify(metaOf(name, cursor, topic, partition))}`).join(',');
  return {
    get skipped() {
      return skipped;
    },
    textOf(cursor, topic, partition) {
      const { bytes, valueStart, valueLength } = cursor;
      if (valueLength < 0) {
        if (tombstones === 'skip') {
          skipped++;
          return 'skip';
        }
        const names = [...new Set<MetaName>(['key', ...meta])];
        return Buffer.from(`{${membersOf(names, cursor, topic, partition)},"$tombstone":true}`);
      }
      if (decode === undefined && meta.length === 0) return undefined;
      const value = bytes.subarray(valueStart, valueStart + valueLength);
      const text = decode === undefined ? value : decode(value);
      if (meta.length === 0) return text;
      return withMembers(text, membersOf(meta, cursor, topic, partition));
    },
  };
}

/** A text on one line. */
export const onOneLine = (text: Uint8Array): Uint8Array =>
  text.indexOf(newline) < 0 ? text : withoutNewlines(text);
