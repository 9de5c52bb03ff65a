/**
 * The two ends of a run: which source is opened, which sink, and in what form records leave. Decides when the output
 * carries control lines.
 */
import fs from 'node:fs';
import {
  type ByteSink,
  type Feed,
  type FeedPosition,
  isFolderSink,
  openFeed,
  openFileSink,
  openStdout,
} from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { type Place, processingTimeField, type Reports } from '../../operators/index.js';
import {
  defaultFolderLayout,
  type FolderLayout,
  flowOf,
  isFolderUri,
  isTopicUri,
  type PhysicalStep,
  type Plan,
  physicalSteps,
  type ToNode,
} from '../../plan/index.js';
import type { StreamJob, StreamLine } from '../../stream/index.js';
import { formName } from '../../time/index.js';
import { type ChainEnd, createNdjsonOutput } from './ndjson-output.js';
import type { RunOptions } from './run-options.js';

/** The name of the main output among the sinks of a stage. */
export const outputName = 'output';

/** A plan as source, what stands between, and sink. */
export interface SplitPlan {
  readonly plan: Plan;
  readonly source: Extract<PhysicalStep, { kind: 'from' | 'gen' }>;
  readonly middle: readonly PhysicalStep[];
  readonly to: ToNode | undefined;
}

/** Takes a plan apart. Throws when it has no source. */
export function splitPlan(plan: Plan): SplitPlan {
  const steps = physicalSteps(plan);
  const [source, ...rest] = steps;
  if (source?.kind !== 'from' && source?.kind !== 'gen') {
    throw problem({
      code: 'plan',
      message: 'a pipeline begins with a source',
      hint: 'begin with from or gen',
    });
  }
  const last = rest.at(-1);
  return last?.kind === 'to'
    ? { plan, source, middle: rest.slice(0, -1), to: last }
    : { plan, source, middle: rest, to: undefined };
}

/** Whether a plan reads several inputs, which then meet somewhere. */
export const hasSeveralSources = (plan: Plan): boolean => plan.nodes.some(({ inputs }) => inputs.length > 1);

const endsMarks: ReadonlySet<PhysicalStep['kind']> = new Set(['aggregate', 'windowed-aggregate']);

/**
 * Whether the output carries control lines: only when a stage behind this one can use them. In a job they go on to the
 * stage that ends the pipe.
 */
export function carriesMarks(
  options: RunOptions,
  parts: SplitPlan,
  place: Place,
  sink: ByteSink,
  job?: StreamJob,
): boolean {
  if (options.marks === 'never' || (parts.to !== undefined && parts.to.format !== 'json')) return false;
  if (options.marks === 'always') return true;
  if (sink.kind !== 'pipe' || parts.to !== undefined) return false;
  if (job !== undefined) return true;
  if (place.isPlain === true || parts.middle.some((step) => endsMarks.has(step.kind))) return false;
  return place.time !== undefined || place.key.length > 0 || place.window !== undefined;
}

function streamLineOf(place: Place, job: StreamJob | undefined): StreamLine {
  const { time, window } = place;
  const form = time?.cell.form;
  return {
    kind: 'stream',
    key: place.key.map((key) => key.name),
    ...(time === undefined
      ? {}
      : {
          time: {
            field: time.assignment.field,
            delayMs: time.assignment.delayMs,
            ...(form === undefined ? {} : { form: formName(form) }),
            ...(time.said === true ? { said: true } : {}),
          },
        }),
    ...(window === undefined ? {} : { window: { ...window.shape, emission: window.emission } }),
    ...(job === undefined ? {} : { job }),
  };
}

/** Opens the input of a plan, at a position where one is given. An abort ends a read that is waiting. */
export async function openInput(
  { source }: SplitPlan,
  options: RunOptions,
  position?: FeedPosition,
): Promise<Feed> {
  let feed: Feed;
  if (options.between?.input !== undefined) feed = options.between.input;
  else if (source.kind === 'gen') {
    const { openGenerator } = await import('./generator-source.js');
    feed = await openGenerator(source, position);
  } else if (source.uris.some(isTopicUri)) {
    const { openTopicFeed } = await import('../../connectors/index.js');
    const { uris } = source;
    feed = await openTopicFeed({ uris, position, inJob: options.job !== undefined, say: options.say });
  } else {
    const follow = source.follow === true ? { onLost: source.onLost, say: options.say } : undefined;
    feed = await openFeed({
      uris: source.uris,
      position,
      follow,
      open: options.open?.source,
    });
  }
  options.signal?.addEventListener('abort', () => feed.close(), { once: true });
  if (options.signal?.aborted === true) feed.close();
  return feed;
}

/** The layout of the folder that an output is: by its name, or because it is there. */
export function folderOf(to: ToNode): FolderLayout | undefined {
  if (isTopicUri(to.uri)) return undefined;
  if (to.folder !== undefined) return to.folder;
  const isFolder = isFolderUri(to.uri) || (to.uri !== '-' && statOf(to.uri)?.isDirectory() === true);
  if (!isFolder) return undefined;
  if (to.format === 'json') return defaultFolderLayout;
  throw problem({
    code: 'plan',
    message: `${to.uri} is a folder, part files are NDJSON, and ${to.format} is asked for`,
    hint: 'write to a file, or leave --format out',
  });
}

/** The file that a run from the beginning empties, if there is one. */
export function emptiedFile(to: ToNode | undefined): string | undefined {
  if (to === undefined || to.uri === '-' || to.exec !== undefined || isTopicUri(to.uri)) return undefined;
  return folderOf(to) === undefined ? to.uri : undefined;
}

function statOf(path: string): fs.Stats | undefined {
  return fs.statSync(path, { throwIfNoEntry: false });
}

/** Opens the sink of a plan that runs without checkpoints. */
export async function openSink(parts: SplitPlan, options: RunOptions): Promise<ByteSink> {
  const { to } = parts;
  const uri = to?.uri ?? '-';
  if (to?.exec !== undefined) {
    const { openExecSink } = await import('../../connectors/index.js');
    return openExecSink(to.exec.command, to.exec.retries, outputName);
  }
  if (options.between?.output !== undefined) return options.between.output;
  if (options.open?.sink !== undefined) return options.open.sink(uri);
  if (isTopicUri(uri)) {
    const { openTopicSink } = await import('../../connectors/index.js');
    return await openTopicSink(uri, options.say);
  }
  const folder = to === undefined ? undefined : folderOf(to);
  if (folder === undefined) return uri === '-' ? openStdout() : openFileSink(uri);
  const { rollBytes, rollMs } = folder;
  const clock = options.clock ?? Date.now;
  const { openFolderSink } = await import('../../connectors/index.js');
  return await openFolderSink({ path: uri, rollBytes, rollMs, clock });
}

/** Makes the end of the chain; before the scanner, for it may read columns of its own. */
export async function makeEnd(
  parts: SplitPlan,
  options: RunOptions,
  place: Place,
  sink: ByteSink,
  reports: Reports,
  job?: StreamJob,
): Promise<ChainEnd> {
  if (isFolderSink(sink)) {
    const { createFolderOutput } = await import('./folder-output.js');
    const { partition, zone = 'UTC' } = parts.to?.folder ?? {};
    if (partition === undefined) return createFolderOutput(sink, undefined);
    const { buildRouter } = await import('./partition.js');
    return createFolderOutput(sink, buildRouter(partition, zone, place)(reports));
  }
  const format = parts.to?.format ?? 'json';
  if (format !== 'json') {
    const { createFormattedOutput } = await import('./formatted-output.js');
    return createFormattedOutput(format, sink, options.say);
  }
  if (parts.to?.changelog !== undefined) {
    const { createDebeziumOutput } = await import('./debezium-output.js');
    const changes = flowOf(parts.plan).get(parts.to.id)?.changes ?? 'single';
    return createDebeziumOutput(sink, changes, reports);
  }
  if (parts.to !== undefined && isTopicUri(parts.to.uri)) {
    const { buildHeads, createTopicOutput } = await import('./topic-output.js');
    const { openValueEncoder } = await import('../../connectors/index.js');
    const values = await openValueEncoder(parts.to.uri);
    return createTopicOutput(sink, buildHeads(parts.to, place)(reports), values, reports);
  }
  const marks = carriesMarks(options, parts, place, sink, job);
  const time = place.time?.assignment;
  const stream = {
    line: () => streamLineOf(place, job),
    delayMs: time?.delayMs,
    timesInRecords: time !== undefined && time.field !== processingTimeField,
    saysAll: place.time?.said === true,
  };
  return createNdjsonOutput(sink, marks ? stream : undefined);
}
