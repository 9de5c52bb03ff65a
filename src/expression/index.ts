/**
 * The room of expressions: SQL scalar expressions, their values and functions. Knows nothing of plans and
 * streams.
 */
export type { ColumnScope } from './check/scope.js';
export { isVolatile } from './check/volatile.js';
export { type BatchFunction, compileFilter, compileProjection, type RowErrors } from './compile/compile.js';
export { readColumn, readComputed } from './compile/read-column.js';
export { storeValue } from './compile/store-value.js';
export { evaluateConstant, evaluateExpression } from './evaluate/expression.js';
export { defaultSession } from './evaluate/meaning.js';
export type { FunctionDefinition, FunctionSession } from './functions/definition.js';
export { functionTable } from './functions/registry.js';
export {
  barePath,
  type ParsedAggregate,
  parseAggregateList,
  parseExpression,
  parseSelectList,
  type SelectItem,
  type SelectList,
} from './syntax/parse.js';
export { printExpression, printPath, quoteText } from './syntax/print.js';
export type * from './syntax/tree.js';
export * from './value.js';
export { type ArithmeticOperator, arithmetic, negate } from './value-arithmetic.js';
export { type CastName, type CastType, castValue } from './value-cast.js';
export { decodeValue, encodeValue } from './value-codec.js';
export { compareNumerics, compareTexts, compareValues, isSameValue } from './value-compare.js';
export {
  convertArgument,
  isNumeric,
  type Numeric,
  toBoolean,
  toNumber,
  toNumeric,
  toTemporal,
} from './value-convert.js';
export {
  decimalArithmetic,
  decimalOf,
  decimalToNumber,
  makeDecimal,
  parseDecimal,
  rescale,
} from './value-decimal.js';
export { isValueError, type ValueError, valueError } from './value-error.js';
export { makeInterval, parseInterval, spellInterval } from './value-interval.js';
export { elementsOf, makeNested, memberOf, membersOf, parseJson, readJson } from './value-nested.js';
export { integerOf, parseNumber } from './value-number.js';
export { makeTemporal, parseTemporal, spellTemporal } from './value-temporal.js';
export { spellValue, toText, typeOfValue } from './value-text.js';
