/**
 * The table of aggregate functions: canonical names, aliases, parameters. Plans hold only canonical names
 * and operators are written against them; front ends resolve what a person wrote (see aggregate-call.ts).
 * Names follow Flink SQL where it has the function, with DuckDB's and Miller's words as aliases.
 */

/** A parameter: a value of each record, or a constant of the question. */
export interface AggregateParameter {
  readonly name: string;
  readonly constant?: 'fraction' | 'count';
  readonly optional?: boolean;
}

export interface AggregateDefinition {
  /** Canonical, in lower case. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly parameters: readonly AggregateParameter[];
  /** Whether it can be called with * or nothing, over the records themselves. */
  readonly star: boolean;
  /** Whether DISTINCT changes what it says; elsewhere it is refused. */
  readonly distinct: boolean;
  readonly summary: string;
}

const x: AggregateParameter = { name: 'x' };
const by: AggregateParameter = { name: 'by' };

function one(name: string, summary: string, more: Partial<AggregateDefinition> = {}): AggregateDefinition {
  return { name, aliases: [], parameters: [x], star: false, distinct: false, summary, ...more };
}

export const aggregateTable: readonly AggregateDefinition[] = [
  one('count', 'number of records, or of values that are not null', { star: true, distinct: true }),
  one('sum', 'sum; exact for integers and decimals', { distinct: true }),
  one('avg', 'arithmetic mean', { aliases: ['mean', 'average'], distinct: true }),
  one('min', 'least value'),
  one('max', 'greatest value'),
  one('first', 'value of the first record', { aliases: ['first_value'] }),
  one('last', 'value of the last record', { aliases: ['last_value'] }),
  one('any', 'some value', { aliases: ['any_value'] }),
  one('stddev_pop', 'standard deviation of a population'),
  one('stddev_samp', 'standard deviation of a sample', { aliases: ['stddev'] }),
  one('var_pop', 'variance of a population'),
  one('var_samp', 'variance of a sample', { aliases: ['variance'] }),
  one('quantile', 'quantile within 1 % of the value; median(x) and p95(x) are short for it', {
    parameters: [x, { name: 'fraction', constant: 'fraction' }],
  }),
  one('quantile_exact', 'exact quantile; keeps all values until the window fires', {
    aliases: ['percentile'],
    parameters: [x, { name: 'fraction', constant: 'fraction' }],
  }),
  one('approx_distinct', 'number of different values, about (HyperLogLog)', {
    aliases: ['approx_count_distinct'],
  }),
  one('list', 'array of the values in order', { aliases: ['array_agg', 'collect_list'], distinct: true }),
  one('set', 'array of the different values in order of first appearance', {
    aliases: ['collect_set', 'collect'],
  }),
  one('histogram', 'counts of the values in ranges', {
    parameters: [x, { name: 'buckets', constant: 'count', optional: true }],
  }),
  one('top', 'array of the n greatest values, greatest first', {
    parameters: [x, { name: 'n', constant: 'count' }],
  }),
  one('argmin', 'value of x where "by" is least', { aliases: ['arg_min', 'min_by'], parameters: [x, by] }),
  one('argmax', 'value of x where "by" is greatest', { aliases: ['arg_max', 'max_by'], parameters: [x, by] }),
  one('rate', 'records per second of the window', { parameters: [], star: true }),
  one('mode', 'most frequent value'),
];

/** Functions that ask for the order of records, which over alone knows. */
export const orderedTable: readonly AggregateDefinition[] = [
  one('lag', 'value of x in the n-th record before the last one; null where there is none', {
    parameters: [x, { name: 'n', constant: 'count', optional: true }],
  }),
];

function byNames(table: readonly AggregateDefinition[]): ReadonlyMap<string, AggregateDefinition> {
  return new Map(
    table.flatMap((definition) => [definition.name, ...definition.aliases].map((name) => [name, definition])),
  );
}

const byName = byNames(aggregateTable);
const orderedByName = byNames(orderedTable);

/** The definition of a canonical name or an alias, in any case. */
export function findAggregate(name: string): AggregateDefinition | undefined {
  return byName.get(name.toLowerCase());
}

/** The same, of the functions that ask for the order of records. */
export function findOrdered(name: string): AggregateDefinition | undefined {
  return orderedByName.get(name.toLowerCase());
}

/** All names that can be written, but for the endless family p1, p50, p999. */
export const aggregateNames: readonly string[] = [
  ...byName.keys(),
  'median',
  'median_exact',
  'p50',
  'p95',
  'p99',
];

/** How a function is called: `quantile(x, fraction)`. */
export function aggregateUsage(definition: AggregateDefinition): string {
  const words = definition.parameters.map(({ name, optional }) => (optional === true ? `[${name}]` : name));
  if (definition.name === 'count') return 'count(*) or count(x)';
  return `${definition.name}(${definition.star && words.length === 0 ? '*' : words.join(', ')})`;
}

/** The function and fraction that a shorthand stands for: median, median_exact, p95, p999_exact. */
export function quantileShorthand(name: string): { function: string; fraction: string } | undefined {
  const lower = name.toLowerCase();
  const exact = lower.endsWith('_exact');
  const word = exact ? lower.slice(0, -'_exact'.length) : lower;
  const digits = word === 'median' ? '5' : /^p(\d+)$/.exec(word)?.[1];
  if (digits === undefined) return undefined;
  return {
    function: exact ? 'quantile_exact' : 'quantile',
    fraction: word === 'median' ? '0.5' : fractionOf(digits),
  };
}

/** p5 is 0.05, p50 is 0.5, p999 is 0.999, p0 and p100 are the ends. */
function fractionOf(digits: string): string {
  if (digits === '100') return '1';
  const decimals = (digits.length === 1 ? `0${digits}` : digits).replace(/0+$/, '');
  return decimals === '' ? '0' : `0.${decimals}`;
}
