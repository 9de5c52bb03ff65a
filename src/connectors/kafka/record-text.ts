/**
 * The line of text that a record of Kafka becomes: its value, which is one record of the stream, with the newlines in
 * it made spaces (between the tokens of JSON they are nothing else), and what else of the record was asked for as
 * fields in front. Most records are copied as they are; a text of its own is only made where something has to change.
 */
import { isProblem } from '../../diagnostics/index.js';
import {
  type KafkaSource,
  type MetaName,
  onOneLine,
  type RecordCursor,
  type ValueDecoder,
} from '../../kafka/index.js';
import { spellBadValue } from './bad-value.js';

export interface RecordTexts {
  /**
   * The bytes of the present record in place of its value, on one line each if they are several records; undefined
   * when the value is to be copied, `skip` when it is none, `wait` when it can only be read after `waiting`.
   */
  textOf(cursor: RecordCursor, topic: string, partition: number): Uint8Array | undefined | 'skip' | 'wait';
  /** What the present record waits for; undefined when nothing. */
  readonly waiting: Promise<void> | undefined;
  /** Adds to what comes along with records. */
  want(names: readonly MetaName[]): void;
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

/** Members in front of those of each record; a change of a row may be two. */
function withMembersEach(text: Uint8Array, members: string): Uint8Array {
  const end = text.indexOf(newline);
  if (end < 0) return withMembers(text, members);
  const rest = withMembersEach(text.subarray(end + 1), members);
  return Buffer.concat([withMembers(text.subarray(0, end), members), Buffer.from([newline]), rest]);
}

/** A value that is not of its format becomes a line that is refused where records are read, with the reason. */
function decoded(decoder: ValueDecoder, value: Uint8Array): Uint8Array {
  try {
    return decoder.decode(value);
  } catch (error) {
    if (isProblem(error) && error.details.code === 'bad-record') return spellBadValue(error.message, value);
    throw error;
  }
}

/** What becomes of the records of a source; without a decoder values are lines already. */
export function createRecordTexts(
  { meta: said, tombstones }: Pick<KafkaSource, 'meta' | 'tombstones'>,
  decoder: ValueDecoder | undefined,
): RecordTexts {
  let meta = said;
  let skipped = 0;
  let waiting: Promise<void> | undefined;
  const membersOf = (
    names: readonly MetaName[],
    cursor: RecordCursor,
    topic: string,
    partition: number,
  ): string =>
    names.map((name) => `"$${name}":${JSON.stringify(metaOf(name, cursor, topic, partition))}`).join(',');
  const tombstone = (cursor: RecordCursor, topic: string, partition: number): Uint8Array | 'skip' => {
    if (tombstones === 'skip') {
      skipped++;
      return 'skip';
    }
    const names = [...new Set<MetaName>(['key', ...meta])];
    return Buffer.from(`{${membersOf(names, cursor, topic, partition)},"$tombstone":true}`);
  };
  return {
    get skipped() {
      return skipped;
    },
    want(names) {
      meta = [...new Set([...meta, ...names])];
    },
    get waiting() {
      return waiting;
    },
    textOf(cursor, topic, partition) {
      const { bytes, valueStart, valueLength } = cursor;
      if (valueLength < 0) return tombstone(cursor, topic, partition);
      if (decoder === undefined && meta.length === 0) return undefined;
      const value = bytes.subarray(valueStart, valueStart + valueLength);
      waiting = decoder?.prepare?.(value);
      if (waiting !== undefined) return 'wait';
      const text = decoder === undefined ? onOneLine(value) : decoded(decoder, value);
      if (text.length === 0) return 'skip';
      return meta.length === 0 ? text : withMembersEach(text, membersOf(meta, cursor, topic, partition));
    },
  };
}
