/**
 * The tree of an expression as written: plain data, a closed union. `start` and `end` are a half-open span
 * of the text it was parsed from, in UTF-16 units, for carets; everything else is what {@link
 * printExpression} prints and parses back. Special forms that are calls in disguise (EXTRACT, TRIM,
 * POSITION, ...) are calls here already.
 */
import type { Path } from '../../record/index.js';
import type { CastType } from '../value-cast.js';

interface Node<Kind extends string> {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

/** A number in its spelling, a text, or TRUE, FALSE, NULL. */
export interface NumberLiteral extends Node<'number'> {
  readonly text: string;
}
export interface TextLiteral extends Node<'text'> {
  readonly text: string;
}
export interface WordLiteral extends Node<'word'> {
  readonly value: boolean | null;
}

/** INTERVAL '5' MINUTE: the unit in capitals, such as `DAY TO SECOND`. The text fits the unit. */
export interface IntervalLiteral extends Node<'interval'> {
  readonly text: string;
  readonly unit: string;
}

/** TIMESTAMP '...', DATE '...', TIME '...'. The text is one. */
export interface TemporalLiteral extends Node<'temporal'> {
  readonly type: 'timestamp' | 'date' | 'time';
  readonly text: string;
}

/** A field of the record. */
export interface PathReference extends Node<'path'> {
  readonly path: Path;
}

export interface Negation extends Node<'negate'> {
  readonly operand: Expression;
}
export interface Not extends Node<'not'> {
  readonly operand: Expression;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';

export interface Binary extends Node<'binary'> {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** x IS [NOT] NULL, TRUE, FALSE, UNKNOWN. */
export interface IsTest extends Node<'is'> {
  readonly operand: Expression;
  readonly test: 'null' | 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}

/** x IS [NOT] DISTINCT FROM y. */
export interface DistinctTest extends Node<'distinct'> {
  readonly left: Expression;
  readonly right: Expression;
  readonly negated: boolean;
}
export interface InTest extends Node<'in'> {
  readonly operand: Expression;
  readonly list: readonly Expression[];
  readonly negated: boolean;
}
export interface BetweenTest extends Node<'between'> {
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
}
export interface LikeTest extends Node<'like'> {
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
  readonly negated: boolean;
}

export interface CaseBranch {
  readonly when: Expression;
  readonly result: Expression;
}

/** CASE [operand] WHEN ... THEN ... [ELSE ...] END. */
export interface Case extends Node<'case'> {
  readonly operand?: Expression;
  readonly branches: readonly CaseBranch[];
  readonly otherwise?: Expression;
}

/** CAST and, when `safe`, TRY_CAST. */
export interface Cast extends Node<'cast'> {
  readonly operand: Expression;
  readonly type: CastType;
  readonly safe: boolean;
}

/** A call of a built-in function, the name in capitals. */
export interface Call extends Node<'call'> {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

export type Expression =
  | NumberLiteral
  | TextLiteral
  | WordLiteral
  | IntervalLiteral
  | TemporalLiteral
  | PathReference
  | Negation
  | Not
  | Binary
  | IsTest
  | DistinctTest
  | InTest
  | BetweenTest
  | LikeTest
  | Case
  | Cast
  | Call;
