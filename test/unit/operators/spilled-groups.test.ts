/**
 * Aggregations with many keys and little memory, against the same ones in memory: groups go in pages and come back alone,
 * again and again, with whatever their accumulators hold; keys of all kinds keep the spelling that was seen first.
 */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import {
  addToDirectory,
  createDirectory,
  findInDirectory,
} from '../../../src/operators/keyed-cells/group-directory.js';
import { createRandom } from '../../harness/disk/random.js';
import { runResumed } from '../../harness/resumed-run.js';
import { runPlan } from '../../harness/run-plan.js';

const spellings: readonly ((n: number) => string)[] = [
  (n) => JSON.stringify(`user ${n}`),
  (n) => String(n),
  (n) => `${n}.0`,
  (n) => `"user \\u0${(0x100 + (n % 256)).toString(16)}"`,
  (n) => `{"a": ${n}}`,
  (n) => String(10n ** 20n + BigInt(n)),
  () => 'null',
];

/** Records whose keys come back after long and after short. */
function makeInput(seed: number, lines: number, keys: number): string {
  const random = createRandom(seed);
  const texts: string[] = [];
  for (let line = 0; line < lines; line++) {
    const n = random.below(random.next() < 0.3 ? 5 : keys);
    const spell = spellings[random.below(spellings.length)]!;
    const value = random.next() < 0.1 ? 'null' : String(random.below(1000) / 8);
    texts.push(`{"ts":${line * 10},"k":${spell(n)},"g":${n % 7},"v":${value}}`);
  }
  return `${texts.join('\n')}\n`;
}

const calls =
  'count(*) as n, sum(v) as s, avg(v) as mean, min(v) as least, list(v) as all_v, count(distinct v) as kinds, ' +
  'quantile(v, 0.5) as mid, first(k) as f, argmax(k, v) as high, sum(v) filter (where v > 50) as large';

const pipelines = [
  `from - --time ts | aggregate ${calls} --by k`,
  `from - --time ts | window tumble 7s | aggregate ${calls} --by k`,
  `from - --time ts | window hop 20s 5s | aggregate count(*) as n, sum(v) as s --by k, g`,
  `from - --time ts | window cumulate 1m 10s | aggregate ${calls} --by k | window tumble 1m | aggregate sum(n) as n, count(*) as groups --by k`,
  'from - --time ts | aggregate count(*) as n --by k | aggregate count(*) as groups, list(k) as k --by n',
  `from - --time ts | aggregate ${calls}`,
];

for (const [index, text] of pipelines.entries()) {
  t.test(text, async (t) => {
    const plan = parsePipeline(text);
    const input = makeInput(index + 1, 4000, 700);
    const wanted = await runPlan(plan, { input });
    for (const memoryBytes of [1, 100_000]) {
      for (const every of [4, 1e9]) {
        const got = await runResumed(plan, { input, chunkBytes: 9000, memoryBytes, every });
        t.ok(got.output === wanted.output, `${memoryBytes} bytes, resumed ${got.resumed} times`);
        if (memoryBytes === 1) t.ok(got.spilled > 0, `something was put out of memory ${got.spilled} times`);
      }
    }
  });
}

t.test('many groups have one hash, and each is found', (t) => {
  const directory = createDirectory();
  const hashes: number[] = [];
  for (let n = 0; n < 5000; n++) {
    const hash = n % 3 === 0 ? -7 : Math.imul(n, 0x9e3779b1);
    hashes.push(hash);
    addToDirectory(directory, hash);
  }
  for (const each of [directory, createDirectory(directory.hashes.slice(0, directory.count))]) {
    const missed = hashes.filter((hash, n) => findInDirectory(each, hash, (number) => number === n) !== n);
    t.same(missed, []);
    t.equal(
      findInDirectory(each, 12345, () => true),
      -1,
    );
  }
  t.end();
});
