/**
 * A mark: a record of ours that is sent through a program of somebody else, to see everything that the program owes for what
 * came before it come out. Spelled so that no record of the user is taken for one: with a word that only this run knows.
 */
import { controlPrefix } from './control.js';

const newline = 0x0a;

/** The n-th mark of a run, with its newline. */
export function spellMark(run: string, number: number): string {
  return `${controlPrefix}"mark ${run} ${number}"}\n`;
}

/** A mark among whole lines: the half-open span of its line, and its number. */
export interface FoundMark {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** Finds the first mark of a run, however the program has spelled the record. */
export function markFinder(run: string): (lines: Buffer) => FoundMark | undefined {
  const pattern = new RegExp(`"mark ${run} (\\d+)"`);
  const name = Buffer.from(`"mark ${run} `);
  return (lines) => {
    const at = lines.indexOf(name);
    if (at < 0) return undefined;
    const start = lines.lastIndexOf(newline, at) + 1;
    const end = lines.indexOf(newline, at) + 1;
    return { start, end, number: Number(pattern.exec(lines.toString('utf8', start, end))?.[1]) };
  };
}
