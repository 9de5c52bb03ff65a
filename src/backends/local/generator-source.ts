/**
 * A generator as a source of bytes. With a rate, lines are handed out on a schedule that is kept over the
 * whole run: a slow reader gets the lines that are due all at once afterwards, so that the mean rate
 * holds.
 */
import { type ByteSource, createGenerator } from '../../connectors/index.js';
import type { GenNode } from '../../plan/index.js';

const bufferBytes = 1 << 16;

/** Position behind the n-th newline of bytes[from, to), and how many there were. */
function lines(bytes: Uint8Array, from: number, to: number, most: number): { end: number; count: number } {
  let end = from;
  let count = 0;
  while (count < most && end < to) {
    const newline = bytes.indexOf(10, end);
    if (newline < 0 || newline >= to) break;
    end = newline + 1;
    count++;
  }
  return { end, count };
}

function paced(name: string, fill: (target: Uint8Array) => number, ratePerSecond: number): ByteSource {
  const buffer = new Uint8Array(bufferBytes);
  let from = 0;
  let to = 0;
  let handedOut = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  const started = performance.now();
  return {
    name,
    lengthBytes: undefined,
    async read(target) {
      if (from === to) {
        from = 0;
        to = fill(buffer);
      }
      if (to === 0) return 0;
      for (;;) {
        if (closed) return 0;
        const due = Math.floor(((performance.now() - started) * ratePerSecond) / 1000) + 1 - handedOut;
        const taken = lines(buffer, from, Math.min(to, from + target.length), due);
        if (taken.count > 0) {
          target.set(buffer.subarray(from, taken.end));
          const count = taken.end - from;
          from = taken.end;
          handedOut += taken.count;
          return count;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, Math.max(1, (1 - due) * (1000 / ratePerSecond)));
        });
      }
    },
    close() {
      closed = true;
      wake?.();
    },
  };
}

/** The source of a gen node. */
export function openGenerator(node: GenNode): ByteSource {
  const generator = createGenerator({
    dataset: node.dataset,
    seed: node.seed,
    ...(node.count === undefined ? {} : { count: node.count }),
  });
  const name = `gen ${node.dataset}`;
  if (node.ratePerSecond !== undefined)
    return paced(name, (target) => generator.fill(target), node.ratePerSecond);
  let closed = false;
  return {
    name,
    lengthBytes: undefined,
    // A turn of the event loop between two chunks, so that signals and a closed reader are noticed.
    read: (target) =>
      new Promise((resolve) => setImmediate(() => resolve(closed ? 0 : generator.fill(target)))),
    close() {
      closed = true;
    },
  };
}
