/** Operators that say the time of their records themselves: what they know of the time that was said before. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { runPlan } from '../../harness/run-plan.js';

/** What a stage in front has made of two partitions: the second one is behind, and the watermark is its. */
const said = [
  '{"$leat":"stream","version":1,"time":{"field":"t","form":"epoch-s","delay":0,"said":true}}',
  '{"t":20,"u":1,"v":1}',
  '{"t":3,"u":2,"v":1}',
  '{"$leat":"watermark","time":3000}',
  '{"t":31,"u":14,"v":1}',
  '{"t":8,"u":9,"v":1}',
  '{"$leat":"watermark","time":8000}',
  '{"t":15,"u":25,"v":1}',
  '{"$leat":"watermark","time":15000}',
  '{"t":9,"u":26,"v":1}',
  '{"$leat":"end"}',
].map((line) => `${line}\n`);

const rows = (output: string): string[] =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { window_start: number; n: number })
    .map((row) => `${row.window_start}: ${row.n}`);

async function counted(window: string, chunkBytes = 65_536) {
  const text = `${window} | aggregate count(*) as n`;
  const { output, late } = await runPlan(parsePipeline(text), { input: said.join(''), chunkBytes });
  return [rows(output), late];
}

t.test(
  'of the same field the watermark is that of the sources, which only the stage in front knows',
  async (t) => {
    const wanted = [['0: 2', '10: 1', '20: 1', '30: 1'], ['{"t":9,"u":26,"v":1}']];
    t.same(await counted('window tumble 10s'), wanted);
    for (const chunkBytes of [7, 50, 200, 65_536])
      t.same(await counted('window tumble 10s --time t', chunkBytes), wanted, `in pieces of ${chunkBytes}`);
  },
);

t.test('of another field it follows from the records alone', async (t) => {
  const wanted = [['0: 2', '10: 1', '20: 2'], ['{"t":8,"u":9,"v":1}']];
  for (const chunkBytes of [7, 50, 200, 65_536])
    t.same(await counted('window tumble 10s --time u', chunkBytes), wanted, `in pieces of ${chunkBytes}`);
});
