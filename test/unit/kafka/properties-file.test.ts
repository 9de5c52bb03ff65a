/** Java's properties: comments, separators, continued lines and escapes, in UTF-8 and ISO 8859-1. */
import t from 'tap';
import { decodeProperties, readProperties } from '../../../src/kafka/config/properties-file.js';

const pairs = (text: string) => readProperties(text).map(({ name, value }) => [name, value]);

t.test('what a line may look like', (t) => {
  t.same(pairs('a=1\nb:2\nc 3\n  d  =  4 \n'), [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', '4 '],
  ]);
  t.same(pairs('# no\n! no\n\n   \na=#yes\r\nb=x=y:z\n'), [
    ['a', '#yes'],
    ['b', 'x=y:z'],
  ]);
  t.same(pairs('lonely'), [['lonely', '']]);
  t.end();
});

t.test('lines that go on, and escapes', (t) => {
  t.same(pairs('jaas=Module required \\\n   username="a" \\\n   password="b";\nnext=1'), [
    ['jaas', 'Module required username="a" password="b";'],
    ['next', '1'],
  ]);
  t.same(pairs('path=C:\\\\x\\\\\nq=\\u00e9\\n\\t\\:'), [
    ['path', 'C:\\x\\'],
    ['q', 'é\n\t:'],
  ]);
  t.same(pairs('a\\ b\\=c=d'), [['a b=c', 'd']]);
  t.same(pairs('end=x\\'), [['end', 'x']]);
  t.end();
});

t.test('lines are counted where they begin', (t) => {
  const lines = readProperties('# one\na=\\\n 1\n\nb=2').map(({ name, line }) => [name, line]);
  t.same(lines, [
    ['a', 2],
    ['b', 5],
  ]);
  t.end();
});

t.test('UTF-8 where it is, ISO 8859-1 where it is not', (t) => {
  t.equal(decodeProperties(Buffer.from('pä=é', 'utf8')), 'pä=é');
  t.equal(decodeProperties(Buffer.from('pä=é', 'latin1')), 'pä=é');
  t.end();
});
