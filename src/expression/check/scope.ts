/**
 * What names mean where an expression stands, and how problems of a checked expression say where they are.
 */
import { type Problem, type ProblemCode, problem } from '../../diagnostics/index.js';
import type { Path } from '../../record/index.js';
import type { FunctionSession } from '../functions/definition.js';

/** The columns that can be read. Asking for a path may add it to the columns that are scanned. */
export interface ColumnScope {
  /** The number of the column of a path; undefined when there is no such column. */
  resolve(path: Path): number | undefined;
  /** The names that are known, for hints. */
  names(): readonly string[];
}

/** What checking needs besides the tree. */
export interface CheckContext {
  /** The text the tree was parsed from; problems have no place without it. */
  readonly text: string | undefined;
  readonly scope: ColumnScope;
  readonly session: FunctionSession;
}

/** A problem with a span of the text. */
export function wrongAt(
  context: CheckContext,
  code: ProblemCode,
  span: { readonly start: number; readonly end: number },
  message: string,
  hint?: string,
): Problem {
  const { text } = context;
  return problem({
    code,
    message,
    ...(text === undefined ? {} : { place: { kind: 'text', text, start: span.start, end: span.end } }),
    ...(hint === undefined ? {} : { hint }),
  });
}
