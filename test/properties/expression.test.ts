/**
 * Expressions: printing and parsing are each other's inverse, and compiled code gives for every row what the tree
 * evaluator gives, whatever the tags of the columns.
 */
import { deepStrictEqual, throws } from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import { isProblem } from '../../src/diagnostics/index.js';
import {
  compileFilter,
  compileProjection,
  type Expression,
  evaluateExpression,
  isValueError,
  memberOf,
  parseExpression,
  printExpression,
  readJson,
  spellValue,
  type Value,
} from '../../src/expression/index.js';
import { type Batch, type Boxed, computedColumn, scannedColumn, Tag } from '../../src/record/index.js';
import { openScope, projected, scanLines } from '../unit/expression/rows.js';

const session = { nowMs: () => 1_795_514_400_123, zone: 'Europe/Oslo' };
const at = { start: 0, end: 0 };

const paths = [['a'], ['b'], ['s'], ['u'], ['f'], ['n', 'x'], ['n', 'l', 0], ['missing'], ['end'], ['a b']];

const numberLiteral = fc.constantFrom(
  '0',
  '1',
  '2',
  '3',
  '200',
  '0.1',
  '1.5',
  '2.50',
  '1e3',
  '9007199254740991',
  '12345678901234567890',
);
const textLiteral = fc.constantFrom(
  '',
  'x',
  'NO',
  'Ås',
  "it's",
  '5',
  '1.5',
  'true',
  'a much longer text',
  'x%',
  '_',
);
const like = fc.constantFrom('%', 'x%', '%x', '%o%', 'N_', 'a%long%text', 'NO', '%%x', '');

const literal: fc.Arbitrary<Expression> = fc.oneof(
  numberLiteral.map((text): Expression => ({ kind: 'number', text, ...at })),
  textLiteral.map((text): Expression => ({ kind: 'text', text, ...at })),
  fc.constantFrom(true, false, null).map((value): Expression => ({ kind: 'word', value, ...at })),
);
const rareLiteral: fc.Arbitrary<Expression> = fc.constantFrom<Expression>(
  { kind: 'interval', text: '5', unit: 'MINUTE', ...at },
  { kind: 'interval', text: '1-02', unit: 'YEAR TO MONTH', ...at },
  { kind: 'temporal', type: 'timestamp', text: '2026-11-24 10:00:00', ...at },
  { kind: 'temporal', type: 'date', text: '2026-11-24', ...at },
);
const path: fc.Arbitrary<Expression> = fc
  .constantFrom(...paths)
  .map((steps): Expression => ({ kind: 'path', path: steps, ...at }));

const { expression } = fc.letrec<{ expression: Expression; value: Expression; condition: Expression }>(
  (tie) => {
    const value = tie('value');
    const condition = tie('condition');
    const negated = fc.boolean();
    return {
      expression: fc.oneof(value, condition),
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        { arbitrary: fc.oneof({ weight: 3, arbitrary: path }, { weight: 2, arbitrary: literal }), weight: 4 },
        { arbitrary: rareLiteral, weight: 1 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('+', '-', '*', '/', '%', '||'), value, value)
            .map(
              ([operator, left, right]): Expression =>
                ({ kind: 'binary', operator, left, right, ...at }) as Expression,
            ),
          weight: 3,
        },
        { arbitrary: value.map((operand): Expression => ({ kind: 'negate', operand, ...at })), weight: 1 },
        {
          arbitrary: fc
            .tuple(
              fc.option(value, { nil: undefined }),
              fc.array(fc.tuple(condition, value), { minLength: 1, maxLength: 2 }),
              value,
            )
            .map(
              ([operand, branches, otherwise]): Expression => ({
                kind: 'case',
                ...(operand === undefined ? {} : { operand }),
                branches: branches.map(([when, result]) => ({ when, result })),
                otherwise,
                ...at,
              }),
            ),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(
              value,
              fc.constantFrom(
                'INT',
                'DOUBLE',
                'STRING',
                'BOOLEAN',
                'TIMESTAMP',
                'DECIMAL',
              ) as fc.Arbitrary<'INT'>,
              fc.boolean(),
            )
            .map(
              ([operand, name, safe]): Expression => ({ kind: 'cast', operand, type: { name }, safe, ...at }),
            ),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('COALESCE', 'NULLIF', 'CONCAT', 'GREATEST'), value, value)
            .map(([name, a, b]): Expression => ({ kind: 'call', name, arguments: [a, b], ...at })),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('UPPER', 'ABS', 'CHAR_LENGTH'), value)
            .map(([name, a]): Expression => ({ kind: 'call', name, arguments: [a], ...at })),
          weight: 1,
        },
      ),
      condition: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), value, value)
            .map(
              ([operator, left, right]): Expression =>
                ({ kind: 'binary', operator, left, right, ...at }) as Expression,
            ),
          weight: 4,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('and', 'or'), condition, condition)
            .map(
              ([operator, left, right]): Expression =>
                ({ kind: 'binary', operator, left, right, ...at }) as Expression,
            ),
          weight: 3,
        },
        { arbitrary: condition.map((operand): Expression => ({ kind: 'not', operand, ...at })), weight: 1 },
        {
          arbitrary: fc
            .tuple(value, negated)
            .map(([operand, no]): Expression => ({ kind: 'is', operand, test: 'null', negated: no, ...at })),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(condition, fc.constantFrom('true', 'false', 'unknown'), negated)
            .map(
              ([operand, test, no]): Expression =>
                ({ kind: 'is', operand, test, negated: no, ...at }) as Expression,
            ),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(value, value, negated)
            .map(([left, right, no]): Expression => ({ kind: 'distinct', left, right, negated: no, ...at })),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(
              value,
              fc.array(fc.oneof({ weight: 5, arbitrary: literal }, value), { minLength: 1, maxLength: 11 }),
              negated,
            )
            .map(([operand, list, no]): Expression => ({ kind: 'in', operand, list, negated: no, ...at })),
          weight: 2,
        },
        {
          arbitrary: fc.tuple(value, value, value, negated).map(
            ([operand, low, high, no]): Expression => ({
              kind: 'between',
              operand,
              low,
              high,
              negated: no,
              ...at,
            }),
          ),
          weight: 1,
        },
        {
          arbitrary: fc.tuple(value, like, negated).map(
            ([operand, text, no]): Expression => ({
              kind: 'like',
              operand,
              pattern: { kind: 'text', text, ...at },
              negated: no,
              ...at,
            }),
          ),
          weight: 2,
        },
      ),
    };
  },
);

function withoutSpans(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => (key === 'start' || key === 'end' ? undefined : value)),
  );
}

t.test('what is printed is parsed back to the same tree', (t) => {
  fc.assert(
    fc.property(expression, (tree) => {
      const text = printExpression(tree);
      const parsed = parseExpression(text);
      deepStrictEqual(withoutSpans(parsed), withoutSpans(tree), text);
      return printExpression(parsed) === text;
    }),
    { numRuns: 1000 },
  );
  t.pass();
  t.end();
});

/** JSON values of fields: numbers of all kinds, texts that are and are not numbers, the rest. */
const field = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 300 }).map(String) },
  fc.constantFrom(
    '0.1',
    '1.5',
    '-0',
    '1e3',
    '9007199254740991',
    '12345678901234567890',
    '1e400',
    '0.30000000000000004',
  ),
  fc.constantFrom(
    '"x"',
    '"NO"',
    '"Ås"',
    '"5"',
    '"true"',
    '"a much longer text"',
    '"\\u0041x"',
    '"x\\n"',
    '""',
    '"\\ud800"',
  ),
  fc.constantFrom('null', 'true', 'false', '{"y":1}', '[1,2]', '"2026-11-24T10:00:00Z"'),
);
const line = fc
  .record(
    {
      a: field,
      b: field,
      s: field,
      u: field,
      f: field,
      n: fc.tuple(field, field).map(([x, l]) => `{"x":${x},"l":[${l}]}`),
    },
    { requiredKeys: ['a'] },
  )
  .map((members) => `{${Object.entries(members).map(([name, text]) => `"${name}":${text}`)}}`);

/**
 * Makes some rows look as other operators would have filled them: boxed values, texts of a foreign format.
 */
function disguise(batch: Batch, column: number, values: readonly Value[], how: number): void {
  const { tags, boxed, lengths } = batch.columns[column]!;
  for (let row = 0; row < batch.count; row++) {
    const value = values[row]!;
    if ((row + how) % 3 === 0) continue;
    if (tags[row] === Tag.text && (row + how) % 3 === 1) tags[row] = Tag.raw;
    else if (value !== null && typeof value !== 'number' && typeof value !== 'boolean') {
      tags[row] = Tag.boxed;
      boxed[row] = value as Boxed;
    } else if (tags[row] === Tag.number) lengths[row] = 0;
  }
}

function expected(tree: Expression, record: Value): string {
  try {
    const value = evaluateExpression(tree, (steps) => memberOf(record, steps), session);
    if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value + 0) : 'null';
    return spellValue(value);
  } catch (error) {
    if (isValueError(error)) return `error: ${error.message}`;
    throw error;
  }
}

let compiledRuns = 0;

/**
 * What a tree means for some lines, compiled and evaluated; undefined when it is refused as a whole, by
 * both.
 */
function bothWays(tree: Expression, lines: readonly string[], how: number) {
  const text = printExpression(tree);
  const { layout, scope } = openScope();
  const columns = paths.map((steps) => scannedColumn(layout, steps));
  const target = computedColumn(layout);
  const records = lines.map(readJson);
  let projection: ReturnType<typeof compileProjection>;
  try {
    projection = compileProjection(text, scope, target, session);
  } catch (error) {
    if (!isProblem(error)) throw error;
    throws(() => expected(tree, records[0]!), { name: 'Problem' }, `both refuse ${text}`);
    return undefined;
  }
  compiledRuns++;
  const batch = scanLines(layout, lines);
  columns.forEach((column, i) => {
    disguise(
      batch,
      column,
      records.map((record) => memberOf(record, paths[i]!)),
      how + i,
    );
  });
  const wanted = records.map((record) => expected(tree, record));
  const found = projected(projection, batch, target).map((result) =>
    result.replace(/^(error: .*) in .*$/s, '$1'),
  );
  return { text, batch, scope, wanted, found };
}

t.test('compiled expressions give what the tree evaluator gives', (t) => {
  fc.assert(
    fc.property(
      expression,
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.nat(2),
      (tree, lines, how) => {
        const both = bothWays(tree, lines, how);
        if (both === undefined) return;
        const wanted = both.wanted.map((result) => result.replace(/^(error: .*) in .*$/s, '$1'));
        deepStrictEqual(both.found, wanted, both.text);
      },
    ),
    { numRuns: 3000 },
  );
  t.ok(compiledRuns > 1000, `${compiledRuns} were not refused by the checker`);
  t.end();
});

t.test('a filter keeps the rows for which the evaluator says true', (t) => {
  const isCondition = (tree: Expression): boolean => {
    try {
      compileFilter(printExpression(tree), openScope().scope, session);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      expression.filter(isCondition),
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.nat(2),
      (tree, lines, how) => {
        const both = bothWays({ kind: 'is', operand: tree, test: 'true', negated: false, ...at }, lines, how);
        if (both === undefined) return;
        const { batch, wanted } = both;
        batch.selected = 0;
        for (let row = 0; row < batch.count; row++) batch.selection[batch.selected++] = row;
        const refused: number[] = [];
        compileFilter(printExpression(tree), both.scope, session)(batch, (_, row) => refused.push(row));
        const rows = [...wanted.keys()];
        deepStrictEqual(
          [...batch.selection.subarray(0, batch.selected)],
          rows.filter((row) => wanted[row] === 'true'),
          both.text,
        );
        deepStrictEqual(
          refused,
          rows.filter((row) => wanted[row]!.startsWith('error: ')),
          both.text,
        );
      },
    ),
    { numRuns: 1000 },
  );
  t.pass();
  t.end();
});
