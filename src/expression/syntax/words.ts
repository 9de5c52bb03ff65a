/**
 * The words of the grammar. Only a few are reserved, so that fields called time, date, value or count need
 * no quotes; the others mean something only where the grammar looks for them.
 */

/** Words that cannot be a field's name without backticks. */
export const reservedWords: ReadonlySet<string> = new Set([
  'and',
  'as',
  'between',
  'case',
  'else',
  'end',
  'false',
  'in',
  'is',
  'like',
  'not',
  'null',
  'or',
  'then',
  'true',
  'when',
]);

/** Functions that SQL calls without parentheses. A field of such a name needs backticks. */
export const bareFunctions: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

/** Units that are written as bare words in EXTRACT, FLOOR, CEIL, TIMESTAMPADD and TIMESTAMPDIFF. */
export const timeUnits: readonly string[] = [
  'MILLENNIUM',
  'CENTURY',
  'DECADE',
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'DOY',
  'DOW',
  'ISODOW',
  'ISOYEAR',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
  'NANOSECOND',
  'EPOCH',
];

/** Whether a name can be written without backticks at the head of a path. */
export function isPlainName(name: string): boolean {
  const lower = name.toLowerCase();
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !reservedWords.has(lower) && !bareFunctions.has(lower);
}
