/**
 * A pipe, FIFO, socket or terminal, read through a libuv stream and not through fs.read: a blocked fs.read
 * sits in the thread pool and would keep the process from ending on a signal. The stream fills one of two
 * buffers of its own while the other is handed on, and is stopped whenever nobody waits: that is the
 * back-pressure.
 */
import type net from 'node:net';
import type tty from 'node:tty';
import type { ByteSource } from './source.js';
import { isTerminal } from './terminal.js';

/** The kernel hands out at most 64 KiB of a pipe at once, unless somebody has enlarged it. */
const bufferBytes = 1 << 17;

interface Pending {
  readonly target: Uint8Array;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}

/** node:net and node:tty are asked for here: reading files does not need them. */
function openTerminal(descriptor: number): tty.ReadStream {
  const { ReadStream } = process.getBuiltinModule('node:tty');
  return new ReadStream(descriptor);
}

function openSocket(descriptor: number, onread: net.OnReadOpts): net.Socket {
  const { Socket } = process.getBuiltinModule('node:net');
  const options = { fd: descriptor, readable: true, writable: false, onread };
  return new Socket(options as net.SocketConstructorOpts);
}

/** Reads a descriptor that is not a regular file. */
export function openPipeSource(name: string, descriptor: number): ByteSource {
  let pending: Pending | undefined;
  let held: Uint8Array | undefined;
  let ended = false;
  let failure: Error | undefined;

  const deliver = (): void => {
    if (pending === undefined) return;
    const { target, resolve, reject } = pending;
    if (held !== undefined) {
      const count = Math.min(held.length, target.length);
      target.set(held.subarray(0, count));
      held = count === held.length ? undefined : held.subarray(count);
      pending = undefined;
      resolve(count);
    } else if (failure !== undefined) {
      pending = undefined;
      reject(failure);
    } else if (ended) {
      pending = undefined;
      resolve(0);
    }
  };

  const onread = {
    buffer: new Uint8Array(bufferBytes),
    callback(count: number, buffer: Uint8Array): boolean {
      held = buffer.subarray(0, count);
      deliver();
      // Going on is safe only when the buffer is free again; else the read that wants the rest starts the stream anew.
      return held === undefined && pending !== undefined;
    },
  };
  const isTty = isTerminal(descriptor);
  const stream = isTty ? openTerminal(descriptor) : openSocket(descriptor, onread);
  if (isTty) {
    stream.on('data', (data: Buffer) => {
      stream.pause();
      held = held === undefined ? data : Buffer.concat([held, data]);
      deliver();
    });
  }
  stream.on('end', () => {
    ended = true;
    deliver();
  });
  stream.on('close', () => {
    ended = true;
    deliver();
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A terminal that went away is the end of its input.
    if (error.code === 'EIO') ended = true;
    else failure = error;
    deliver();
  });
  stream.pause();

  return {
    name,
    lengthBytes: undefined,
    isTerminal: isTty,
    risk: isTty
      ? `${name} is a terminal: what was in flight when a run dies is lost`
      : `${name} is a pipe: what was in flight when a run dies is lost, unless the producer gives the same bytes again from the beginning`,
    read(target) {
      return new Promise((resolve, reject) => {
        pending = { target, resolve, reject };
        deliver();
        if (pending !== undefined) stream.resume();
      });
    },
    close() {
      ended = true;
      stream.destroy();
      deliver();
    },
  };
}
