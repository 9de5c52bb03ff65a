/**
 * What generated code calls when its fast ways end: the meaning of operators, readers of columns,
 * comparisons of spans. Generated code knows these by their names here.
 */
import {
  cast,
  compare,
  compute,
  concat,
  invoke,
  isBetween,
  isDistinct,
  isIn,
  isLike,
  isLikeComputed,
} from '../evaluate/meaning.js';
import type { Value } from '../value.js';
import { negate } from '../value-arithmetic.js';
import { toBoolean } from '../value-convert.js';
import { isValueError } from '../value-error.js';
import { memberOf } from '../value-nested.js';
import { readColumn } from './read-column.js';
import { isAt, isInSpanSet, isLikeSpan } from './span.js';
import { storeValue } from './store-value.js';

/** A double within the safe integers, else NaN: it may be an integer that is not exact, or infinite. */
function safeDouble(value: number): number {
  return value <= 9007199254740991 && value >= -9007199254740991 ? value : Number.NaN;
}

function negateValue(value: Value): Value {
  return value === null ? null : negate(value);
}

export const runtime = {
  cast,
  compare,
  compute,
  concat,
  invoke,
  isAt,
  isBetween,
  isDistinct,
  isIn,
  isInSpanSet,
  isLike,
  isLikeComputed,
  isLikeSpan,
  isValueError,
  memberOf,
  negateValue,
  readColumn,
  safeDouble,
  storeValue,
  toBoolean,
};
