/** Functions on texts, regular expressions, hashes and URLs: what they give at the edges. */
import t, { type Test } from 'tap';
import type { Value } from '../../../src/expression/index.js';
import { allFunctions, call } from './functions-call.js';

type Case = readonly [name: string, arguments_: readonly Value[], result: string | RegExp];

function check(t: Test, cases: readonly Case[]): void {
  for (const [name, values, result] of cases) {
    const spelled = values.map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)));
    const title = `${name}(${spelled.join(', ')})`;
    if (typeof result === 'string') t.equal(call(name, values), result, title);
    else t.match(call(name, values), result, title);
  }
}

t.test('names and aliases are unique, and every function says what it takes', (t) => {
  const names = allFunctions.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  t.equal(new Set(names).size, names.length);
  for (const { name, usage, required, parameters, example } of allFunctions) {
    t.ok(usage.startsWith(name), `usage of ${name}`);
    t.ok((required ?? 0) <= parameters.length, `parameters of ${name}`);
    t.doesNotThrow(() => JSON.parse(example[1]), `example of ${name} gives JSON`);
  }
  t.end();
});

t.test('texts count characters, not UTF-16 units', (t) => {
  check(t, [
    ['CHAR_LENGTH', ['a😀b'], '3'],
    ['LENGTH', [''], '0'],
    ['SUBSTRING', ['a😀bc', 2, 2], '"😀b"'],
    ['LEFT', ['😀😀x', 2], '"😀😀"'],
    ['RIGHT', ['😀😀x', 2], '"😀x"'],
    ['REVERSE', ['a😀'], '"😀a"'],
    ['LPAD', ['😀', 3, '🙂'], '"🙂🙂😀"'],
    ['LOCATE', ['b', '😀b'], '2'],
    ['REGEXP_INSTR', ['😀b', 'b'], '2'],
  ]);
  t.end();
});

t.test('parts of texts at their edges', (t) => {
  check(t, [
    ['SUBSTRING', ['stream', 0, 3], '"str"'],
    ['SUBSTRING', ['stream', -3], '"eam"'],
    ['SUBSTRING', ['stream', -9], '""'],
    ['SUBSTRING', ['stream', 9], '""'],
    ['SUBSTRING', ['stream', 2, -1], 'null'],
    ['SUBSTR', ['stream', 5, 10], '"am"'],
    ['SUBSTRING', [12345, 2, 2], '"23"'],
    ['LEFT', ['stream', -1], '""'],
    ['RIGHT', ['stream', 0], '""'],
    ['RIGHT', ['stream', 99], '"stream"'],
    ['TRIM', ['  a b\t '], '"a b\\t"'],
    ['TRIM', ['xyaxy', 'yx'], '"a"'],
    ['LTRIM', ['  a '], '"a "'],
    ['RTRIM', ['xaxx', 'x'], '"xa"'],
    ['TRIM', ['   '], '""'],
    ['LPAD', ['hi', 1, '??'], '"h"'],
    ['LPAD', ['hi', -1, '?'], 'null'],
    ['LPAD', ['hi', 5, ''], 'null'],
    ['RPAD', ['hi', 4, '??'], '"hi??"'],
    ['REPEAT', ['ab', 0], '""'],
    ['REPEAT', ['ab', 1e9], /^error: .*too long/],
    ['OVERLAY', ['xxxxxtest', 'xxxx', 6], '"xxxxxxxxx"'],
    ['OVERLAY', ['abc', 'Z', 9], '"abc"'],
    ['UPPER', ['straße'], '"STRASSE"'],
    ['INITCAP', ["éTÉ 3rd o'neil"], '"Été 3rd O\'Neil"'],
    ['CONCAT', ['a', null], 'null'],
    ['CONCAT', ['a', 1, true], '"a1TRUE"'],
    ['CONCAT_WS', ['~', 'AA', null, 'BB', '', 'CC'], '"AA~BB~~CC"'],
    ['CONCAT_WS', [null, 'a'], 'null'],
  ]);
  t.end();
});

t.test('searching, replacing and splitting', (t) => {
  check(t, [
    ['LOCATE', ['x', 'abc'], '0'],
    ['LOCATE', ['a', 'aba', 2], '3'],
    ['LOCATE', ['a', 'aba', 0], '0'],
    ['POSITION', ['', 'abc'], '1'],
    ['LOCATE', ['', 'abc', 9], '0'],
    ['INSTR', ['banana', 'an'], '2'],
    ['INSTR', ['banana', 'an', 1, 3], '0'],
    ['INSTR', ['banana', 'an', -1], '4'],
    ['INSTR', ['banana', 'an', -1, 2], '2'],
    ['INSTR', ['aaaa', 'aa', 1, 2], '2'],
    ['REPLACE', ['a.b.c', '.', '$&'], '"a$&b$&c"'],
    ['REPLACE', ['abc', '', 'x'], '"abc"'],
    ['TRANSLATE', ['abcabc', 'aba', 'xyz'], '"xycxyc"'],
    ['SPLIT_INDEX', ['a,b', ',', 2], 'null'],
    ['SPLIT_INDEX', ['a,b', ',', -1], 'null'],
    ['SPLIT_INDEX', ['a,,b', ',', 1], '""'],
    ['SPLIT', ['a"b', ''], '["a","\\"","b"]'],
    ['ELT', [3, 'a', 'b'], 'null'],
    ['ELT', [1, null, 'b'], 'null'],
    ['STARTSWITH', ['abc', ''], 'true'],
    ['CONTAINS', ['abc', 'd'], 'false'],
  ]);
  t.end();
});

t.test('codes of texts', (t) => {
  check(t, [
    ['TO_BASE64', ['å'], '"w6U="'],
    ['FROM_BASE64', ['w6U='], '"å"'],
    ['FROM_BASE64', ['a b'], /^error: .*not base64/],
    ['HEX', ['hello,world'], '"68656C6C6F2C776F726C64"'],
    ['HEX', [20], '"14"'],
    ['HEX', [-1], '"FFFFFFFFFFFFFFFF"'],
    ['HEX', [12345678901234567890n], '"AB54A98CEB1F0AD2"'],
    ['UNHEX', ['zz'], 'null'],
    ['UNHEX', ['361'], '"\\u0003a"'],
    ['ASCII', [''], '0'],
    ['CHR', [353], '"a"'],
    ['CHR', [-1], '""'],
    ['IS_ALPHA', ['aé'], 'true'],
    ['IS_ALPHA', [''], 'false'],
    ['IS_ALPHA', [null], 'false'],
    ['IS_DIGIT', ['4.7'], 'false'],
    ['IS_DECIMAL', ['1e5'], 'true'],
    ['IS_DECIMAL', ['.'], 'false'],
  ]);
  t.end();
});

t.test('regular expressions', (t) => {
  check(t, [
    ['REGEXP', ['Hello', '(?i)^h'], 'true'],
    ['REGEXP', ['Hello', '^h'], 'false'],
    ['REGEXP', ['a\nb', '(?s)a.b'], 'true'],
    ['REGEXP', ['a-b', '[\\w\\-]+'], 'true'],
    ['REGEXP', ['x', '('], /^error: not a regular expression/],
    ['REGEXP_EXTRACT', ['foothebar', 'foo(.*?)(bar)'], '"foothebar"'],
    ['REGEXP_EXTRACT', ['foothebar', 'foo(.*?)(bar)', 3], /^error: .*no group 3/],
    ['REGEXP_EXTRACT', ['abc', 'x'], 'null'],
    ['REGEXP_EXTRACT', ['ac', 'a(b)?c', 1], 'null'],
    ['REGEXP_EXTRACT_ALL', ['a1b22', '[0-9]+'], '["1","22"]'],
    ['REGEXP_EXTRACT_ALL', ['abc', 'x'], '[]'],
    ['REGEXP_REPLACE', ['foobar', 'oo|ar', ''], '"fb"'],
    ['REGEXP_REPLACE', ['2026-11', '(?<y>\\d+)-(\\d+)', '$2/$'.concat('{y}')], '"11/2026"'],
    ['REGEXP_REPLACE', ['a', 'a', '\\$1'], '"$1"'],
    ['REGEXP_REPLACE', ['a', 'a', '$1'], /^error: .*no group/],
    ['REGEXP_REPLACE', ['a', 'b', '$9'], '"a"'],
    ['REGEXP_COUNT', ['aaa', 'b'], '0'],
    ['REGEXP_INSTR', ['abc', 'x'], '0'],
    ['REGEXP_SUBSTR', ['abc', 'x'], 'null'],
  ]);
  t.equal(
    call('REGEXP', ['ab', 'a']) + call('REGEXP', ['ab', 'a']),
    'truetrue',
    'a kept pattern starts afresh',
  );
  t.end();
});

t.test('hashes of known texts', (t) => {
  check(t, [
    ['MD5', [''], '"d41d8cd98f00b204e9800998ecf8427e"'],
    ['SHA1', ['abc'], '"a9993e364706816aba3e25717850c26c9cd0d89d"'],
    ['SHA256', ['abc'], '"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"'],
    ['SHA2', ['abc', 224], '"23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"'],
    ['SHA2', ['abc', 100], /^error: /],
    ['CRC32', [''], '0'],
    ['CRC32', ['The quick brown fox jumps over the lazy dog'], '1095738169'],
  ]);
  t.end();
});

t.test('URLs, whole and as log lines have them', (t) => {
  const url = 'https://ann:pw@leat.example:8080/a/b.html?k1=v1&k2=&k1=x#top';
  check(t, [
    ['PARSE_URL', [url, 'PROTOCOL'], '"https"'],
    ['PARSE_URL', [url, 'HOST'], '"leat.example"'],
    ['PARSE_URL', [url, 'AUTHORITY'], '"ann:pw@leat.example:8080"'],
    ['PARSE_URL', [url, 'USERINFO'], '"ann:pw"'],
    ['PARSE_URL', [url, 'path'], '"/a/b.html"'],
    ['PARSE_URL', [url, 'FILE'], '"/a/b.html?k1=v1&k2=&k1=x"'],
    ['PARSE_URL', [url, 'QUERY'], '"k1=v1&k2=&k1=x"'],
    ['PARSE_URL', [url, 'REF'], '"top"'],
    ['PARSE_URL', [url, 'QUERY', 'k1'], '"v1"'],
    ['PARSE_URL', [url, 'QUERY', 'k2'], '""'],
    ['PARSE_URL', [url, 'QUERY', 'k'], 'null'],
    ['PARSE_URL', [url, 'PATH', 'k1'], 'null'],
    ['PARSE_URL', [url, 'PORT'], 'null'],
    ['PARSE_URL', ['http://[::1]:80/', 'HOST'], '"[::1]"'],
    ['PARSE_URL', ['/search?q=leat', 'QUERY', 'q'], '"leat"'],
    ['PARSE_URL', ['/search?q=leat', 'HOST'], 'null'],
    ['URL_ENCODE', ["a*b-c.d_e~f!'()é"], '"a*b-c.d_e%7Ef%21%27%28%29%C3%A9"'],
    ['URL_ENCODE', ['\ud800'], '"%EF%BF%BD"'],
    ['URL_DECODE', ['%C3%A9+%2B'], '"é +"'],
    ['URL_DECODE', ['%C3'], 'null'],
  ]);
  t.end();
});
