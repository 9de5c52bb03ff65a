/**
 * The checked tree: names are columns, functions are definitions, types are known as far as they can be.
 * This is what the evaluator walks and the compiler compiles; the two must mean the same, and what they
 * share is evaluate/meaning.ts.
 */
import type { Path } from '../../record/index.js';
import type { LikePattern } from '../evaluate/like.js';
import type { FunctionDefinition } from '../functions/definition.js';
import type { Value, ValueType } from '../value.js';
import type { ArithmeticOperator } from '../value-arithmetic.js';
import type { CastType } from '../value-cast.js';

export type CompareOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

interface Base<Op extends string> {
  readonly op: Op;
  readonly type: ValueType;
}

/**
 * A value known beforehand. `soft` is the double of a decimal literal: beside a number of the data, which
 * is a double, the literal counts as one too; beside decimals and other literals it is exact.
 */
export interface ConstantCore extends Base<'constant'> {
  readonly value: Value;
  readonly soft?: number;
}

/** A column, or with `steps` what they lead to inside the objects and arrays in it. */
export interface ColumnCore extends Base<'column'> {
  readonly column: number;
  readonly path: Path;
  readonly steps: Path;
}
export interface NegateCore extends Base<'negate'> {
  readonly operand: Core;
}
export interface ArithmeticCore extends Base<'arithmetic'> {
  readonly operator: ArithmeticOperator;
  readonly left: Core;
  readonly right: Core;
}
export interface ConcatCore extends Base<'concat'> {
  readonly left: Core;
  readonly right: Core;
}
export interface CompareCore extends Base<'compare'> {
  readonly operator: CompareOperator;
  readonly left: Core;
  readonly right: Core;
}
export interface LogicCore extends Base<'and' | 'or'> {
  readonly left: Core;
  readonly right: Core;
}
export interface NotCore extends Base<'not'> {
  readonly operand: Core;
}
export interface IsCore extends Base<'is'> {
  readonly operand: Core;
  readonly test: 'null' | 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}
export interface DistinctCore extends Base<'distinct'> {
  readonly left: Core;
  readonly right: Core;
  readonly negated: boolean;
}
export interface InCore extends Base<'in'> {
  readonly operand: Core;
  readonly list: readonly Core[];
  readonly negated: boolean;
}
export interface BetweenCore extends Base<'between'> {
  readonly operand: Core;
  readonly low: Core;
  readonly high: Core;
  readonly negated: boolean;
}

/** `matcher` is there when the pattern is constant. */
export interface LikeCore extends Base<'like'> {
  readonly operand: Core;
  readonly pattern: Core;
  readonly escape: Core | undefined;
  readonly matcher: LikePattern | undefined;
  readonly negated: boolean;
}
export interface CaseCore extends Base<'case'> {
  readonly operand: Core | undefined;
  readonly branches: readonly { readonly when: Core; readonly result: Core }[];
  readonly otherwise: Core;
}
export interface CoalesceCore extends Base<'coalesce'> {
  readonly list: readonly Core[];
}
export interface CastCore extends Base<'cast'> {
  readonly operand: Core;
  readonly to: CastType;
  readonly safe: boolean;
}
export interface CallCore extends Base<'call'> {
  readonly definition: FunctionDefinition;
  readonly arguments: readonly Core[];
}

export type Core =
  | ConstantCore
  | ColumnCore
  | NegateCore
  | ArithmeticCore
  | ConcatCore
  | CompareCore
  | LogicCore
  | NotCore
  | IsCore
  | DistinctCore
  | InCore
  | BetweenCore
  | LikeCore
  | CaseCore
  | CoalesceCore
  | CastCore
  | CallCore;

/**
 * The double that a decimal literal counts as beside another operand. Two constants are computed exactly, so that
 * 0.1 + 0.2 is 0.3.
 */
export function softOf(core: Core, other: Core): number | undefined {
  return core.op === 'constant' && other.op !== 'constant' ? core.soft : undefined;
}
