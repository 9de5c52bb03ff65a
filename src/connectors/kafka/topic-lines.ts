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

/** A head as it stands in front of a value: as JSON.stringify spells it, which is slower on an array than on a text. */
export function spellHead([key, topic, timestamp, headers, encoded]: RecordHead): string {
  const spelledHeaders = headers.length === 0 ? '[]' : JSON.stringify(headers);
  const behind = encoded === undefined ? '' : ',"base64"';
  return `[${JSON.stringify(key)},${JSON.stringify(topic)},${timestamp},${spelledHeaders}${behind}]\t`;
}

const noHeaders: readonly Header[] = [];

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const behindKey = Buffer.from('",null,');
const noTime = Buffer.from('null');
const behindTime = Buffer.from(',[]]\t');

function isAt(bytes: Uint8Array, at: number, what: Uint8Array): boolean {
  for (let k = 0; k < what.length; k++) if (bytes[at + k] !== what[k]) return false;
  return true;
}

/**
 * Gives the line at `at` to a producer when its head is that of most: a key in which nothing is escaped, no topic, a time in
 * whole milliseconds or none, no headers. The key is taken from where it stands. False when it is another one.
 */
function sendPlain(
  bytes: Buffer,
  at: number,
  end: number,
  producer: Producer,
  topic: string,
  nowMs: number,
): boolean {
  if (bytes[at + 1] !== quote) return false;
  const start = at + 2;
  let keyEnd = start;
  while (bytes[keyEnd] !== quote) if (bytes[keyEnd++] === backslash || keyEnd >= end) return false;
  let next = keyEnd + behindKey.length;
  if (!isAt(bytes, keyEnd, behindKey)) return false;
  let timestamp = nowMs;
  if (isAt(bytes, next, noTime)) next += noTime.length;
  else {
    timestamp = 0;
    for (let digit = bytes[next]! - zero; digit >= 0 && digit <= 9; digit = bytes[++next]! - zero) {
      timestamp = 10 * timestamp + digit;
    }
  }
  if (!isAt(bytes, next, behindTime)) return false;
  const value = { bytes, start: next + behindTime.length, end };
  producer.add(topic, { bytes, start, end: keyEnd }, value, Math.min(timestamp, nowMs), noHeaders);
  return true;
}

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
    } else if (!sendPlain(bytes, at, end, producer, topic, nowMs)) {
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
