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
  /** Several sources were read beside each other: the watermark is that of the one which is behind, and all of it is said. */
  readonly said?: boolean;
}

/**
 * The job that a stream belongs to when its stages keep their state: where the store is, the token that proves that the
 * line was written by the stage that holds it, the checkpoint to go on from, and the number of the writing stage.
 */
export interface StreamJob {
  readonly name: string;
  /** Absolute path of the store. */
  readonly state: string;
  readonly token: string;
  /** The checkpoint that all stages go on from; absent when the job begins. */
  readonly restore?: number;
  /** The input had ended at that checkpoint: nothing is to be fired again. */
  readonly finished: boolean;
  /** The number of the writing stage in its pipe. */
  readonly stage: number;
  /** The branch that its pipe is; absent for the pipe whose head holds the store. */
  readonly branch?: string;
  /** Stages of other pipes of the job that have flowed in, by name; absent for none. */
  readonly met?: readonly (number | string)[];
  /** Longest that a checkpoint may take, in ms. */
  readonly timeoutMs: number;
  /** Checkpoints that are kept. */
  readonly keep: number;
  /** State that no operator takes may be dropped. */
  readonly allowDropped: boolean;
  /** After a crash the same records come again, in the same order, up to a hold line. */
  readonly repeats?: true;
  /** State goes to disk beyond so many bytes of memory a stage; absent: all of it is in memory. */
  readonly spillBytes?: number;
}

/** The first line of a stream that carries control lines: what the stages upstream have agreed on. */
export interface StreamLine {
  readonly kind: 'stream';
  readonly time?: StreamTime;
  readonly key: readonly string[];
  /** The window that was assigned upstream, as plan data; its bounds stand in window_start and window_end. */
  readonly window?: unknown;
  readonly job?: StreamJob;
  /** The stage could not begin: nothing follows. */
  readonly failed?: true;
}

/**
 * A barrier: what came before it belongs to checkpoint `checkpoint`, what comes after it to the next. `records` counts the
 * data lines since the last barrier. `stop` says that the run ends here, though the input did not.
 */
export interface BarrierLine {
  readonly kind: 'barrier';
  readonly checkpoint: number;
  readonly records: number;
  readonly stop: boolean;
}

/** The input was complete; in a job this is the last barrier. */
export interface EndLine {
  readonly kind: 'end';
  readonly checkpoint?: number;
  readonly records?: number;
}

/** No record comes any more. Barriers still do, as long as other inputs of the job go on. */
export interface LastLine {
  readonly kind: 'last';
}

/** What comes behind it, up to the next barrier, may come otherwise after a crash, even where the stream repeats itself. */
export interface HoldLine {
  readonly kind: 'hold';
}

/** Records that were refused where this process has no books: by a command of the user. */
export interface RefusedLine {
  readonly kind: 'refused';
  /** Who refused them. */
  readonly source: string;
  readonly reason: string;
  readonly records: readonly { readonly line: number; readonly text: string }[];
}

export type ControlLine =
  | StreamLine
  | RefusedLine
  | { readonly kind: 'watermark'; readonly time: number }
  | BarrierLine
  | EndLine
  | LastLine
  | HoldLine
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
  const { field, form, delay, said } = value as Members;
  if (typeof field !== 'string' || typeof delay !== 'number')
    malformed(text, 'time needs a field and a delay');
  if (form !== undefined && typeof form !== 'string') malformed(text, 'the form of time is not a name');
  return {
    field,
    ...(form === undefined ? {} : { form }),
    delayMs: delay,
    ...(said === true ? { said: true } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const isStageName = (value: unknown): boolean => typeof value === 'string' || isCount(value);

function streamJob(members: Members, text: string): StreamJob | undefined {
  const { job, state, token, restore, finished, stage, timeout, keep, dropped, spill } = members;
  const { branch, met, repeats } = members;
  if (job === undefined) return undefined;
  const texts = [job, state, token];
  if (!texts.every((value) => typeof value === 'string'))
    malformed(text, 'a job needs a name, a store and a token');
  if (![stage, timeout, keep].every(isCount))
    malformed(text, 'a job needs a stage, a timeout and how many to keep');
  if (restore !== undefined && !isCount(restore)) malformed(text, 'restore is no number of a checkpoint');
  if (spill !== undefined && !isCount(spill)) malformed(text, 'spill is no number of bytes');
  if (branch !== undefined && typeof branch !== 'string') malformed(text, 'branch is no name');
  if (met !== undefined && !(Array.isArray(met) && met.every(isStageName)))
    malformed(text, 'met is no list of stages');
  const [name, path, proof] = texts as string[];
  return {
    name: name!,
    state: path!,
    token: proof!,
    ...(restore === undefined ? {} : { restore: restore as number }),
    finished: finished === true,
    stage: stage as number,
    timeoutMs: timeout as number,
    keep: keep as number,
    allowDropped: dropped === true,
    ...(repeats === true ? { repeats } : {}),
    ...(spill === undefined ? {} : { spillBytes: spill as number }),
    ...(branch === undefined ? {} : { branch }),
    ...(met === undefined ? {} : { met: met as readonly (number | string)[] }),
  };
}

function streamLine(members: Members, text: string): StreamLine {
  const { version, time, key, window, failed } = members;
  if (version !== streamVersion) {
    malformed(text, `stream version ${String(version)} (this leat understands ${streamVersion})`);
  }
  const names = key ?? [];
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    malformed(text, 'key is not a list of names');
  const parsedTime = streamTime(time, text);
  const job = streamJob(members, text);
  return {
    kind: 'stream',
    key: names,
    ...(parsedTime === undefined ? {} : { time: parsedTime }),
    ...(window === undefined ? {} : { window }),
    ...(job === undefined ? {} : { job }),
    ...(failed === true ? { failed } : {}),
  };
}

function barrierLine({ checkpoint, records, stop }: Members, text: string): BarrierLine {
  if (!isCount(checkpoint) || !isCount(records))
    malformed(text, 'a barrier needs a checkpoint and its records');
  return { kind: 'barrier', checkpoint, records, stop: stop === true };
}

function endLine({ checkpoint, records }: Members, text: string): EndLine {
  if (checkpoint === undefined) return { kind: 'end' };
  if (!isCount(checkpoint) || !isCount(records))
    malformed(text, 'the end of a job needs a checkpoint and its records');
  return { kind: 'end', checkpoint, records };
}

function refusedLine({ source, reason, records }: Members, text: string): RefusedLine {
  const isText = typeof source === 'string' && typeof reason === 'string';
  if (!isText || !Array.isArray(records))
    malformed(text, 'a refusal needs a source, a reason and its records');
  return { kind: 'refused', source, reason, records };
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
    case 'barrier':
      return barrierLine(members, text);
    case 'end':
      return endLine(members, text);
    case 'last':
      return { kind: 'last' };
    case 'hold':
      return { kind: 'hold' };
    case 'refused':
      return refusedLine(members, text);
    default:
      return { kind: 'unknown', text };
  }
}

function jobMembers(job: StreamJob | undefined): Members {
  if (job === undefined) return {};
  const { name, state, token, restore, finished, stage, timeoutMs, keep, allowDropped, branch, met } = job;
  const { spillBytes: spill, repeats } = job;
  const flags = { ...(finished ? { finished } : {}), ...(allowDropped ? { dropped: true } : {}) };
  return {
    job: name,
    state,
    token,
    restore,
    branch,
    stage,
    met,
    ...flags,
    repeats,
    timeout: timeoutMs,
    keep,
    spill,
  };
}

/** Spells a control line, without newline. */
export function spellControlLine(line: ControlLine): string {
  switch (line.kind) {
    case 'stream': {
      const time =
        line.time === undefined
          ? undefined
          : { field: line.time.field, form: line.time.form, delay: line.time.delayMs, said: line.time.said };
      const key = line.key.length === 0 ? undefined : line.key;
      const { window, failed } = line;
      const own = { $leat: 'stream', version: streamVersion, time, key, window, failed };
      return JSON.stringify({ ...own, ...jobMembers(line.job) });
    }
    case 'watermark':
      return `{"$leat":"watermark","time":${line.time}}`;
    case 'barrier': {
      const { checkpoint, records, stop } = line;
      return JSON.stringify({ $leat: 'barrier', checkpoint, records, ...(stop ? { stop } : {}) });
    }
    case 'end':
      return JSON.stringify({ $leat: 'end', checkpoint: line.checkpoint, records: line.records });
    case 'last':
    case 'hold':
      return JSON.stringify({ $leat: line.kind });
    case 'refused': {
      const { source, reason, records } = line;
      return JSON.stringify({ $leat: 'refused', source, reason, records });
    }
    case 'unknown':
      return line.text;
  }
}
