/**
 * Jobs of every kind of operator and sink on a disk that crashes, tears, forgets, fails and fills up, thousands of times
 * from seeds: after all of it the outputs are those of the undisturbed run. LEAT_SIMULATIONS says how many (default
 * 10,000), LEAT_SEED which seed to begin with; LEAT_SIMULATIONS=1 LEAT_SEED=n repeats a run. And a short job is crashed
 * at every single operation of the disk, and every golden case is killed at every barrier, and goes on from
 * a store that was made of its entries.
 */
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import type { SimulationAnswer, SimulationTask } from './simulation.worker.js';

const runs = Number(process.env['LEAT_SIMULATIONS'] ?? 10_000);
const firstSeed = Number(process.env['LEAT_SEED'] ?? 1);
const threads = 2;

function simulate(task: SimulationTask): Promise<SimulationAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./simulation.worker.mjs', import.meta.url), { workerData: task });
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (status) => reject(new Error(`the simulation ended with ${status}`)));
  });
}

function isRight(t: Test, { wrong }: SimulationAnswer): boolean {
  if (wrong !== undefined) t.same(wrong.got, wrong.wanted, wrong.what);
  return wrong === undefined;
}

t.test('disturbed jobs give the answer of undisturbed ones', { timeout: 1_800_000 }, async (t) => {
  const each = Math.ceil(runs / threads);
  const ranges = Array.from({ length: threads }, (_, thread) => ({
    kind: 'seeds' as const,
    from: firstSeed + thread * each,
    to: firstSeed + Math.min(runs, (thread + 1) * each),
  }));
  const answers = await Promise.all(ranges.map(simulate));
  if (!answers.map((answer) => isRight(t, answer)).every(Boolean)) return;
  const starts = answers.reduce((sum, answer) => sum + answer.starts, 0);
  t.ok(starts > runs, `${runs} jobs, started ${starts} times`);
});

t.test('a short job crashes at every operation of the disk', { timeout: 600_000 }, async (t) => {
  const answer = await simulate({ kind: 'everywhere' });
  if (isRight(t, answer)) t.ok(answer.operations > 50, `${answer.operations} operations, each crashed once`);
});

t.test('and so it does while its input grows', { timeout: 600_000 }, async (t) => {
  const answer = await simulate({ kind: 'growing' });
  if (isRight(t, answer)) t.ok(answer.operations > 50, `${answer.operations} operations, each crashed once`);
});

t.test('every case is killed at every barrier and resumed', { timeout: 600_000 }, async (t) => {
  const answer = await simulate({ kind: 'cases' });
  if (!isRight(t, answer)) return;
  t.ok(answer.starts > answer.operations * 6, `${answer.operations} cases, started ${answer.starts} times`);
});

t.test('and so it is on the disk backend', { timeout: 600_000 }, async (t) => {
  const answer = await simulate({ kind: 'cases on disk' });
  if (!isRight(t, answer)) return;
  t.ok(
    answer.operations > 20,
    `groups lay on disk in ${answer.operations} checkpoints of ${answer.starts} runs`,
  );
});

t.test(
  'every case goes on from a store that was made of its exported entries',
  { timeout: 600_000 },
  async (t) => {
    const answer = await simulate({ kind: 'edited cases' });
    if (!isRight(t, answer)) return;
    t.ok(answer.operations > 10, `${answer.operations} entries, started ${answer.starts} times`);
  },
);

t.test('and so does every random job', { timeout: 600_000 }, async (t) => {
  const to = firstSeed + Math.min(runs, 100);
  const answer = await simulate({ kind: 'edited seeds', from: firstSeed, to });
  if (isRight(t, answer)) t.pass(`${answer.operations} entries, started ${answer.starts} times`);
});
