/** What frames are: they take in the records of one time of one key, and say the aggregates of each. */
import type { SnapshotReader, SnapshotWriter } from '../../state/index.js';
import type { PlainObject } from '../entry.js';
import type { EntryNumbers } from '../entry-numbers.js';
import type { Arrivals } from '../keyed-cells/plain-things.js';
import type { Values } from './folding.js';

/** A record whose turn has come. */
export interface Due {
  /** Of its arrival among all records. */
  readonly arrival: number;
  /** Of its turn among all records. */
  readonly turn: number;
  readonly values: Values;
}

/** What frames keep of a key, as entries say it. */
export interface ShownFrame {
  readonly key: string;
  /** The results so far where they are accumulated, or how many records are kept. */
  readonly value: Values | number;
  state(): PlainObject;
}

/** Puts what entries say into frames in place of what they kept. */
export interface FrameEditor {
  /** Takes the part of a state that is the frames' own; undefined when it says nothing of them. */
  add(key: string, state: PlainObject): Pick<ShownFrame, 'value'> | undefined;
  /** A record of the key that waits has to be after this. */
  lastTime(key: string): number;
  /** All have been added. */
  finish(): void;
}

/** What all entries of an over share while they are taken. */
export interface FrameEditing {
  readonly numbers: EntryNumbers;
  /** Of the turns that accumulated parts know of. */
  readonly turns: Arrivals;
  readonly watermark: number;
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
  /** The members of a state that are the frames' own. */
  readonly members: readonly string[];
  shown(): Iterable<ShownFrame>;
  edit(editing: FrameEditing): FrameEditor;
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
