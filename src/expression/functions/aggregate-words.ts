/**
 * Names of aggregates in capitals, known here only so that one that stands where a function of one record
 * belongs can be told from a typing mistake. What they mean is a matter of the plan.
 */
export const aggregateWords: ReadonlySet<string> = new Set([
  'COUNT',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
  'FIRST_VALUE',
  'LAST_VALUE',
  'STDDEV',
  'STDDEV_POP',
  'STDDEV_SAMP',
  'VARIANCE',
  'VAR_POP',
  'VAR_SAMP',
  'MEDIAN',
  'QUANTILE',
  'PERCENTILE',
  'APPROX_DISTINCT',
  'APPROX_COUNT_DISTINCT',
  'COLLECT',
  'LISTAGG',
  'ARRAY_AGG',
  'HISTOGRAM',
  'P50',
  'P90',
  'P95',
  'P99',
]);
