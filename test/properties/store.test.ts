/**
 * The store of a job against a disk that crashes at every operation, or fails at any: it goes on from the newest checkpoint
 * that was reported complete, or from one whose completion was under way, and every byte of it is as it was written.
 */
import t from 'tap';
import { createDiskDouble, createRandom, DiskCrash, type DiskDouble } from '../harness/disk/index.js';
import { createJournal, type Journal, liveJob, openAndCompare } from '../harness/state/job-script.js';
import { checkpoint } from '../harness/state/store.js';

/** How much more than usual; a thorough run is LEAT_RUNS=20. */
const scale = Number(process.env['LEAT_RUNS'] ?? 1);
/** Of the operations of a life, every so manieth crashes, so that all together come about. */
const stride = Math.max(1, Math.round(23 / scale));

/** Whether the call ended with the crash. Any other failure is one of the store. */
async function crashes(does: () => Promise<unknown>): Promise<boolean> {
  try {
    await does();
    return false;
  } catch (error) {
    if (error instanceof DiskCrash) return true;
    throw error;
  }
}

/** After a crash: reopens, perhaps crashes again, and goes on. Returns what is wrong. */
async function recover(double: DiskDouble, journal: Journal, seed: number): Promise<string | undefined> {
  const random = createRandom(seed);
  double.restart(random.below(3) === 0 ? 'process' : 'power');
  if (random.below(2) === 0) {
    double.crashAt(double.operations + 1 + random.below(60));
    await crashes(() => liveJob(double.disk, seed, journal));
    double.restart();
  }
  const { store, wrong } = await openAndCompare(double.disk, journal);
  if (wrong !== undefined) return wrong;
  const epoch = (store.restored?.epoch ?? 0) + 1;
  const states = { count: { keys: ['after', String(seed)] } };
  await checkpoint(store, epoch, states);
  await store.tidy(1);
  journal.completed = epoch;
  journal.attempted = epoch;
  journal.states.set(epoch, states);
  const again = await openAndCompare(double.disk, journal);
  const left = double.paths().filter((path) => path.includes('/checkpoints/')).length;
  return again.wrong ?? (left > 2 ? `${left} files of checkpoints are left` : undefined);
}

t.test('every operation of a short life crashed once loses nothing that was complete', async (t) => {
  const live = async ({ disk }: DiskDouble, journal: Journal): Promise<void> => {
    const { store } = await openAndCompare(disk, journal);
    for (const epoch of [1, 2]) {
      const states = { count: { keys: ['a', `b${epoch}`] } };
      journal.attempted = epoch;
      journal.states.set(epoch, states);
      await checkpoint(store, epoch, states);
      journal.completed = epoch;
      await store.tidy(1);
    }
    await store.release();
  };
  const whole = createDiskDouble();
  await live(whole, createJournal());
  t.ok(whole.operations > 100, `${whole.operations} operations`);
  for (let operation = 1; operation <= whole.operations; operation++) {
    const double = createDiskDouble({ seed: operation });
    const journal = createJournal();
    double.crashAt(operation);
    if (!(await crashes(() => live(double, journal)))) t.fail(`no crash at ${operation}`);
    const wrong = await recover(double, journal, operation);
    if (wrong !== undefined) t.fail(`crash at ${operation}: ${wrong}`);
  }
});

t.test('a crash at any operation loses nothing that was complete', async (t) => {
  let runs = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const whole = createDiskDouble({ seed });
    await liveJob(whole.disk, seed, createJournal());
    for (let operation = 1 + (seed % stride); operation <= whole.operations; operation += stride) {
      const double = createDiskDouble({ seed: seed * 1000 + operation });
      const journal = createJournal();
      double.crashAt(operation);
      const crashed = await crashes(() => liveJob(double.disk, seed, journal));
      const wrong = await recover(double, journal, seed * 7919 + operation);
      if (!crashed) t.fail(`seed ${seed} did not crash at ${operation}`);
      if (wrong !== undefined) t.fail(`seed ${seed}, crash at ${operation}: ${wrong}`);
      runs++;
    }
  }
  t.ok(runs > 200, `${runs} crashes`);
});

t.test('a disk that fails for a while costs no more than the checkpoints that failed', async (t) => {
  let problems = 0;
  for (let seed = 1; seed <= 60 * scale; seed++) {
    const double = createDiskDouble({ seed });
    const random = createRandom(seed);
    const journal = createJournal();
    double.failAt(20 + random.below(150), random.below(2) === 0 ? 'EIO' : 'ENOSPC', 1 + random.below(20));
    await liveJob(double.disk, seed, journal, true);
    double.failAt(0, 'EIO', 0);
    const { wrong } = await openAndCompare(double.disk, journal);
    if (wrong !== undefined) t.fail(`seed ${seed}: ${wrong}`);
    problems += journal.problems;
  }
  t.ok(problems > 20, `${problems} problems`);
});
