/**
 * The results of a run inside a program: the records as they come, with a run that waits while nobody takes them. Reading
 * begins with the first one that is asked for; leaving the loop ends the run.
 */
import { Readable } from 'node:stream';
import { type RunOptions, type RunResult, runLocal } from '../backends/local/index.js';
import type { ByteSink } from '../connectors/index.js';
import { type Problem, problem } from '../diagnostics/index.js';
import type { Results } from '../frontends/index.js';
import { checkPlan, type Plan } from '../plan/index.js';

/** How a program runs a plan: all of it may be left out. */
export type ProgramOptions = Partial<Omit<RunOptions, 'marks' | 'onProgress'>>;

/** Records that may wait to be taken before the run does. */
const mostWaiting = 1000;

/** Bytes of NDJSON become records, as many as are whole. */
function createRecordQueue() {
  const decoder = new TextDecoder();
  let rest = '';
  let waiting: string[] = [];
  let next = 0;
  let wake: (() => void) | undefined;
  return {
    get size() {
      return waiting.length - next;
    },
    add(bytes: Uint8Array): void {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const line of lines) waiting.push(line);
      wake?.();
    },
    take(): unknown {
      const line = waiting[next++]!;
      if (next === waiting.length) {
        waiting = [];
        next = 0;
      }
      return JSON.parse(line);
    },
    wake: () => wake?.(),
    changed: (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

type RecordQueue = ReturnType<typeof createRecordQueue>;

function sinkInto(queue: RecordQueue, taken: () => Promise<void>): ByteSink {
  return {
    name: 'results',
    kind: 'file',
    closedByReader: false,
    write(bytes, length) {
      queue.add(bytes.subarray(0, length));
      return bytes;
    },
    drained: () => (queue.size > mostWaiting ? taken() : undefined),
    flushed: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function refuse(plan: Plan): void {
  const [first] = checkPlan(plan) as readonly Problem[];
  if (first !== undefined) throw problem(first.details);
}

const sayToStderr = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs a plan that ends in an output. */
export async function runToEnd(plan: Plan, options: ProgramOptions = {}): Promise<RunResult> {
  refuse(plan);
  return await runLocal(plan, { say: sayToStderr, ...options });
}

/** Runs a plan whose results are taken here. */
export function resultsOf<Row>(plan: Plan, options: ProgramOptions = {}): Results<Row, RunResult> {
  refuse(plan);
  const queue = createRecordQueue();
  const stop = new AbortController();
  let taken: (() => void) | undefined;
  let running: Promise<RunResult> | undefined;
  let isOver = false;
  const start = (): Promise<RunResult> => {
    if (running !== undefined) return running;
    options.signal?.addEventListener('abort', () => stop.abort(), { once: true });
    const whenTaken = (): Promise<void> =>
      new Promise((resolve) => {
        taken = resolve;
      });
    const sink = sinkInto(queue, whenTaken);
    const open = { ...options.open, sink: () => sink };
    running = runLocal(plan, { say: sayToStderr, ...options, marks: 'never', signal: stop.signal, open });
    running
      .catch(() => {})
      .finally(() => {
        isOver = true;
        queue.wake();
      });
    return running;
  };

  async function* records(): AsyncGenerator<Row> {
    const run = start();
    try {
      for (;;) {
        while (queue.size > 0) yield queue.take() as Row;
        taken?.();
        if (isOver && queue.size === 0) break;
        if (!isOver && queue.size === 0) await queue.changed();
      }
      await run;
    } finally {
      stop.abort();
      taken?.();
      await run.catch(() => {});
    }
  }

  return {
    [Symbol.asyncIterator]: records,
    stream: () => Readable.from(records(), { objectMode: true }),
    async all() {
      const all: Row[] = [];
      for await (const record of { [Symbol.asyncIterator]: records }) all.push(record);
      return all;
    },
    get finished() {
      return start();
    },
  };
}
