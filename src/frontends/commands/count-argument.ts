/** A number of records as an argument. */
import { problem } from '../../diagnostics/index.js';

/** Reads a whole number of at least 1. Throws a usage problem that says what it is for. */
export function readCount(text: string, command: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && Number.isSafeInteger(count)) return count;
  throw problem({
    code: 'usage',
    message: `${command} takes a number of records, and ${text === '' ? 'an empty text' : text} is none`,
    place: { kind: 'text', text, start: 0, end: text.length },
    hint: `${command} 3 ...`,
  });
}
