/** When a run that failed is started again. */
import t from 'tap';
import { decideRestart, readRestart } from '../../../src/cli/restart/index.js';

t.test('policies are read as they are written', (t) => {
  t.same(readRestart('none'), { kind: 'none' });
  t.same(readRestart('exponential'), { kind: 'exponential' });
  t.same(readRestart('10/1m'), { kind: 'rate', most: 10, windowMs: 60_000 });
  for (const text of ['', '10', '0/1m', '10/1m/2', '-1/1m', 'often']) {
    t.throws(() => readRestart(text), { details: { code: 'usage' } } as unknown as Error, text);
  }
  t.end();
});

t.test('a rate allows so many failures within so long', (t) => {
  const policy = readRestart('2/1m');
  t.equal(decideRestart(policy, [0]).kind, 'restart');
  t.equal(decideRestart(policy, [0, 10_000]).kind, 'restart');
  t.equal(decideRestart(policy, [0, 10_000, 20_000]).kind, 'give-up');
  t.equal(decideRestart(policy, [0, 10_000, 65_000]).kind, 'restart', 'the first one is long ago');
  t.equal(decideRestart(readRestart('none'), [0]).kind, 'give-up');
  t.end();
});

t.test('pauses double up to a minute, and begin anew after calm', (t) => {
  const policy = readRestart('exponential');
  const pauseAfter = (failures: readonly number[]) => {
    const decision = decideRestart(policy, failures);
    return decision.kind === 'restart' ? decision.afterMs : undefined;
  };
  t.equal(pauseAfter([0]), 1000);
  t.equal(pauseAfter([0, 2000]), 2000);
  t.equal(pauseAfter([0, 2000, 5000]), 4000);
  t.equal(pauseAfter(Array.from({ length: 40 }, (_, n) => n * 60_000)), 60_000);
  t.equal(pauseAfter([0, 2000, 5000, 1_000_000]), 1000);
  t.end();
});
