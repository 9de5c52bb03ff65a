/**
 * The examples in doc comments of streams: each is an expression that makes a stream. It is run on the samples, and gives the
 * records that stand behind it in comments, of which `...` stands for more.
 */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import * as leat from '../../../src/index.js';
import { root } from '../../harness/shell.js';

interface Example {
  readonly code: string;
  readonly prints: readonly string[];
}

/** The examples of a source file. */
function examplesIn(text: string): readonly Example[] {
  return [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block]) => {
    const lines = block!.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
    const isResult = (line: string): boolean => line.startsWith('// ');
    return {
      code: lines.filter((line) => !isResult(line)).join('\n'),
      prints: lines.filter(isResult).map((line) => line.slice('// '.length)),
    };
  });
}

const source = fs.readFileSync(path.join(root, 'src/frontends/api/stream.ts'), 'utf8');
process.chdir(root);

t.test('doc comments of streams say what comes', async (t) => {
  const examples = examplesIn(source);
  t.ok(examples.length >= 4);
  for (const { code, prints } of examples) {
    const make = new Function(...Object.keys(leat), `return (${code})`);
    const stream = make(...Object.values(leat)) as ReturnType<typeof leat.from>;
    const said: string[] = [];
    const rows = await stream.run({ say: (line) => said.push(line) }).all();
    const lines = rows.map((row) => JSON.stringify(row));
    const more = prints.indexOf('...');
    t.ok(prints.length > 0, `${code}has results`);
    t.strictSame(more < 0 ? lines : lines.slice(0, more), more < 0 ? prints : prints.slice(0, more), code);
    t.strictSame(said, [], 'and nothing is to be said');
  }
});
