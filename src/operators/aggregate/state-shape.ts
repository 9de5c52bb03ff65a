/**
 * What the state of an aggregation looks like, as a text: keys and calls as they are spelled, in order. The names of
 * the fields that results have are not in it, for accumulators do not depend on them.
 */
import type { AggregateCall, NamedExpression } from '../../plan/index.js';

function callText({ function: name, arguments: given, distinct, filter }: AggregateCall): string {
  const inside = given.length === 0 ? '*' : given.join(', ');
  return `${name}(${distinct ? 'DISTINCT ' : ''}${inside})${filter === undefined ? '' : ` FILTER (WHERE ${filter})`}`;
}

/** Keys as `user, hour = HOUR(ts)`. */
export function keysText(keys: readonly NamedExpression[]): string {
  return keys
    .map(({ name, expression }) => (name === expression ? name : `${name} = ${expression}`))
    .join(', ');
}

/** `aggregate COUNT(*), sum(bytes) by user`; `by` are the keys, by name where they come from upstream. */
export function aggregateText(
  calls: readonly AggregateCall[],
  by: readonly NamedExpression[],
  upstream: readonly { readonly name: string }[],
): string {
  const keys = by.length > 0 ? keysText(by) : upstream.map(({ name }) => name).join(', ');
  return `aggregate ${calls.map(callText).join(', ')}${keys === '' ? '' : ` by ${keys}`}`;
}
