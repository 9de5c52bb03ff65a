/**
 * A spill space in memory, as strict as the one on disk may be: what is put can be read after the flush only, nothing is put
 * but at rest, and what was forgotten is gone.
 */
import type { SpillSpace } from '../../src/state/index.js';

export interface MemorySpill extends SpillSpace {
  readonly isWaiting: boolean;
  flush(): void;
  /** What a checkpoint would keep now. */
  capture(): ReadonlyMap<string, Uint8Array>;
  /** Whether something may be put. */
  atRest: boolean;
  /** How often something was put and read. */
  readonly counts: { puts: number; gets: number };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function createMemorySpill(kept: ReadonlyMap<string, Uint8Array> = new Map()): MemorySpill {
  const values = new Map(kept);
  let puts: (readonly [string, Uint8Array])[] = [];
  let forgotten: string[] = [];
  const counts = { puts: 0, gets: 0 };
  const spill: MemorySpill = {
    atRest: false,
    counts,
    get(key) {
      counts.gets++;
      return values.get(hex(key))?.slice();
    },
    put(key, value) {
      if (!spill.atRest) throw new Error('something is put while the run does not rest');
      counts.puts++;
      puts.push([hex(key), Uint8Array.from(value)]);
    },
    forget(prefix) {
      forgotten.push(hex(prefix));
    },
    get isWaiting() {
      return puts.length > 0 || forgotten.length > 0;
    },
    flush() {
      for (const [key, value] of puts) values.set(key, value);
      for (const key of [...values.keys()]) {
        if (forgotten.some((prefix) => key.startsWith(prefix))) values.delete(key);
      }
      puts = [];
      forgotten = [];
    },
    capture: () => new Map(values),
  };
  return spill;
}
