/**
 * Patterns of sub-folders, such as `{yyyy-MM-dd}/{HH}` or `country={country}/{yyyy-MM}`: text, and in braces
 * a pattern of event time in the letters of DATE_FORMAT, or an expression. Braces hold a pattern of time when
 * all their letters come in runs of such letters, at least two alike; a field of such a name is put in
 * backticks. The text itself cannot leave the folder.
 */
import { problem } from '../diagnostics/index.js';
import { compileLetterPattern } from '../time/index.js';

export type PartitionPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly pattern: string }
  | { readonly kind: 'expression'; readonly expression: string };

function refuse(pattern: string, start: number, end: number, message: string, hint?: string): never {
  throw problem({
    code: 'syntax',
    message,
    place: { kind: 'text', text: pattern, start, end },
    hint: hint ?? 'write it as {yyyy-MM-dd}/{HH} or country={country}/{yyyy-MM}',
  });
}

/** Whether the text in braces is a pattern of time. */
function isTimePattern(text: string): boolean {
  const runs = text.replace(/'[^']*'/g, '').match(/([A-Za-z])\1*/g) ?? [];
  return runs.length > 0 && runs.every((run) => run.length >= 2 && 'yuQMdDHhmsS'.includes(run[0]!));
}

function pieceInBraces(pattern: string, inside: string, start: number): PartitionPiece {
  if (inside.trim() === '')
    return refuse(pattern, start - 1, start + inside.length + 1, 'the braces are empty');
  if (!isTimePattern(inside)) return { kind: 'expression', expression: inside.trim() };
  compileLetterPattern(inside);
  return { kind: 'time', pattern: inside };
}

/** Names that a folder may not have by its text alone, whatever the values are. */
function checkText(pattern: string): void {
  const shown = pattern.replaceAll(/\{[^{}]*\}/g, (braces) => 'x'.repeat(braces.length));
  let start = 0;
  for (const name of shown.split('/')) {
    const end = start + name.length;
    if (name === '') refuse(pattern, start, end + 1, 'a sub-folder has an empty name');
    if (/^[._]/.test(name)) {
      refuse(
        pattern,
        start,
        end,
        'the name of a sub-folder cannot begin with . or _',
        'such names are hidden',
      );
    }
    start = end + 1;
  }
  if (shown.includes('\0')) refuse(pattern, 0, pattern.length, 'a name cannot hold a NUL');
}

/** The pieces of a pattern. Throws a syntax problem that shows what is wrong. */
export function readPartition(pattern: string): readonly PartitionPiece[] {
  checkText(pattern);
  const pieces: PartitionPiece[] = [];
  const token = /\{([^{}]*)\}|[^{}]+|[{}]/g;
  for (const match of pattern.matchAll(token)) {
    const [text, inside] = match;
    if (inside !== undefined) pieces.push(pieceInBraces(pattern, inside, match.index + 1));
    else if (text === '{' || text === '}')
      refuse(pattern, match.index, match.index + 1, 'a brace has no partner');
    else pieces.push({ kind: 'text', text });
  }
  if (pieces.every(({ kind }) => kind === 'text')) {
    refuse(pattern, 0, pattern.length, 'a partition pattern needs braces');
  }
  return pieces;
}
