/**
 * Control lines: what leat stages say to each other between data lines. One JSON object a line whose first key is
 * `$leat`, so that recognising one is a single prefix compare. Only this room knows how they are spelled.
 * They are understood only on a stream whose first line is a stream line; on any other input such a line is data.
 * Idea: punctuation (Tucker et al., 2003) and Flink's watermarks and barriers, which travel in the stream as well.
 */
import { problem } from '../diagnostics/index.js';

export const controlPrefix = '{"$leat":';
export const streamVersion = 1;

/** Event time as the stream line carries it: the field, the name of its form, and the watermark's delay. */
export interface StreamTime {
  readonly field: string;
  /** Name of the form (time/formName); absent when no record has settled it. */
  readonly form?: string;
  readonly delayMs: number;
}

/** The first line of a stream that carries control lines: what the stages upstream have agreed on. */
export interface StreamLine {
  readonly kind: 'stream';
  readonly time?: StreamTime;
  readonly key: readonly string[];
  /** The window that was assigned upstream, as plan data; its bounds stand in window_start and window_end. */
  readonly window?: unknown;
}

export type ControlLine =
  | StreamLine
  | { readonly kind: 'watermark'; readonly time: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'unknown'; readonly text: string };

type Members = Readonly<Record<string, unknown>>;

function malformed(text: string, why: string): never {
  throw problem({
    code: 'control-line',
    message: `a control line of the input cannot be understood: ${why}: ${text.slice(0, 200)}`,
    hint: 'something between two leat stages changed a control line; with --plain the stage before it writes none',
  });
}

function streamTime(value: unknown, text: string): StreamTime | undefined {
  if (value === undefined) return undefined;
  const { field, form, delay } = value as Members;
  if (typeof field !== 'string' || typeof delay !== 'number')
    malformed(text, 'time needs a field and a delay');
  if (form !== undefined && typeof form !== 'string') malformed(text, 'the form of time is not a name');
  return form === undefined ? { field, delayMs: delay } : { field, form, delayMs: delay };
}

function streamLine(members: Members, text: string): StreamLine {
  const { version, time, key, window } = members;
  if (version !== streamVersion) {
    malformed(text, `stream version ${String(version)} (this leat understands ${streamVersion})`);
  }
  const names = key ?? [];
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    malformed(text, 'key is not a list of names');
  const parsedTime = streamTime(time, text);
  return {
    kind: 'stream',
    key: names,
    ...(parsedTime === undefined ? {} : { time: parsedTime }),
    ...(window === undefined ? {} : { window }),
  };
}

const streamLineStart = '{"$leat":"stream"';

/** Whether a line is the first line of a stream with control lines. */
export function isStreamLine(line: string): boolean {
  return line.startsWith(streamLineStart);
}

/** Whether bytes that may be cut off anywhere can still turn out to be a stream line. */
export function mayBeStreamLine(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, streamLineStart.length);
  return streamLineStart.startsWith(start);
}

/** Reads a control line (without newline). Throws a problem of code control-line when it is malformed. */
export function parseControlLine(text: string): ControlLine {
  let members: Members;
  try {
    members = JSON.parse(text) as Members;
  } catch {
    return malformed(text, 'not JSON');
  }
  switch (members['$leat']) {
    case 'stream':
      return streamLine(members, text);
    case 'watermark':
      if (typeof members['time'] !== 'number') malformed(text, 'a watermark needs a time');
      return { kind: 'watermark', time: members['time'] };
    case 'end':
      return { kind: 'end' };
    default:
      return { kind: 'unknown', text };
  }
}

/** Spells a control line, without newline. */
export function spellControlLine(line: ControlLine): string {
  switch (line.kind) {
    case 'stream': {
      const time =
        line.time === undefined
          ? undefined
          : { field: line.time.field, form: line.time.form, delay: line.time.delayMs };
      const key = line.key.length === 0 ? undefined : line.key;
      return JSON.stringify({ $leat: 'stream', version: streamVersion, time, key, window: line.window });
    }
    case 'watermark':
      return `{"$leat":"watermark","time":${line.time}}`;
    case 'end':
      return '{"$leat":"end"}';
    case 'unknown':
      return line.text;
  }
}
