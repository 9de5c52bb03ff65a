/**
 * A problem that the user can act on: what happened, where, and what to do about it.
 * Every failure that leat reports on purpose is one of these; anything else that reaches the top is a defect of leat.
 * Problems are recognised by a mark and not by class, so that they survive a structured clone between threads.
 */

/** The closed list of codes. A code never changes its meaning once released. */
export type ProblemCode =
  | 'usage' // the command line or pipeline text cannot be understood
  | 'syntax' // an expression, pattern or duration cannot be parsed
  | 'type' // an expression cannot have a value of the type that is needed
  | 'unknown-name' // a column, function, command or option that does not exist
  | 'plan' // the plan as a whole makes no sense (no time, endless source, ...)
  | 'input' // an input cannot be opened or read
  | 'output' // an output cannot be written
  | 'format' // the input is not what its format says
  | 'bad-record' // a record was refused and the policy is to stop
  | 'late-record' // a record came late and the policy is to stop
  | 'limit' // a limit that the user can raise was reached
  | 'upstream' // the stage upstream ended without saying so
  | 'control-line' // a control line of the stream cannot be understood
  | 'state' // the state store cannot be used
  | 'command'; // a command of the user cannot be run or failed

/** Where the problem lies. `text` carries the whole text and a half-open span of it, in UTF-16 units. */
export type Place =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'record'; readonly source: string; readonly line: number }
  | { readonly kind: 'file'; readonly path: string };

/** What a problem says. `message` is one sentence without a full stop; `hint` is what the user can do. */
export interface ProblemDetails {
  readonly code: ProblemCode;
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
  readonly cause?: unknown;
}

const mark = 'leatProblem';

/** An Error that carries problem details; made by {@link problem}, recognised by {@link isProblem}. */
export type Problem = Error & { readonly [mark]: true; readonly details: ProblemDetails };

/** Makes a throwable problem: `throw problem({ code: 'usage', message: '...' })`. */
export function problem(details: ProblemDetails): Problem {
  const error = new Error(
    details.message,
    details.cause === undefined ? undefined : { cause: details.cause },
  );
  return Object.assign(error, { name: 'Problem', [mark]: true as const, details });
}

/** Whether a caught value is a problem that leat reported on purpose. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[mark] === true;
}

/** The exit status a problem ends the process with: 2 when the question itself is wrong, else 1. */
export function exitStatusOf(details: ProblemDetails): 1 | 2 {
  switch (details.code) {
    case 'usage':
    case 'syntax':
    case 'type':
    case 'unknown-name':
    case 'plan':
      return 2;
    default:
      return 1;
  }
}
