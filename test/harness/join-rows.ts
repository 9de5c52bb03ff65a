/**
 * Two random inputs of a join, out of order and with null keys, and what every slow join needs: their rows numbered in the
 * order in which the union of both inputs gives them, and the watermark after each, which is the highest time so far, less
 * the larger delay.
 */
import fc from 'fast-check';
import type { JoinKind } from '../../src/plan/index.js';

export const base = 1_760_000_000;

export interface Row {
  readonly side: 0 | 1;
  readonly k: string | number | null | undefined;
  readonly at: number;
  readonly v: number;
}

export const rows = (side: 0 | 1) =>
  fc
    .array(
      fc.record(
        {
          k: fc.constantFrom<Row['k']>('a', 'b', 'ö', 1, 1, null),
          step: fc.integer({ min: -4, max: 6 }),
          v: fc.integer({ min: 0, max: 9 }),
        },
        { requiredKeys: ['step', 'v'] },
      ),
      { maxLength: 25 },
    )
    .map((steps): Row[] => {
      let at = 0;
      return steps.map(({ k, step, v }) => {
        at = Math.max(0, at + step);
        return { side, k, at, v };
      });
    });

/** How often a random join is asked. */
export const joinRuns = 300 * Number(process.env['LEAT_RUNS'] ?? 1);

/** What the questions about any join have in common. */
export const joinInputs = {
  left: rows(0),
  right: rows(1),
  delays: fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })),
  chunkBytes: fc.constantFrom(1, 7, 100, 65_536),
};

export const keyOf = ({ k }: Row): string | undefined =>
  k === null || k === undefined ? undefined : `${typeof k} ${k}`;
export const lineOf = ({ side, k, at, v }: Row): string =>
  side === 0 ? JSON.stringify({ t: base + at, k, v }) : JSON.stringify({ u: base + at, k, v, w: v });
export const joinedLine = (left: Row, right: Row): string =>
  `${lineOf(left).slice(0, -1)},"u":${base + right.at},"right_v":${right.v},"w":${right.v}}`;

/** The rows of both inputs in the order in which a union gives them. */
export function inOrder(left: readonly Row[], right: readonly Row[]): Row[] {
  const [a, b] = [[...left], [...right]];
  const merged: Row[] = [];
  while (a.length + b.length > 0) {
    const isLeft = b.length === 0 || (a.length > 0 && a[0]!.at <= b[0]!.at);
    merged.push((isLeft ? a : b).shift()!);
  }
  return merged;
}

/** The watermark after each of the rows. */
export function watermarksOf(all: readonly Row[], delay: number): number[] {
  return all.map((_, i) => Math.max(...all.slice(0, i + 1).map(({ at }) => at)) - delay);
}

/** Whether a row without partner leaves. */
export const leavesAlone: Record<JoinKind, (row: Row) => boolean> = {
  inner: () => false,
  left: ({ side }) => side === 0,
  right: ({ side }) => side === 1,
  full: () => true,
  semi: () => false,
  anti: ({ side }) => side === 0,
};

/** The inputs as files. */
export const filesOf = ({
  left,
  right,
}: {
  readonly left: readonly Row[];
  readonly right: readonly Row[];
}) => ({
  left: left.map((row) => `${lineOf(row)}\n`).join(''),
  right: right.map((row) => `${lineOf(row)}\n`).join(''),
});
