/**
 * Every case of test/cases with its input in chunks of 7 bytes, and the operators written out, thrown away and built
 * anew behind each chunk: the answer is the expected one. LEAT_CASE=window/hop runs only the cases whose
 * name contains that.
 */
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { readCases, readsOneInput } from '../harness/case.js';
import { runResumed } from '../harness/resumed-run.js';
import { root, temporaryFolder } from '../harness/shell.js';

const only = process.env['LEAT_CASE'] ?? '';
const folder = temporaryFolder();

t.setTimeout(600_000);

const cases = readCases(path.join(root, 'test/cases'))
  .filter(({ name }) => name.includes(only))
  .filter(readsOneInput);

t.test('there are cases to be resumed', (t) => {
  t.ok(cases.length > 0);
  t.end();
});

t.test('cases whose operators are replaced behind every chunk', async (t) => {
  for (const one of cases) {
    const plan = parsePipeline(one.run.replaceAll('{late}', path.join(folder, 'late')));
    const result = await runResumed(plan, { input: one.input, chunkBytes: 7 });
    t.equal(result.output, one.expected, `${one.name}: output`);
    t.same(result.late, one.late ?? [], `${one.name}: late records`);
    t.same(result.rejected, one.rejected, `${one.name}: refused records`);
    if (one.input.length > 7) t.ok(result.resumed > 1, `${one.name} was interrupted`);
  }
});
