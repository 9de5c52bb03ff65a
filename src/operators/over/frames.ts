/** What frames are: they take in the records of one time of one key, and say the aggregates of each. */
import type { SnapshotReader, SnapshotWriter } from '../../state/index.js';
import type { Values } from './folding.js';

/** A record whose turn has come. */
export interface Due {
  /** Of its arrival among all records. */
  readonly arrival: number;
  /** Of its turn among all records. */
  readonly turn: number;
  readonly values: Values;
}

export interface Frames {
  /** Whether a record comes when the results of its time have left; `mark` is the watermark before it. */
  isLate(key: string, time: number, mark: number): boolean;
  /** Takes in all records of a time of a key, in the order of arrival; returns the results of each. */
  take(key: string, time: number, due: readonly Due[]): readonly Values[];
  /** Forgets what no coming record needs. */
  pass(watermark: number): void;
  /** Keys that are remembered. */
  keys(): number;
  snapshot(into: SnapshotWriter): void;
  restore(from: SnapshotReader): void;
}

/** The results of records one by one, or, where records of one time count together, those of the last for all. */
export function resultsOfEach(
  due: readonly Due[],
  together: boolean,
  add: (one: Due) => void,
  results: () => Values,
): readonly Values[] {
  if (!together) {
    return due.map((one) => {
      add(one);
      return results();
    });
  }
  for (const one of due) add(one);
  const all = results();
  return due.map(() => all);
}
