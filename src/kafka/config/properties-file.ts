/**
 * Reads Java's properties: `name=value`, `name: value` or `name value`; comments with # or !; a backslash at
 * the end of a line goes on on the next; \n, \t, \u00e9 and the like. As java.util.Properties describes it,
 * except that UTF-8 is read as such where a file is UTF-8.
 */
import { TextDecoder } from 'node:util';

/** Where a name stands. */
export interface Property {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** The text of a file; one that is not UTF-8 is ISO 8859-1, as Java reads it. */
export function decodeProperties(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S]?)/g, (_match, rest: string) =>
    rest.length > 1 ? String.fromCharCode(Number.parseInt(rest.slice(1), 16)) : (escapes[rest] ?? rest),
  );

const goesOn = (line: string): boolean => /\\*$/.exec(line)![0].length % 2 === 1;

/** Lines with what they go on to, comments and empty ones left out. */
function* logicalLines(text: string): Generator<{ readonly text: string; readonly line: number }> {
  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let whole = lines[i]!.trimStart();
    if (whole === '' || whole.startsWith('#') || whole.startsWith('!')) continue;
    while (goesOn(whole)) {
      whole = whole.slice(0, -1);
      if (i + 1 >= lines.length) break;
      whole += lines[++i]!.trimStart();
    }
    yield { text: whole, line };
  }
}

/** All properties in the order in which they stand; the last of a name counts. */
export function readProperties(text: string): readonly Property[] {
  return [...logicalLines(text)].map(({ text, line }) => {
    const [, name, rest] = /^((?:\\.|[^\\\s=:])*)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+)?([\s\S]*)$/.exec(text)!;
    return { name: unescaped(name!), value: unescaped(rest!), line };
  });
}
