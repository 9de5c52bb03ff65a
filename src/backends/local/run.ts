/**
 * Runs a plan in this process: sources, one chain of operators, one output. Everything between two chunks is
 * synchronous; only sources and sinks wait.
 */
import {
  type ByteSink,
  type ByteSource,
  locate,
  openFileSink,
  openSource,
  openStdout,
} from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { createFormatScanner } from '../../formats/index.js';
import type { Operator, Place } from '../../operators/index.js';
import {
  type FormatChoice,
  type PhysicalStep,
  type Plan,
  physicalSteps,
  type ToNode,
} from '../../plan/index.js';
import { createIntake, createScanner, type Intake, type Scanner } from '../../record/index.js';
import { parseControlLine, type StreamLine } from '../../stream/index.js';
import { formName } from '../../time/index.js';
import { type Accounts, type BadPolicy, type Observer, openAccounts, type Totals } from './accounts.js';
import { type BuiltChain, buildChain } from './chain.js';
import { createFormattedOutput } from './formatted-output.js';
import { openGenerator } from './generator-source.js';
import { driveInput, type InputDriver, readHead } from './input.js';
import { type ChainEnd, createNdjsonOutput } from './ndjson-output.js';

/** How to run. Everything has a default but `say`. */
export interface RunOptions {
  /** Writes one line for the user (stderr). */
  say(line: string): void;
  readonly bad?: BadPolicy;
  /** Control lines on the output: only towards another stage, always, or never. */
  readonly marks?: 'auto' | 'always' | 'never';
  readonly verbose?: boolean;
  readonly maxLineBytes?: number;
  /** Size of a read; for tests. */
  readonly chunkBytes?: number;
  readonly clock?: () => number;
  /** Aborting stops the run at the next chunk; what was produced is written. */
  readonly signal?: AbortSignal;
  /** Replaces the opening of sources and sinks; for tests. */
  readonly open?: { source?(path: string): Promise<ByteSource>; sink?(uri: string): ByteSink };
  /** Sees each record that was refused or late. */
  readonly observer?: Observer;
  /** Called after every chunk. */
  onProgress?(progress: RunProgress): void;
}

export interface RunProgress {
  readonly bytesRead: number;
  readonly lengthBytes: number | undefined;
  readonly records: number;
}

/** How a run ended. `stopped` by the signal; `closed` because nobody reads the output any more. */
export interface RunResult {
  readonly outcome: 'complete' | 'stopped' | 'closed';
  readonly totals: Totals;
}

interface SplitPlan {
  readonly source: Extract<PhysicalStep, { kind: 'from' | 'gen' }>;
  readonly middle: readonly PhysicalStep[];
  readonly to: ToNode | undefined;
}

function split(plan: Plan): SplitPlan {
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
    ? { source, middle: rest.slice(0, -1), to: last }
    : { source, middle: rest, to: undefined };
}

function makeScanner(format: FormatChoice, chain: BuiltChain): Scanner {
  return format.name === 'json' ? createScanner(chain.layout) : createFormatScanner(format, chain.layout);
}

const endsMarks: ReadonlySet<PhysicalStep['kind']> = new Set(['aggregate', 'windowed-aggregate']);

/** Whether the output carries control lines: only when a stage behind this one can use them. */
function carriesMarks(options: RunOptions, parts: SplitPlan, place: Place, sink: ByteSink): boolean {
  if (options.marks === 'never' || (parts.to !== undefined && parts.to.format !== 'json')) return false;
  if (options.marks === 'always') return true;
  if (sink.kind !== 'pipe' || parts.to !== undefined) return false;
  if (parts.middle.some((step) => endsMarks.has(step.kind))) return false;
  return place.time !== undefined || place.key.length > 0 || place.window !== undefined;
}

function streamLineOf(place: Place): StreamLine {
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
          },
        }),
    ...(window === undefined ? {} : { window: window.shape }),
  };
}

/** What the running parts share. */
interface Running {
  readonly intake: Intake;
  readonly head: Operator;
  readonly operators: readonly Operator[];
  readonly end: ChainEnd;
  readonly accounts: Accounts;
  endSeen: boolean;
}

function handleControlLine(running: Running, text: string): void {
  const line = parseControlLine(text);
  switch (line.kind) {
    case 'watermark':
      running.head.onWatermark(line.time);
      return;
    case 'end':
      running.endSeen = true;
      return;
    case 'stream':
      // A second stream line comes of concatenated streams; the first one holds.
      return;
    case 'unknown':
      running.end.passControlLine(line.text);
  }
}

function work(running: Running): void {
  const { intake, head, accounts } = running;
  for (;;) {
    const found = intake.next();
    if (found === 'hungry' || found === 'done') return;
    if (found === 'control') {
      handleControlLine(running, intake.control);
      continue;
    }
    const batch = intake.batch;
    accounts.totals.recordsIn += batch.count;
    if (batch.rejected.length > 0) {
      accounts.takeRejected(batch.source, batch.rejected);
      batch.rejected = [];
    }
    if (batch.count > 0) head.onBatch(batch);
  }
}

function earliestTimer(operators: readonly Operator[]): number {
  let due = Number.POSITIVE_INFINITY;
  for (const operator of operators) due = Math.min(due, operator.nextTimer?.() ?? Number.POSITIVE_INFINITY);
  return due;
}

function fireTimers(operators: readonly Operator[], nowMs: number): void {
  for (const operator of operators) {
    if ((operator.nextTimer?.() ?? Number.POSITIVE_INFINITY) <= nowMs) operator.onTimer?.(nowMs);
  }
}

async function openFirst(parts: SplitPlan, options: RunOptions) {
  const open = options.open?.source ?? openSource;
  if (parts.source.kind === 'gen') {
    const source = openGenerator(parts.source);
    return { source, paths: [source.name], open };
  }
  const paths = options.open?.source === undefined ? await locate(parts.source.uris) : parts.source.uris;
  return { source: await open(paths[0]!), paths, open };
}

function openSink(parts: SplitPlan, options: RunOptions): ByteSink {
  const uri = parts.to?.uri ?? '-';
  if (options.open?.sink !== undefined) return options.open.sink(uri);
  return uri === '-' ? openStdout() : openFileSink(uri);
}

function makeEnd(parts: SplitPlan, options: RunOptions, place: Place, sink: ByteSink): ChainEnd {
  const format = parts.to?.format ?? 'json';
  if (format !== 'json') return createFormattedOutput(format, sink, options.say);
  const marks = carriesMarks(options, parts, place, sink);
  return createNdjsonOutput(
    sink,
    marks ? { line: () => streamLineOf(place), delayMs: place.time?.assignment.delayMs } : undefined,
  );
}

async function drive(
  running: Running,
  driver: InputDriver,
  sink: ByteSink,
  stream: boolean,
): Promise<RunResult> {
  const { head, operators, end, accounts } = running;
  const outcome = await driver.run();
  if (outcome === 'complete') {
    if (stream && !running.endSeen) {
      end.flush();
      await sink.close();
      throw problem({
        code: 'upstream',
        message:
          'the stage upstream ended without saying so: it failed or was killed, and windows still open were not fired',
        hint: 'its own message says why',
      });
    }
    head.onWatermark(Number.POSITIVE_INFINITY);
    for (const operator of operators) operator.onEnd();
  }
  end.end(outcome === 'complete');
  await sink.close();
  accounts.finish();
  return { outcome: sink.closedByReader ? 'closed' : outcome, totals: accounts.totals };
}

/**
 * Runs a plan to its end. Throws a problem when the plan or its surroundings are at fault, or when a policy says so;
 * refused and late records are counted in the result.
 */
export async function runLocal(plan: Plan, options: RunOptions): Promise<RunResult> {
  const parts = split(plan);
  const clock = options.clock ?? Date.now;
  const { source, paths, open } = await openFirst(parts, options);
  const format: FormatChoice = parts.source.kind === 'from' ? parts.source.format : { name: 'json' };
  const inputHead =
    format.name === 'json' ? await readHead(source) : { stream: undefined, rest: new Uint8Array(0) };
  const chain = buildChain(parts.middle, {
    base: format.name === 'json' ? 'line' : 'foreign',
    time: parts.source.time,
    stream: inputHead.stream,
    bounded: true,
  });
  const sink = openSink(parts, options);
  const end = makeEnd(parts, options, chain.place, sink);
  const accounts = openAccounts(options.bad ?? { kind: 'report' }, options.say, options.observer);
  const { head, operators } = chain.create(end, (late) => ({ reports: accounts.reportsFor(late), clock }));
  const scanner = makeScanner(format, chain);
  scanner.controlLines = inputHead.stream !== undefined;
  const intake = createIntake(scanner, {
    batch: chain.batch,
    source: source.name,
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
    ...(options.chunkBytes === undefined ? {} : { chunkBytes: options.chunkBytes }),
  });
  const running: Running = { intake, head, operators, end, accounts, endSeen: false };
  let bytesRead = 0;
  const afterChunk = (): boolean => !sink.closedByReader;
  const driver = driveInput(
    source,
    inputHead,
    { paths, open },
    intake,
    {
      work: () => work(running),
      chunkDone() {
        end.flush();
        const wait = sink.drained();
        return wait === undefined ? afterChunk() : wait.then(afterChunk);
      },
      nextTimer: () => earliestTimer(operators),
      onTimer: () => fireTimers(operators, clock()),
      onProgress(count) {
        bytesRead += count;
        options.onProgress?.({
          bytesRead,
          lengthBytes: source.lengthBytes,
          records: accounts.totals.recordsIn,
        });
      },
    },
    clock,
  );
  options.signal?.addEventListener('abort', () => driver.stop(), { once: true });
  return await drive(running, driver, sink, inputHead.stream !== undefined);
}
