/**
 * What all joins of two inputs are to whoever drives them: rows come one by one, from a union of both inputs by event time,
 * and the records of the result leave as texts. The watermark is that of the union and advances after every row, so the
 * answer depends on the rows alone.
 */
import type { JoinKind } from '../../plan/index.js';
import type { Operator } from '../operator.js';
import type { JoinedNames } from './joined-text.js';
import type { JoinSide } from './kept-rows.js';
import type { JoinKeyFields } from './row-entries.js';

export interface RowJoinOptions {
  readonly kind: JoinKind;
  /** Delay of the watermark behind the highest time of both inputs. */
  readonly delayMs: number;
  /** How much further behind the output is. */
  readonly outputDelayMs: number;
  readonly names: JoinedNames;
  /** What the key is, for the shape of the state. */
  readonly key: string;
  /** The same for entries. */
  readonly keyFields: JoinKeyFields;
  /** Takes a record of the result, with its time and the watermark before it. */
  emit(text: string, time: number, mark: number): void;
  /** Takes a record that came too late to be joined. */
  late(text: string): void;
}

/** How entries say the rows of both sides. */
export const sideNames = ['left', 'right'] as const;

export interface RowJoin {
  /** The next row of both inputs; its key is undefined when a part of it is null. */
  take(side: JoinSide, text: string, time: number, key: string | undefined): void;
  /** The watermark of the output. */
  readonly watermark: number;
  /** No more rows come: what waits leaves. */
  finish(): void;
  readonly operator: Operator;
}

/** Whether a row without partner leaves, by side. */
export const passesAlone: Readonly<Record<JoinKind, readonly [boolean, boolean]>> = {
  inner: [false, false],
  left: [true, false],
  right: [false, true],
  full: [true, true],
  semi: [false, false],
  anti: [true, false],
};
