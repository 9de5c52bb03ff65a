/**
 * Where bytes go: a descriptor, written in order, without copying. A buffer that is handed to write() belongs to the
 * sink until it is written, then goes back to a pool. Writes happen in the thread pool, also towards pipes: the next
 * chunk is worked on while the reader takes the last one. Measured on a pipe of two stages and 600 MB:
 * 1.15 s, through a libuv stream on the main thread 1.37 s. Only the first few bytes are written at once. A write that
 * nobody reads keeps process.exit waiting; see cli/interrupt.
 */
import fs from 'node:fs';
import { problem } from '../diagnostics/index.js';
import { fileProblem } from './file-source.js';
import { isTerminal } from './terminal.js';

export interface ByteSink {
  readonly name: string;
  readonly kind: 'pipe' | 'file' | 'terminal';
  /** Takes over bytes[0, length) and returns a free buffer in exchange. */
  write(bytes: Buffer, length: number): Buffer;
  /**
   * A promise to wait for while too much is unwritten, else undefined. Rejects with a problem when a write
   * failed.
   */
  drained(): Promise<void> | undefined;
  /** Waits until everything is written. */
  flushed(): Promise<void>;
  /** Said before close when the input was read to its end; for sinks that do something then. */
  complete?(): void;
  /** Writes what is left and releases the descriptor. */
  close(): Promise<void>;
  /** True once the reader has gone: nothing that is written is read any more. */
  readonly closedByReader: boolean;
}

/**
 * Unwritten bytes above which the producer waits. Two large chunks' results fit, so that writing overlaps
 * with work.
 */
const highWaterBytes = 1 << 21;
const pooledBytes = 1 << 16;

/**
 * So many bytes are written at once by the main thread: they fit into any pipe, whatever its reader does. A short answer,
 * and the first records of a slow stream, then need no thread: to start those takes milliseconds on a busy machine.
 */
const atOnceBytes = 4096;

interface Queue {
  queuedBytes: number;
  failure: Error | undefined;
  readonly pool: Buffer[];
  waiting:
    | { readonly atMost: number; readonly resolve: () => void; readonly reject: (error: Error) => void }
    | undefined;
}

function settle(queue: Queue): void {
  const waiting = queue.waiting;
  if (waiting === undefined) return;
  if (queue.failure !== undefined) {
    queue.waiting = undefined;
    waiting.reject(queue.failure);
  } else if (queue.queuedBytes <= waiting.atMost) {
    queue.waiting = undefined;
    waiting.resolve();
  }
}

function waitFor(queue: Queue, atMost: number): Promise<void> | undefined {
  if (queue.failure !== undefined) return Promise.reject(queue.failure);
  if (queue.queuedBytes <= atMost) return undefined;
  return new Promise((resolve, reject) => {
    queue.waiting = { atMost, resolve, reject };
  });
}

function written(queue: Queue, bytes: Buffer, length: number): void {
  queue.queuedBytes -= length;
  if (queue.pool.length < 4 && bytes.length <= 1 << 22) queue.pool.push(bytes);
  settle(queue);
}

function createQueue(): Queue {
  return { queuedBytes: 0, failure: undefined, pool: [], waiting: undefined };
}

function exchange(queue: Queue): Buffer {
  return queue.pool.pop() ?? Buffer.allocUnsafeSlow(pooledBytes);
}

function descriptorSink(name: string, descriptor: number, kind: ByteSink['kind'], owned: boolean): ByteSink {
  const queue = createQueue();
  const todo: { bytes: Buffer; from: number; length: number }[] = [];
  let closedByReader = false;
  let atOnce = kind === 'terminal' ? 0 : atOnceBytes;
  const fail = (error: NodeJS.ErrnoException): void => {
    todo.length = 0;
    if (error.code === 'EPIPE' || (error.code === 'EIO' && kind === 'terminal')) closedByReader = true;
    else queue.failure = writeProblem(name, error);
    queue.queuedBytes = 0;
    settle(queue);
  };
  const next = (): void => {
    const first = todo[0];
    if (first === undefined) return;
    fs.write(descriptor, first.bytes, first.from, first.length - first.from, null, (error, count) => {
      if (error !== null) {
        return error.code === 'EAGAIN' ? void setTimeout(next, 1) : fail(error);
      }
      first.from += count;
      if (first.from === first.length) {
        todo.shift();
        written(queue, first.bytes, first.length);
      }
      next();
    });
  };
  /** Writes without a thread; returns how much. Waits only where others have filled the same pipe. */
  const writeNow = (bytes: Buffer, length: number): number => {
    if (length > atOnce || todo.length > 0) return 0;
    try {
      const count = fs.writeSync(descriptor, bytes, 0, length);
      atOnce -= count;
      return count;
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'EAGAIN') fail(failure);
      atOnce = 0;
      return 0;
    }
  };
  return {
    name,
    kind,
    get closedByReader() {
      return closedByReader;
    },
    write(bytes, length) {
      if (closedByReader || queue.failure !== undefined) return bytes;
      const from = writeNow(bytes, length);
      if (from === length || closedByReader || queue.failure !== undefined) return bytes;
      queue.queuedBytes += length;
      todo.push({ bytes, from, length });
      if (todo.length === 1) next();
      return exchange(queue);
    },
    drained: () => waitFor(queue, highWaterBytes),
    async flushed() {
      await waitFor(queue, 0);
    },
    async close() {
      await this.flushed();
      if (owned) fs.closeSync(descriptor);
    },
  };
}

/** A problem that says why an output cannot be written. */
export function writeProblem(
  name: string,
  error: NodeJS.ErrnoException,
  whatFollows = 'what was written so far may end within a line',
) {
  if (error.code !== 'ENOSPC') return fileProblem('output', name, error);
  return problem({
    code: 'output',
    message: 'no space is left on the device',
    place: { kind: 'file', path: name },
    hint: `make room and run again: ${whatFollows}`,
    cause: error,
  });
}

/** What stands behind an open descriptor; other devices (/dev/null) are written like files. */
export function sinkKindOf(descriptor: number): ByteSink['kind'] {
  const status = fs.fstatSync(descriptor);
  if (status.isFile()) return 'file';
  if (status.isFIFO() || status.isSocket()) return 'pipe';
  return isTerminal(descriptor) ? 'terminal' : 'file';
}

/** The sink for stdout. */
export function openStdout(): ByteSink {
  const kind = sinkKindOf(1);
  return descriptorSink('stdout', 1, kind, false);
}

/** Creates or truncates a file, or opens a FIFO or device, and writes to it. */
export function openFileSink(path: string): ByteSink {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, 'w');
  } catch (error) {
    throw fileProblem('output', path, error);
  }
  const kind = sinkKindOf(descriptor);
  return descriptorSink(path, descriptor, kind === 'pipe' ? 'pipe' : 'file', true);
}
