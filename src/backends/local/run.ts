/**
 * Runs a plan in this process: sources, one chain of operators, one output. Everything between two chunks is
 * synchronous; only sources and sinks wait.
 */
import type { ByteSink } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import type { Operator } from '../../operators/index.js';
import { type FormatChoice, makesText, type Plan } from '../../plan/index.js';
import { createIntake, createScanner, type Intake, type Scanner } from '../../record/index.js';
import { parseControlLine } from '../../stream/index.js';
import { formName } from '../../time/index.js';
import { type Accounts, openAccounts } from './accounts.js';
import { type BuiltChain, buildChain } from './chain.js';
import { makeEnd, openInput, openSink, type SplitPlan, splitPlan } from './ends.js';
import { driveInput, firstSource, type InputDriver, type InputHandler, noHead, readHead } from './input.js';
import type { ChainEnd } from './ndjson-output.js';
import type { RunOptions, RunResult } from './run-options.js';

async function makeScanner(format: FormatChoice, chain: BuiltChain, nowMs: number): Promise<Scanner> {
  if (format.name === 'json') return createScanner(chain.layout);
  const { createFormatScanner } = await import('../../formats/index.js');
  return createFormatScanner(format, chain.layout, { nowMs });
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

function failUpstream(): never {
  throw problem({
    code: 'upstream',
    message:
      'the stage upstream ended without saying so: it failed or was killed, and windows still open were not fired',
    hint: 'its own message says why',
  });
}

/** Runs the input through the chain and ends it. What was produced before a failure is written. */
async function drive(
  running: Running,
  driver: InputDriver,
  sink: ByteSink,
  stream: boolean,
): Promise<RunResult> {
  const { head, operators, end, accounts } = running;
  try {
    const outcome = await driver.run();
    if (outcome === 'complete') {
      if (stream && !running.endSeen) failUpstream();
      head.onWatermark(Number.POSITIVE_INFINITY);
      for (const operator of operators) operator.onEnd();
    }
    end.end(outcome === 'complete');
    await sink.flushed();
    // Said while the output is still open: whoever waits for its end has then seen this too.
    accounts.finish();
    await sink.close();
    return { outcome: sink.closedByReader ? 'closed' : outcome, totals: accounts.totals };
  } catch (error) {
    driver.stop();
    end.flush();
    await sink.flushed();
    accounts.finish();
    await sink.close();
    throw error;
  }
}

/** Text that nobody parses leaves as it is: `gen access-log` on its own. */
async function copyText(parts: SplitPlan, options: RunOptions): Promise<RunResult> {
  const [stage] = parts.middle;
  if (stage !== undefined) {
    throw problem({
      code: 'plan',
      message: `${stage.id} needs records, and ${parts.source.id} makes lines of text`,
      hint: 'put parse between them: gen access-log | parse nginx',
    });
  }
  const feed = await openInput(parts, options);
  const sink = openSink(parts, options);
  const totals = { recordsIn: 0, rejected: 0, late: 0 };
  let buffer: Buffer = Buffer.allocUnsafeSlow(1 << 16);
  for (;;) {
    const count = await feed.read(buffer);
    if (typeof count !== 'number' || sink.closedByReader) break;
    buffer = sink.write(buffer, count);
    if (buffer.length < 1 << 16) buffer = Buffer.allocUnsafeSlow(1 << 16);
    await sink.drained();
  }
  await sink.close();
  const stopped = options.signal?.aborted === true;
  return { outcome: sink.closedByReader ? 'closed' : stopped ? 'stopped' : 'complete', totals };
}

function inputHandler(
  running: Running,
  sink: ByteSink,
  options: RunOptions,
  lengthBytes: number | undefined,
): InputHandler {
  const { end, operators, accounts } = running;
  const clock = options.clock ?? Date.now;
  const goOn = (): boolean => !sink.closedByReader;
  let bytesRead = 0;
  return {
    work: () => work(running),
    chunkDone() {
      end.flush();
      const wait = sink.drained();
      return wait === undefined ? goOn() : wait.then(goOn);
    },
    nextTimer: () => earliestTimer(operators),
    onTimer: () => fireTimers(operators, clock()),
    onProgress(count) {
      bytesRead += count;
      options.onProgress?.({ bytesRead, lengthBytes, records: accounts.totals.recordsIn });
    },
  };
}

/**
 * Runs a plan to its end. Throws a problem when the plan or its surroundings are at fault, or when a policy says so;
 * refused and late records are counted in the result.
 */
export async function runLocal(plan: Plan, options: RunOptions): Promise<RunResult> {
  const parts = splitPlan(plan);
  if (parts.source.kind === 'gen' && parts.source.format === undefined && makesText(parts.source)) {
    return await copyText(parts, options);
  }
  const format: FormatChoice = parts.source.format ?? { name: 'json' };
  const clock = options.clock ?? Date.now;
  const position = options.position;
  const feed = await openInput(parts, options, position?.feed);
  const first = firstSource(feed, position);
  const isJson = format.name === 'json';
  const inputHead = isJson && position === undefined ? await readHead(feed) : noHead;
  const stream = position?.stream ?? inputHead.stream;
  const base = isJson ? 'line' : 'foreign';
  const chain = buildChain(parts.middle, {
    source: parts.source.id,
    base,
    time: parts.source.time,
    stream,
    bounded: true,
  });
  const sink = openSink(parts, options);
  const end = await makeEnd(parts, options, chain.place, sink);
  const accounts = openAccounts(options.bad ?? { kind: 'report' }, options.say, options.observer);
  const { head, operators } = chain.create(end, (late) => ({ reports: accounts.reportsFor(late), clock }));
  const scanner = await makeScanner(format, chain, clock());
  scanner.controlLines = stream !== undefined;
  const { maxLineBytes, chunkBytes } = options;
  const intake = createIntake(scanner, {
    batch: chain.batch,
    ...first,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    ...(chunkBytes === undefined ? {} : { chunkBytes }),
  });
  const running: Running = { intake, head, operators, end, accounts, endSeen: false };
  const handler = inputHandler(running, sink, options, feed.lengthBytes);
  const driver = driveInput({ feed, first, head: inputHead, intake, position }, handler, clock);
  options.signal?.addEventListener('abort', () => driver.stop(), { once: true });
  const result = await drive(running, driver, sink, stream !== undefined);
  const time = chain.time;
  if (options.verbose === true && time?.cell.form !== undefined) {
    options.say(`leat: event time is ${time.assignment.field}, written as ${formName(time.cell.form)}`);
  }
  return result;
}
