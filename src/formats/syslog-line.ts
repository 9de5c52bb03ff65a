/**
 * The three shapes of a syslog line, told apart by what follows the priority: RFC 5424 (`<34>1
 * 2026-11-24T...`), RFC 3164 (`<34>Nov 24 10:00:00 host app[1]: text`), and what rsyslog writes to files (an
 * ISO time and then as RFC 3164). The priority may be absent, as it is in files. Reading a line leaves spans
 * and the time, and makes no text.
 */
import { isoInstant, yearlessInstant } from './log-time.js';
import { walkStructuredData } from './structured-data.js';

/** Fields that are spans of the line, in the order of `spans`. */
export const syslogSpans = ['hostname', 'app', 'procid', 'msgid', 'structured_data', 'message'] as const;

/** The line that was read last. A span that starts at -1 is null. */
export interface SyslogLine {
  /** facility * 8 + severity, or -1. */
  priority: number;
  timeMs: number;
  readonly spans: Int32Array;
}

/** How times without a year are understood; see yearlessInstant. */
export interface SyslogClock {
  readonly nowMs: number;
  readonly year?: number | undefined;
}

export function createSyslogLine(): SyslogLine {
  return { priority: -1, timeMs: Number.NaN, spans: new Int32Array(syslogSpans.length * 2) };
}

const Span = { hostname: 0, app: 1, procid: 2, msgid: 3, structuredData: 4, message: 5 } as const;

function setSpan(line: SyslogLine, span: number, start: number, end: number): void {
  line.spans[span * 2] = start;
  line.spans[span * 2 + 1] = end;
}

function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] !== 0x20) at++;
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Reads `<PRI>` at `at`, if it is there: the position behind it, or -1 for a malformed one. */
function readPriority(line: SyslogLine, bytes: Uint8Array, at: number, end: number): number {
  line.priority = -1;
  if (bytes[at] !== 0x3c) return at;
  let value = 0;
  let next = at + 1;
  while (next < end && next < at + 4 && isDigit(bytes[next])) value = value * 10 + bytes[next++]! - 0x30;
  if (next === at + 1 || next >= end || bytes[next] !== 0x3e || value > 191) return -1;
  line.priority = value;
  return next + 1;
}

/** A word of RFC 5424's header as a span, `-` as null. Returns the position behind it. */
function readWord(line: SyslogLine, span: number, bytes: Uint8Array, at: number, end: number): number {
  const behind = wordEnd(bytes, at, end);
  if (behind - at === 1 && bytes[at] === 0x2d) setSpan(line, span, -1, -1);
  else setSpan(line, span, at, behind);
  return behind;
}

/** Everything behind `<PRI>1 `. Returns what is wrong, or undefined. */
function readModern(
  line: SyslogLine,
  bytes: Buffer,
  start: number,
  at: number,
  end: number,
): string | undefined {
  const timeEnd = wordEnd(bytes, at, end);
  const nil = timeEnd - at === 1 && bytes[at] === 0x2d;
  line.timeMs = nil ? Number.NaN : isoInstant(bytes, at, timeEnd);
  if (!nil && Number.isNaN(line.timeMs)) return `expected a time at column ${at - start + 1}`;
  at = timeEnd;
  for (let span: number = Span.hostname; span <= Span.msgid; span++) {
    if (at + 1 >= end) return `the line ends before ${syslogSpans[span]}`;
    at = readWord(line, span, bytes, at + 1, end);
  }
  if (at + 1 >= end) return 'the line ends before structured_data';
  at++;
  const behind = bytes[at] === 0x2d ? at + 1 : walkStructuredData(bytes, at, end, undefined);
  if (behind < 0 || behind === at || (behind < end && bytes[behind] !== 0x20)) {
    const column = (behind < 0 ? ~behind : behind) - start + 1;
    return `malformed structured data at column ${column}`;
  }
  if (bytes[at] === 0x2d) setSpan(line, Span.structuredData, -1, -1);
  else setSpan(line, Span.structuredData, at, behind);
  let message = behind + 1;
  const marked = bytes[message] === 0xef && bytes[message + 1] === 0xbb && bytes[message + 2] === 0xbf;
  if (marked && message + 3 <= end) message += 3;
  if (behind >= end) setSpan(line, Span.message, -1, -1);
  else setSpan(line, Span.message, message, end);
  return undefined;
}

/** `app[procid]: message` behind the host name; a message without such a tag is all message. */
function readTagged(line: SyslogLine, bytes: Uint8Array, at: number, end: number): void {
  setSpan(line, Span.app, -1, -1);
  setSpan(line, Span.procid, -1, -1);
  const tagEnd = wordEnd(bytes, at, end);
  let app = at;
  while (app < tagEnd && bytes[app] !== 0x5b && bytes[app] !== 0x3a) app++;
  let behind = app;
  if (app > at && bytes[app] === 0x5b) {
    while (behind < tagEnd && bytes[behind] !== 0x5d) behind++;
    if (behind < tagEnd && behind > app + 1) setSpan(line, Span.procid, app + 1, behind);
    behind++;
  }
  if (app === at || behind >= tagEnd || bytes[behind] !== 0x3a) {
    setSpan(line, Span.procid, -1, -1);
    setSpan(line, Span.message, at, end);
    return;
  }
  setSpan(line, Span.app, at, app);
  const message = bytes[behind + 1] === 0x20 ? behind + 2 : behind + 1;
  setSpan(line, Span.message, Math.min(message, end), end);
}

/** Everything behind `<PRI>` of the older shapes. Returns what is wrong, or undefined. */
function readOlder(
  line: SyslogLine,
  bytes: Uint8Array,
  start: number,
  at: number,
  end: number,
  clock: SyslogClock,
): string | undefined {
  const iso = isDigit(bytes[at]);
  const timeEnd = iso ? wordEnd(bytes, at, end) : at + 15;
  line.timeMs = Number.NaN;
  if (iso) line.timeMs = isoInstant(bytes, at, timeEnd);
  else if (timeEnd <= end) line.timeMs = yearlessInstant(bytes, at, clock.nowMs, clock.year);
  if (Number.isNaN(line.timeMs)) return `expected a time at column ${at - start + 1}`;
  if (timeEnd + 1 >= end || bytes[timeEnd] !== 0x20)
    return `expected a host name at column ${timeEnd - start + 2}`;
  const host = timeEnd + 1;
  const hostEnd = wordEnd(bytes, host, end);
  setSpan(line, Span.hostname, host, hostEnd);
  setSpan(line, Span.msgid, -1, -1);
  setSpan(line, Span.structuredData, -1, -1);
  readTagged(line, bytes, Math.min(hostEnd + 1, end), end);
  return undefined;
}

/** Reads bytes[start, end) into `line`. Returns what is wrong with it, or undefined. */
export function readSyslogLine(
  line: SyslogLine,
  bytes: Buffer,
  start: number,
  end: number,
  clock: SyslogClock,
): string | undefined {
  const at = readPriority(line, bytes, start, end);
  if (at < 0) return 'malformed priority at column 1';
  const modern = line.priority >= 0 && bytes[at] === 0x31 && bytes[at + 1] === 0x20;
  return modern ? readModern(line, bytes, start, at + 2, end) : readOlder(line, bytes, start, at, end, clock);
}
