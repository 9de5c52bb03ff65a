/**
 * Where bytes go: a descriptor, written in order, without copying. A buffer that is handed to write() belongs to the
 * sink until it is written, then goes back to a pool. Regular files and terminals are written through the thread pool,
 * pipes through a libuv stream (a blocked fs.write would keep the process from ending).
 */
import fs from 'node:fs';
import net from 'node:net';
import tty from 'node:tty';
import { problem } from '../diagnostics/index.js';
import { fileProblem } from './file-source.js';

export interface ByteSink {
  readonly name: string;
  readonly kind: 'pipe' | 'file' | 'terminal';
  /** Takes over bytes[0, length) and returns a free buffer in exchange. */
  write(bytes: Buffer, length: number): Buffer;
  /** A promise to wait for while too much is unwritten, else undefined. Rejects with a problem when a write failed. */
  drained(): Promise<void> | undefined;
  /** Writes what is left and releases the descriptor. */
  close(): Promise<void>;
  /** True once the reader has gone: nothing that is written is read any more. */
  readonly closedByReader: boolean;
}

/** Unwritten bytes above which the producer waits. Two large chunks' results fit, so that writing overlaps with work. */
const highWaterBytes = 1 << 21;
const pooledBytes = 1 << 16;

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

function pipeSink(name: string, descriptor: number): ByteSink {
  const queue = createQueue();
  const socket = new net.Socket({ fd: descriptor, readable: false, writable: true });
  let closedByReader = false;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' || error.code === 'ECONNRESET') closedByReader = true;
    else queue.failure ??= fileProblem('output', name, error);
    queue.queuedBytes = 0;
    settle(queue);
  };
  socket.on('error', fail);
  return {
    name,
    kind: 'pipe',
    get closedByReader() {
      return closedByReader;
    },
    write(bytes, length) {
      if (closedByReader) return bytes;
      queue.queuedBytes += length;
      socket.write(bytes.subarray(0, length), (error) => {
        if (error == null) written(queue, bytes, length);
        else fail(error);
      });
      return exchange(queue);
    },
    drained: () => (closedByReader ? undefined : waitFor(queue, highWaterBytes)),
    async close() {
      if (!closedByReader) await waitFor(queue, 0);
      socket.destroy();
    },
  };
}

function descriptorSink(
  name: string,
  descriptor: number,
  kind: 'file' | 'terminal',
  owned: boolean,
): ByteSink {
  const queue = createQueue();
  const todo: { bytes: Buffer; from: number; length: number }[] = [];
  let closedByReader = false;
  const next = (): void => {
    const first = todo[0];
    if (first === undefined) return;
    fs.write(descriptor, first.bytes, first.from, first.length - first.from, null, (error, count) => {
      if (error !== null) {
        if (error.code === 'EAGAIN') return void setTimeout(next, 1);
        todo.length = 0;
        if (error.code === 'EIO' && kind === 'terminal') closedByReader = true;
        else queue.failure = writeProblem(name, error);
        queue.queuedBytes = 0;
        return settle(queue);
      }
      first.from += count;
      if (first.from === first.length) {
        todo.shift();
        written(queue, first.bytes, first.length);
      }
      next();
    });
  };
  return {
    name,
    kind,
    get closedByReader() {
      return closedByReader;
    },
    write(bytes, length) {
      queue.queuedBytes += length;
      todo.push({ bytes, from: 0, length });
      if (todo.length === 1) next();
      return exchange(queue);
    },
    drained: () => waitFor(queue, highWaterBytes),
    async close() {
      await waitFor(queue, 0);
      if (owned) fs.closeSync(descriptor);
    },
  };
}

function writeProblem(name: string, error: NodeJS.ErrnoException) {
  if (error.code !== 'ENOSPC') return fileProblem('output', name, error);
  return problem({
    code: 'output',
    message: 'no space is left on the device',
    place: { kind: 'file', path: name },
    hint: 'make room and run again: what was written so far may end within a line',
    cause: error,
  });
}

/** What stands behind an open descriptor; other devices (/dev/null) are written like files. */
export function sinkKindOf(descriptor: number): ByteSink['kind'] {
  const status = fs.fstatSync(descriptor);
  if (status.isFile()) return 'file';
  if (status.isFIFO() || status.isSocket()) return 'pipe';
  return tty.isatty(descriptor) ? 'terminal' : 'file';
}

/** The sink for stdout. */
export function openStdout(): ByteSink {
  const kind = sinkKindOf(1);
  return kind === 'pipe' ? pipeSink('stdout', 1) : descriptorSink('stdout', 1, kind, false);
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
  return kind === 'pipe' ? pipeSink(path, descriptor) : descriptorSink(path, descriptor, 'file', true);
}
