/**
 * A line as a log pattern describes it: literal text and variables in turn. A variable reaches up to the
 * first place where the literal behind it stands, so two variables need something between them. This is what
 * nginx's log_format and Apache's LogFormat strings are read into; what a variable means is in
 * log-variables.ts.
 */
import { problem } from '../diagnostics/index.js';

/** What a variable's text is, and so what its field holds. */
export type VariableKind =
  | 'text'
  | 'number'
  | 'milliseconds' // number of ms or µs; the field holds seconds
  | 'microseconds'
  | 'request'
  | 'query' // text with the question mark in front, which the field leaves out
  | 'local-time'
  | 'iso-time'
  | 'epoch-s'
  | 'epoch-ms'
  | 'epoch-us';

export interface LogVariable {
  /** Name of the field. */
  readonly name: string;
  readonly kind: VariableKind;
  /** A list whose commas and colons may be followed by the literal, as nginx's $upstream_response_time. */
  readonly list: boolean;
  /** As the pattern spells it, for messages. */
  readonly spelling: string;
}

export interface LogPattern {
  /** What stands before the first variable. */
  readonly head: string;
  readonly variables: readonly LogVariable[];
  /** What stands behind each variable; only the last may be empty. */
  readonly literals: readonly string[];
  /** Whether a backslash in a line escapes the character behind it. */
  readonly escapes: boolean;
}

/** One piece of a pattern on the way in. */
export type PatternPiece = string | LogVariable;

/** Joins pieces; `text` is the pattern as given, for the message when variables touch or there are none. */
export function assemblePattern(pieces: readonly PatternPiece[], escapes: boolean, text: string): LogPattern {
  let head = '';
  const variables: LogVariable[] = [];
  const literals: string[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      if (variables.length === 0) head += piece;
      else literals[literals.length - 1] += piece;
      continue;
    }
    const before = variables.at(-1);
    if (before !== undefined && literals.at(-1) === '') {
      throw patternProblem(text, `nothing separates ${before.spelling} from ${piece.spelling}`);
    }
    variables.push(piece);
    literals.push('');
  }
  if (variables.length === 0) throw patternProblem(text, 'the pattern has no variables');
  return { head, variables, literals, escapes };
}

/** A problem with the pattern as a whole, or with a span of it. */
export function patternProblem(
  text: string,
  message: string,
  start = 0,
  end = text.length,
  hint?: string,
): Error {
  return problem({
    code: 'syntax',
    message,
    place: { kind: 'text', text, start, end },
    ...(hint === undefined ? {} : { hint }),
  });
}
