/**
 * Names that fields get when a person gives none: the text of their expression, in words joined by
 * underscores.
 */

/**
 * The name of a field made by an expression without `as`: runs of other characters than letters, digits and _ become
 * one _, none at the ends. `lower(page)` is lower_page, `count(*)` is count.
 */
export function defaultName(expression: string): string {
  const name = expression.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '');
  return name === '' ? 'value' : name;
}

/** Fields that a windowed result begins with. */
export const windowFields = ['window_start', 'window_end'] as const;
