/** When barriers are cut: by the clock, and sooner when much output waits and the state is taken quickly. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { createBarrierClock } from '../../../src/backends/local/checkpoints/barrier-clock.js';
import { runShell, temporaryFolder } from '../../harness/shell.js';

t.test('a barrier may be hurried with, but neither during a checkpoint nor in the pause after it', (t) => {
  const clock = createBarrierClock({ everyMs: 1000, minPauseMs: 50 }, 0);
  t.equal(clock.dueAt(), 1000);
  t.ok(clock.mayHurry(10));
  clock.cut(10);
  clock.taken(0);
  t.notOk(clock.mayHurry(60), 'one is under way');
  clock.done(70);
  t.notOk(clock.mayHurry(119));
  t.ok(clock.mayHurry(120));
  t.equal(clock.dueAt(), 1010, 'the next one by the clock is counted from it');
  t.end();
});

t.test('state that takes long to be taken makes hurried barriers rare', (t) => {
  const clock = createBarrierClock({ everyMs: 10_000, minPauseMs: 0 }, 0);
  clock.cut(100);
  clock.taken(20);
  clock.done(150);
  t.notOk(clock.mayHurry(1099));
  t.ok(clock.mayHurry(1100));
  t.end();
});

t.test('much output does not wait for the clock', async (t) => {
  const folder = temporaryFolder();
  const { status, stderr } = await runShell(
    `leat run 'gen clicks --count 800000 | filter rand() >= 0 | to out.ndjson' --state state --checkpoint 1h --keep 99`,
    { cwd: folder },
  );
  t.equal(status, 0, stderr);
  const checkpoints = fs.readdirSync(path.join(folder, 'state/checkpoints'));
  t.ok(checkpoints.length >= 2, `${checkpoints}`);
  t.same(fs.readdirSync(path.join(folder, 'state/epochs/output')), [], 'and nothing is left of the epochs');
  const { stdout } = await runShell(`leat gen clicks --count 800000 | cmp - out.ndjson && echo same`, {
    cwd: folder,
  });
  t.equal(stdout, 'same\n');
});
