/**
 * Seeded generators of sample records, written as bytes straight into the reader's buffer. The same dataset,
 * seed and start give the same bytes on every machine, however they are asked for: examples, tests and
 * benchmarks rest on it. Changing what a seed gives is therefore changing the project's test data.
 */
import { accessLog } from './access-log.js';
import { clicks } from './clicks.js';
import { type Line, maxLineBytes } from './line.js';
import { nexmark } from './nexmark.js';
import { createRandom, type Random } from './random.js';

const datasets = { clicks, 'access-log': accessLog, nexmark } satisfies Record<
  string,
  (random: Random, startMs: number) => (line: Line) => void
>;

/** The names of the generators. */
export type Dataset = keyof typeof datasets;

export interface GeneratorOptions {
  readonly dataset: Dataset;
  readonly seed: number;
  /** Stop after this many records; without it, never. */
  readonly count?: number;
  /** Event time of the beginning, epoch ms. Default 2026-11-01T00:00:00Z. */
  readonly startMs?: number;
}

export interface Generator {
  /**
   * Fills the target with whole lines and returns their length in bytes; 0 means that all are made. A target
   * below 2 KiB gets lines in pieces.
   */
  fill(target: Uint8Array): number;
  /** Records made so far. */
  readonly made: number;
}

const defaultStartMs = Date.UTC(2026, 10, 1);

/** Makes a generator. */
export function createGenerator(options: GeneratorOptions): Generator {
  const count = options.count ?? Number.POSITIVE_INFINITY;
  const putRecord = datasets[options.dataset](createRandom(options.seed), options.startMs ?? defaultStartMs);
  const line: Line = { bytes: new Uint8Array(0), at: 0 };
  // What did not fit into a target too small for a line.
  const spare = new Uint8Array(maxLineBytes);
  let spareFrom = 0;
  let spareTo = 0;
  let made = 0;

  const fillPiece = (target: Uint8Array): number => {
    if (spareFrom === spareTo) {
      if (made >= count) return 0;
      line.bytes = spare;
      line.at = 0;
      putRecord(line);
      made++;
      spareFrom = 0;
      spareTo = line.at;
    }
    const length = Math.min(target.length, spareTo - spareFrom);
    target.set(spare.subarray(spareFrom, spareFrom + length));
    spareFrom += length;
    return length;
  };

  return {
    get made() {
      return made;
    },
    fill(target) {
      if (spareFrom < spareTo || target.length < maxLineBytes) return fillPiece(target);
      line.bytes = target;
      line.at = 0;
      while (made < count && target.length - line.at >= maxLineBytes) {
        putRecord(line);
        made++;
      }
      return line.at;
    },
  };
}
