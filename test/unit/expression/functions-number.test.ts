/** Functions on numbers and on JSON, and those that choose: exactness, kinds of numbers, NULL. */
import t, { type Test } from 'tap';
import { makeDecimal, makeNested, makeTemporal, type Value } from '../../../src/expression/index.js';
import { call } from './functions-call.js';

type Case = readonly [name: string, arguments_: readonly Value[], result: string | RegExp];

function check(t: Test, cases: readonly Case[]): void {
  cases.forEach(([name, values, result], index) => {
    if (typeof result === 'string') t.equal(call(name, values), result, `${name}, case ${index}`);
    else t.match(call(name, values), result, `${name}, case ${index}`);
  });
}

t.test('rounding is half away from zero, by what the number is spelled as', (t) => {
  check(t, [
    ['ROUND', [2.5], '3'],
    ['ROUND', [-2.5], '-3'],
    ['ROUND', [1.005, 2], '1.01'],
    ['ROUND', [0.49999999999999994], '0'],
    ['ROUND', [-0.4], '0'],
    ['ROUND', [1234.5678, -2], '1200'],
    ['ROUND', [1250, -2], '1300'],
    ['ROUND', [49, -2], '0'],
    ['ROUND', [1e300, 2], '1e+300'],
    ['ROUND', [1.5e-7, 7], '2e-7'],
    ['ROUND', [123, 5], '123'],
    ['ROUND', [12345678901234567890n, -1], '12345678901234567890'],
    ['ROUND', [12345678901234567895n, -1], '12345678901234567900'],
    ['ROUND', [makeDecimal(2675n, 3), 2], '2.68'],
    ['ROUND', [makeDecimal(-5n, 1)], '-1'],
    ['TRUNCATE', [-42.329, 2], '-42.32'],
    ['TRUNCATE', [1999, -3], '1000'],
    ['FLOOR', [-2.1], '-3'],
    ['FLOOR', [2.9], '2'],
    ['CEIL', [-2.9], '-2'],
    ['CEILING', [2.0000001], '3'],
    ['CEIL', [-0.5], '0'],
    ['FLOOR', [makeDecimal(-11n, 1)], '-2'],
    ['FLOOR', [12345678901234567890n], '12345678901234567890'],
  ]);
  t.end();
});

t.test('what can stay exact does', (t) => {
  check(t, [
    ['ABS', [-12345678901234567890n], '12345678901234567890'],
    ['ABS', [makeDecimal(-150n, 2)], '1.50'],
    ['ABS', ['-3'], '3'],
    ['SIGN', [makeDecimal(-1n, 5)], '-1'],
    ['SIGN', [0], '0'],
    ['MOD', [7, -3], '1'],
    ['MOD', [12345678901234567891n, 10], '1'],
    ['MOD', [5.5, 2], '1.5'],
    ['MOD', [makeDecimal(75n, 1), 2], '1.5'],
    ['MOD', [5, 0], /^error: .*zero/],
    ['BIN', [-1], `"${'1'.repeat(64)}"`],
    ['BIN', [0], '"0"'],
  ]);
  t.end();
});

t.test('functions without a value there are NULL', (t) => {
  check(t, [
    ['SQRT', [-1], 'null'],
    ['LN', [0], 'null'],
    ['ACOS', [2], 'null'],
    ['LOG', [10, 1000], '3'],
    ['LOG', [4, 16], '2'],
    ['POWER', [10, 400], 'null'],
    ['POWER', [9, 0.5], '3'],
    ['SQRT', ['abc'], /^error: .*not a number/],
    ['ATAN2', [1, 0], String(Math.PI / 2)],
  ]);
  t.equal(call('RAND', [7]), call('RAND', [7]), 'a seed gives the same number');
  t.not(call('RAND', [7]), call('RAND', [8]));
  t.match(call('RAND_INTEGER', [0]), /^error/);
  t.match(call('UUID', []), /^"[0-9a-f-]{36}"$/);
  t.end();
});

t.test('choosing between values', (t) => {
  check(t, [
    ['COALESCE', [null, null], 'null'],
    ['COALESCE', [null, 0, 1], '0'],
    ['IFNULL', [0, 5], '0'],
    ['NULLIF', [5, 0], '5'],
    ['NULLIF', [null, 0], 'null'],
    ['NULLIF', ['5', 5], 'null'],
    ['IF', [null, 1, 2], '2'],
    ['IF', [true, null, 2], 'null'],
    ['GREATEST', [1, null, 3], 'null'],
    ['GREATEST', [1, makeDecimal(15n, 1), 1.25], '1.5'],
    ['LEAST', ['b', 'a', 'c'], '"a"'],
    ['LEAST', [9007199254740993n, 9007199254740992], '9007199254740992'],
    ['GREATEST', [true, 1], /^error/],
  ]);
  t.end();
});

const nested = makeNested(
  '{"a": {"b": [1, 2.50, "x"]}, "a b": 12345678901234567890, "n": null, "d": 1, "d": true}',
);

t.test('JSON paths', (t) => {
  check(t, [
    ['JSON_VALUE', [nested, '$.a.b[1]'], '"2.50"'],
    ['JSON_VALUE', [nested, '$.a.b[2]'], '"x"'],
    ['JSON_VALUE', [nested, '$.a.b[-1]'], '"x"'],
    ['JSON_VALUE', [nested, "lax $['a b']"], '"12345678901234567890"'],
    ['JSON_VALUE', [nested, '$."a b"'], '"12345678901234567890"'],
    ['JSON_VALUE', [nested, '$.d'], '"true"'],
    ['JSON_VALUE', [nested, '$.n'], 'null'],
    ['JSON_VALUE', [nested, '$.a'], 'null'],
    ['JSON_VALUE', [nested, '$.x.y'], 'null'],
    ['JSON_VALUE', [nested, '$.a.b[*]'], 'null'],
    ['JSON_VALUE', ['{"k": "a\\"b"}', '$.k'], '"a\\"b"'],
    ['JSON_VALUE', ['not json', '$.k'], 'null'],
    ['JSON_VALUE', [nested, 'a.b'], /^error: .*start with \$/],
    ['JSON_VALUE', [nested, '$.a['], /^error: .*understood from '\['/],
    ['JSON_QUERY', [nested, '$.a.b'], '[1, 2.50, "x"]'],
    ['JSON_QUERY', [nested, '$.a.b[0]'], 'null'],
    ['JSON_QUERY', ['[[1],[2]]', '$[1]'], '[2]'],
    ['JSON_EXISTS', [nested, '$.n'], 'true'],
    ['JSON_EXISTS', [nested, '$.m'], 'false'],
    ['JSON_EXISTS', [nested, '$.*.b[*]'], 'true'],
    ['JSON_EXISTS', ['{', '$'], 'false'],
    ['JSON_LENGTH', [nested], '4'],
    ['JSON_LENGTH', [nested, '$.a.b'], '3'],
    ['JSON_LENGTH', [nested, '$.n'], '1'],
    ['JSON_LENGTH', [nested, '$.m'], 'null'],
    ['JSON_LENGTH', ['[]'], '0'],
    ['JSON_LENGTH', [' { } '], '0'],
  ]);
  t.end();
});

t.test('JSON made of values', (t) => {
  check(t, [
    ['JSON_STRING', [nested], JSON.stringify(nested.text)],
    ['JSON_STRING', [1n], '"1"'],
    ['JSON_OBJECT', ['a', nested, 'b', makeDecimal(150n, 2)], `{"a":${nested.text},"b":1.50}`],
    ['JSON_OBJECT', [], '{}'],
    ['JSON_OBJECT', ['a'], /^error/],
    ['JSON_OBJECT', [null, 1], /^error/],
    ['JSON_ARRAY', [makeTemporal('date', 0), true], '["1970-01-01",true]'],
    ['IS_JSON', ['{'], 'false'],
    ['IS_JSON', [nested], 'true'],
  ]);
  t.end();
});

t.test('arrays and objects', (t) => {
  const array = makeNested('[3, "a,]", null, [1, 2], {"x": "}"}, 3.0]');
  check(t, [
    ['CARDINALITY', [array], '6'],
    ['CARDINALITY', [nested], '4'],
    ['CARDINALITY', [5], /^error: .*not an object/],
    ['ELEMENT', ['[]'], 'null'],
    ['ELEMENT', ['[1,2]'], /^error/],
    ['ELEMENT', ['["a"]'], '"a"'],
    ['ARRAY_CONTAINS', [array, 'a,]'], 'true'],
    ['ARRAY_CONTAINS', [array, null], 'true'],
    ['ARRAY_CONTAINS', [array, 'b'], 'false'],
    ['ARRAY_CONTAINS', [null, 1], 'null'],
    ['ARRAY_CONTAINS', [array, makeNested('[1,2]')], 'true'],
    ['ARRAY_POSITION', [array, 3], '1'],
    ['ARRAY_POSITION', [array, 4], '0'],
    ['ARRAY_DISTINCT', [array], '[3,"a,]",null,[1, 2],{"x": "}"}]'],
    ['ARRAY_REVERSE', ['[1, 2.50]'], '[2.50,1]'],
    ['ARRAY_SLICE', ['[1,2,3,4]', -2], '[3,4]'],
    ['ARRAY_SLICE', ['[1,2,3,4]', 3, 2], '[]'],
    ['ARRAY_SLICE', ['[1,2,3,4]', 2, -2], '[2,3]'],
    ['ARRAY_JOIN', ['[1,null,true]', '-', '?'], '"1-?-TRUE"'],
    ['ARRAY_MAX', ['[]'], 'null'],
    ['ARRAY_MIN', ['[null, 2, 1.5]'], '1.5'],
    ['MAP_KEYS', [nested], '["a","a b","n","d"]'],
    ['MAP_VALUES', ['{"a": 1.0, "b": [2]}'], '[1.0,[2]]'],
    ['MAP_KEYS', ['[1]'], /^error: .*not an object/],
  ]);
  t.end();
});
