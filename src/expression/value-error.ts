/**
 * An error of one record: the expression has no value for it. Caught by the compiled loop, which refuses the
 * record.
 */
const mark = 'leatValueError';

export type ValueError = Error & { readonly [mark]: true };

export function valueError(message: string): ValueError {
  return Object.assign(new Error(message), { [mark]: true as const });
}

export function isValueError(value: unknown): value is ValueError {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[mark] === true;
}
