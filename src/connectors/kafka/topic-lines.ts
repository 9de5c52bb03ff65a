/**
 * Records on their way to topics, as lines: a JSON object alone, or behind what else belongs to the record, an array
 * of key, topic, timestamp and headers and a tab. So an epoch that waits is a file that a person can read. Values are
 * JSON objects, which begin with a brace, and no JSON text that we write holds a tab.
 */
import type { Header, Producer, Span } from '../../kafka/index.js';

/** What belongs to a record besides its value. Null: no key; the topic of the sink; now. */
export type RecordHead = readonly [
  key: string | null,
  topic: string | null,
  timestamp: number | null,
  headers: readonly Header[],
  /** The value stands there as base64. */
  encoded?: 'base64',
];

const newline = 10;
const tab = 9;
const bracket = 0x5b;

/** A head as it stands in front of a value. */
export const spellHead = (head: RecordHead): string => `${JSON.stringify(head)}\t`;

const noHeaders: readonly Header[] = [];

/** Gives the lines of bytes[0, length) to a producer; returns how many of the bytes were whole lines. */
export function sendLines(
  bytes: Buffer,
  length: number,
  producer: Producer,
  topic: string,
  nowMs: number,
): number {
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(newline, at);
    if (end < 0 || end >= length) return at;
    if (bytes[at] !== bracket) {
      producer.add(topic, undefined, { bytes, start: at, end }, nowMs, noHeaders);
    } else {
      const start = bytes.indexOf(tab, at);
      const [key, own, timestamp, headers, encoded] = JSON.parse(
        bytes.toString('utf8', at, start),
      ) as RecordHead;
      const value: Span =
        encoded === undefined
          ? { bytes, start: start + 1, end }
          : spanOf(Buffer.from(bytes.toString('latin1', start + 1, end), 'base64'));
      // A broker refuses what comes from far in the future.
      producer.add(own ?? topic, keySpan(key), value, Math.min(timestamp ?? nowMs, nowMs), headers);
    }
    at = end + 1;
  }
}

const spanOf = (bytes: Buffer): Span => ({ bytes, start: 0, end: bytes.length });

const keySpan = (key: string | null): Span | undefined =>
  key === null ? undefined : spanOf(Buffer.from(key));
