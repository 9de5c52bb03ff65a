/**
 * OffsetFetch, version 7: what a group has committed, with the wish for a stable answer (KIP-447): while a
 * transaction that writes offsets of the group is not decided, the broker says so and does not answer with what was
 * before. The first version with compact texts and tagged fields; the head of a request ends with a tag of its own.
 */
import type { Frame } from '../client.js';
import { protocolError } from '../client.js';

const offsetFetchKey = 9;

/** A length plus one, of less than 128: names are short. */
const compactText = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const head = bytes.length + 1;
  const length = head < 128 ? [head] : [(head & 127) | 128, head >> 7];
  return Buffer.concat([Buffer.from(length), bytes]);
};

function encode(group: string, topic: string, partition: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeInt32BE(partition);
  return Buffer.concat([
    Buffer.from([0]),
    compactText(group),
    Buffer.from([2]),
    compactText(topic),
    Buffer.from([2]),
    number,
    // The end of the topic; a stable answer; the end.
    Buffer.from([0, 1, 0]),
  ]);
}

function readCompactLength(answer: Buffer, at: number): readonly [number, number] {
  const low = answer[at]!;
  if (low < 128) return [low - 1, at + 1];
  return [((answer[at + 1]! << 7) | (low & 127)) - 1, at + 2];
}

/** An answer without the topic is an error of the group as a whole. */
function decode(answer: Buffer): number {
  // A tag and the throttle time; then the topics, whose number is one more than it says.
  let at = 1 + 4;
  const topics = answer[at++]! - 1;
  if (topics < 1) throw protocolError(answer.readInt16BE(at)) ?? protocolError(-1)!;
  const [nameLength, nameAt] = readCompactLength(answer, at);
  at = nameAt + nameLength + 1 + 4;
  const offset = Number(answer.readBigInt64BE(at));
  at += 8 + 4;
  const [metadataLength, metadataAt] = readCompactLength(answer, at);
  at = metadataAt + Math.max(0, metadataLength);
  const error = protocolError(answer.readInt16BE(at)) ?? protocolError(answer.readInt16BE(at + 2 + 1 + 1));
  if (error !== undefined) throw error;
  return offset;
}

/** The request for the offset of one partition that a group has committed; -1 for none. */
export const stableOffsetFrame = (group: string, topic: string, partition: number): Frame<number> => ({
  apiKey: offsetFetchKey,
  apiVersion: 7,
  apiName: 'OffsetFetch',
  encode: () => encode(group, topic, partition),
  decode,
});
