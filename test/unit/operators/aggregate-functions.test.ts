/** Each aggregate function against a plain computation over the values. */
import fc from 'fast-check';
import t from 'tap';
import { type AggregateCall, aggregateTable } from '../../../src/plan/index.js';
import { calls, run, type Written } from './aggregate-run.js';

/** The result of calls over values of the field v, in one group, values spelled as given. */
function over(
  values: readonly string[],
  list: readonly AggregateCall[],
  batchRows = 7,
): Record<string, unknown> {
  const lines = values.map((v) => (v === '' ? '{"t":0,"g":1}' : `{"t":0,"g":1,"v":${v}}`));
  const { lines: out } = run(lines, { calls: list, by: ['g'], batchRows });
  return JSON.parse(out[0] ?? '{}') as Record<string, unknown>;
}

/** The same, as it is spelled. */
function spelled(values: readonly string[], ...written: Written[]): string {
  const lines = values.map((v) => `{"t":0,"v":${v}}`);
  return run(lines, { calls: calls(...written), batchRows: 3 }).lines[0] ?? '';
}

const integers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });
const safe = fc.maxSafeInteger();
const doubles = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 40,
});
const text = (value: unknown): string => JSON.stringify(value);

t.test('every function of the plan is there', (t) => {
  for (const { name, parameters } of aggregateTable) {
    if (name === 'rate') continue;
    const given = parameters.filter(({ optional }) => optional !== true);
    const args = given.map(({ constant }) =>
      constant === undefined ? 'v' : constant === 'count' ? '2' : '0.5',
    );
    const result = over(['1', '2'], calls(['x', name, ...args]));
    t.notSame(result['x'], undefined, name);
    const nothing = over(['null', ''], calls(['x', name, ...args]));
    const counts =
      name === 'count' && args.length === 0 ? 2 : ['count', 'approx_distinct'].includes(name) ? 0 : null;
    const expected = name === 'count' && args.length > 0 ? 0 : counts;
    t.equal(nothing['x'], expected, `${name} over nothing`);
  }
  t.end();
});

t.test('counts', (t) => {
  const result = over(
    ['1', 'null', '"a"', '', '{}', '1.0', '1'],
    [
      ...calls(['rows', 'count'], ['values', 'count', 'v'], ['about', 'approx_distinct', 'v']),
      { name: 'different', function: 'count', arguments: ['v'], distinct: true },
    ],
  );
  t.same(result, { g: 1, rows: 7, values: 5, about: 3, different: 3 });
  t.end();
});

t.test('sums and means of integers are exact at any size', (t) => {
  const value = fc.oneof(
    { weight: 2, arbitrary: safe.map(BigInt) },
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.integer().map(BigInt),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
      const sum = values.reduce((a, b) => a + b, 0n);
      const sumText = Number.isSafeInteger(Number(sum)) ? String(Number(sum)) : String(sum);
      const out = spelled(values.map(String), ['s', 'sum', 'v'], ['a', 'avg', 'v']);
      const mean = Number((JSON.parse(out) as { a: number }).a);
      const expected = Number(sum) / values.length;
      return (
        out.startsWith(`{"s":${sumText},`) && Math.abs(mean - expected) <= Math.abs(expected) * 1e-15 + 1e-15
      );
    }),
  );
  const big = '9007199254740993';
  t.equal(
    spelled([big, big, big], ['s', 'sum', 'v'], ['a', 'avg', 'v']),
    `{"s":27021597764222979,"a":${big}}`,
  );
  t.equal(spelled(['9007199254740991', '1', '1'], ['s', 'sum', 'v']), '{"s":9007199254740993}');
  t.equal(spelled(['1e20', '1', '-1e20'], ['s', 'sum', 'v']), '{"s":1}');
  t.equal(spelled(['0', '-0'], ['s', 'sum', 'v']), '{"s":0}');
  t.equal(spelled(['-0'], ['s', 'sum', 'v'], ['a', 'avg', 'v']), '{"s":0,"a":0}');
  t.end();
});

t.test('sums of fractions are compensated', (t) => {
  t.equal(spelled(Array(10).fill('0.1'), ['s', 'sum', 'v']), '{"s":1}');
  t.equal(spelled(['1', '1e100', '1', '-1e100'], ['s', 'sum', 'v']), '{"s":2}');
  t.equal(spelled(['0.5', '9007199254740991', '1', '1', '0.5'], ['s', 'sum', 'v']), '{"s":9007199254740994}');
  t.equal(spelled(['1e300', '1.5', '1e300', '-2e300'], ['s', 'sum', 'v']), '{"s":1.5}');
  fc.assert(
    fc.property(doubles, (values) => {
      const scaled = values.reduce((sum, value) => sum + BigInt(Math.round(value * 2 ** 30)), 0n);
      const rounded = values.map((value) => Math.round(value * 2 ** 30) / 2 ** 30);
      const result = over(rounded.map(text), calls(['s', 'sum', 'v']));
      const expected = Number(scaled) / 2 ** 30;
      return Math.abs((result['s'] as number) - expected) <= Math.abs(expected) * 2e-16;
    }),
  );
  t.end();
});

t.test('decimals are summed exactly', (t) => {
  const lines = ['{"t":0,"v":"0.10"}', '{"t":0,"v":"12345678901234567890.05"}', '{"t":0,"v":1}'];
  const { lines: out } = run(lines, { calls: calls(['s', 'sum', 'CAST(v AS DECIMAL(30, 2))']) });
  t.equal(out[0], '{"s":12345678901234567891.15}');
  t.end();
});

t.test(
  'texts that are numbers count as numbers, others refuse their record before anything is counted',
  (t) => {
    const lines = [
      '{"t":0,"v":"10"}',
      '{"t":0,"v":5}',
      '{"t":0,"v":"many"}',
      '{"t":0,"v":true}',
      '{"t":0,"v":[1]}',
    ];
    const { rows, rejected } = run(lines, {
      calls: calls(
        ['n', 'count'],
        ['l', 'list', 'v'],
        ['s', 'sum', 'v'],
        ['m', 'quantile_exact', 'v', '0.5'],
      ),
      window: { shape: 'tumble', sizeMs: 10, offsetMs: 0 },
    });
    t.same(rows, [{ window_start: 0, window_end: 10, n: 2, l: ['10', 5], s: 15, m: 7.5 }]);
    t.equal(rejected.length, 3);
    t.match(rejected[0], /'many'.*number.* in v/);
    t.end();
  },
);

t.test('FILTER leaves records out of one aggregate alone', (t) => {
  const list = calls(['n', 'count'], ['all', 'count'], ['s', 'sum', 'v'], ['f', 'first', 'v']).map(
    (call, index) => (index === 1 ? call : { ...call, filter: 'v > 1' }),
  );
  t.same(over(['1', '2', 'null', '3'], list), { g: 1, n: 2, all: 4, s: 5, f: 2 });
  const guarded = calls(['s', 'sum', 'CAST(v AS INT)']).map((call) => ({ ...call, filter: "v LIKE '1%'" }));
  const { lines, rejected } = run(['{"t":0,"v":"12"}', '{"t":0,"v":"x"}'], { calls: guarded });
  t.same([lines, rejected], [['{"s":12}'], []], 'what is left out is not computed');
  t.end();
});

t.test('extremes of numbers, texts and everything else', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer(), safe, fc.double({ noNaN: true, noDefaultInfinity: true }))),
      (values) => {
        const result = over(values.map(text), calls(['a', 'min', 'v'], ['b', 'max', 'v']));
        if (values.length === 0) return Object.keys(result).length === 0;
        return result['a'] === Math.min(...values) + 0 && result['b'] === Math.max(...values) + 0;
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values) => {
      const sorted = [...values].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const result = over(values.map(text), calls(['a', 'min', 'v'], ['b', 'max', 'v']));
      return result['a'] === sorted[0] && result['b'] === sorted.at(-1);
    }),
  );
  const both: Written[] = [
    ['a', 'min', 'v'],
    ['b', 'max', 'v'],
  ];
  t.equal(
    spelled(['12345678901234567890', '12345678901234567891', '5'], ...both),
    '{"a":5,"b":12345678901234567891}',
  );
  t.equal(spelled(['"10"', '9', 'true', '"9"'], ...both), '{"a":true,"b":"9"}', 'kinds have an order');
  t.end();
});

t.test('first, last and the values where another is least or greatest', (t) => {
  const lines = [
    '{"t":0,"v":null,"by":5}',
    '{"t":0,"v":"a","by":null}',
    '{"t":0,"v":"b","by":2}',
    '{"t":0,"v":"c","by":7}',
    '{"t":0,"v":"d","by":7}',
    '{"t":0,"v":"e","by":2}',
    '{"t":0,"by":1}',
  ];
  for (const batchRows of [1, 3, 10]) {
    const { rows } = run(lines, {
      calls: calls(
        ['f', 'first', 'v'],
        ['l', 'last', 'v'],
        ['some', 'any', 'v'],
        ['lo', 'argmin', 'v', 'by'],
        ['hi', 'argmax', 'v', 'by'],
      ),
      batchRows,
    });
    t.same(rows, [{ f: 'a', l: 'e', some: 'a', lo: 'b', hi: 'c' }]);
  }
  t.end();
});

t.test('variances and deviations', (t) => {
  fc.assert(
    fc.property(doubles, (values) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const result = over(
        values.map(text),
        calls(
          ['p', 'var_pop', 'v'],
          ['s', 'var_samp', 'v'],
          ['dp', 'stddev_pop', 'v'],
          ['ds', 'stddev_samp', 'v'],
        ),
      );
      const near = (value: unknown, expected: number): boolean =>
        Math.abs((value as number) - expected) <= 1e-9 * (1 + Math.abs(expected));
      const sample = squares / (values.length - 1);
      return (
        near(result['p'], squares / values.length) &&
        near(result['dp'], Math.sqrt(squares / values.length)) &&
        (values.length === 1
          ? result['s'] === null && result['ds'] === null
          : near(result['s'], sample) && near(result['ds'], Math.sqrt(sample)))
      );
    }),
  );
  t.end();
});

t.test('quantiles, exact and by sketch', (t) => {
  const fraction = fc.constantFrom('0', '0.25', '0.5', '0.95', '0.99', '1');
  const list = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(list, fraction, fc.boolean(), (all, q, positive) => {
      const values = positive ? all.map(Math.abs) : all;
      const sorted = [...values].sort((a, b) => a - b);
      const rank = Number(q) * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
      const exact = low + (high - low) * (rank - Math.floor(rank));
      const result = over(
        values.map(text),
        calls(['x', 'quantile_exact', 'v', q], ['s', 'quantile', 'v', q]),
      );
      const error = Math.abs((result['s'] as number) - exact);
      const bound = 0.010001 * Math.max(Math.abs(low), Math.abs(high)) + 1e-200;
      const isExact = Math.abs((result['x'] as number) - exact) <= 1e-12 * Math.max(1, Math.abs(exact));
      return isExact && error <= bound;
    }),
  );
  t.same(
    over(['200', '200'], calls(['p', 'quantile', 'v', '0.95'])),
    { g: 1, p: 200 },
    'never beyond the extremes',
  );
  t.end();
});

t.test('histograms count every number once, in ranges of equal width', (t) => {
  t.same(over(['0', '1', '2', '9', '10'], calls(['h', 'histogram', 'v', '2']))['h'], [
    { from: 0, to: 5, count: 3 },
    { from: 5, to: 10, count: 2 },
  ]);
  t.same(over(['3', '3'], calls(['h', 'histogram', 'v', '4']))['h'], [{ from: 3, to: 3, count: 2 }]);
  fc.assert(
    fc.property(doubles, fc.integer({ min: 1, max: 12 }), (values, ranges) => {
      const result = over(values.map(text), calls(['h', 'histogram', 'v', String(ranges)]));
      const rows = result['h'] as { from: number; to: number; count: number }[];
      return rows.every(({ from, to, count }, index) => {
        const last = index === rows.length - 1;
        const inside = values.filter((value) => value >= from && (last ? value <= to : value < to));
        return inside.length === count && (last || rows[index + 1]!.from === to);
      });
    }),
  );
  t.end();
});

t.test('collections', (t) => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom('a', 'b', '\0', ''),
    fc.constant(null),
    fc.boolean(),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (values, batchRows) => {
      const present = values.filter((one) => one !== null);
      const result = over(
        values.map(text),
        [
          ...calls(['list', 'list', 'v'], ['set', 'set', 'v'], ['mode', 'mode', 'v']),
          { name: 'dl', function: 'list', arguments: ['v'], distinct: true },
        ],
        batchRows,
      );
      if (values.length === 0) return Object.keys(result).length === 0;
      if (present.length === 0)
        return result['list'] === null && result['set'] === null && result['mode'] === null;
      const set = [...new Set(present)];
      const countOf = (one: unknown): number => present.filter((other) => other === one).length;
      const mode = set.find((one) => set.every((other) => countOf(other) <= countOf(one)));
      return (
        text(result['list']) === text(present) &&
        text(result['set']) === text(set) &&
        text(result['dl']) === text(set) &&
        result['mode'] === mode
      );
    }),
  );
  fc.assert(
    fc.property(integers, fc.integer({ min: 1, max: 6 }), (values, n) => {
      const expected = [...values].sort((a, b) => b - a).slice(0, n);
      return text(over(values.map(text), calls(['x', 'top', 'v', String(n)]))['x']) === text(expected);
    }),
  );
  t.equal(
    spelled(['{"a": 1}', '[1, 2]', '12345678901234567890', '"\\u0041\\n"'], ['l', 'list', 'v']),
    '{"l":[{"a": 1},[1, 2],12345678901234567890,"A\\n"]}',
  );
  t.end();
});

t.test('DISTINCT', (t) => {
  const list = ['count', 'sum', 'avg'].map((fn) => ({
    name: fn,
    function: fn,
    arguments: ['v'],
    distinct: true,
  }));
  t.same(over(['1', '1.0', '"1"', '2', 'null', '3', '3'], list), { g: 1, count: 4, sum: 6, avg: 2 });
  fc.assert(
    fc.property(integers, (values) => {
      const set = new Set(values);
      const sum = [...set].reduce((a, b) => a + b, 0);
      const result = over(values.map(text), list);
      return result['count'] === set.size && result['sum'] === sum && result['avg'] === sum / set.size + 0;
    }),
  );
  t.end();
});

t.test('the number of many different values is estimated within a few standard errors', (t) => {
  for (const different of [100, 512, 513, 5_000, 60_000]) {
    const lines = Array.from({ length: different * 2 }, (_, n) => `{"t":0,"v":"value ${n % different}"}`);
    const { rows } = run(lines, { calls: calls(['n', 'approx_distinct', 'v']), batchRows: 4000 });
    const estimate = rows[0]!['n'] as number;
    if (different <= 512) t.equal(estimate, different);
    else t.ok(Math.abs(estimate - different) < different * 0.03, `${different}: ${estimate}`);
  }
  t.end();
});

t.test('a rate is per second of the window', (t) => {
  const { rows } = run(['{"t":0}', '{"t":1}', '{"t":4999}'], {
    calls: calls(['r', 'rate']),
    window: { shape: 'tumble', sizeMs: 5000, offsetMs: 0 },
  });
  t.same(rows, [{ window_start: 0, window_end: 5000, r: 0.6 }]);
  t.throws(() => run([], { calls: calls(['r', 'rate']) }), /window/);
  t.end();
});
