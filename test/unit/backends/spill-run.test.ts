/** The disk backend of a run: spaces are captured before anything changes, and what is in the way ends the run. */
import fs from 'node:fs';
import t from 'tap';
import { createSpillRun } from '../../../src/backends/local/spill-run.js';
import { isProblem } from '../../../src/diagnostics/index.js';
import { realDisk } from '../../../src/disk/index.js';
import { type Operator, stateless } from '../../../src/operators/index.js';
import { temporaryFolder } from '../../harness/shell.js';

const key = Buffer.from('key');

/** A run with an operator that puts what it is given at the next rest. */
function startRun(folder: string) {
  const run = createSpillRun({
    disk: realDisk,
    memoryBytes: 1000,
    folderOf: (uid) => `${folder}/working-${uid}`,
  });
  const { space, memoryBytes } = run.spillOf('one');
  const waiting: string[] = [];
  const operator: Operator = {
    ...stateless,
    onBatch() {},
    onWatermark() {},
    onEnd() {},
    onRest() {
      const value = waiting.shift();
      if (value !== undefined) space.put(key, Buffer.from(value));
      return value !== undefined;
    },
  };
  let written = 0;
  run.watch([operator], () => {
    written++;
    return undefined;
  });
  return { run, space, waiting, memoryBytes, writes: () => written };
}

t.test('a rest flushes, and a barrier takes what lay there before it', async (t) => {
  const folder = temporaryFolder();
  const { run, space, waiting, writes } = startRun(folder);
  t.equal(run.rest(), undefined, 'there is nothing to do');
  waiting.push('first', 'second');
  await run.rest();
  t.equal(Buffer.from(space.get(key)!).toString(), 'second');
  t.ok(writes() >= 2, 'and what is emitted is written in between');
  waiting.push('third');
  const captured = run.capture('one', `${folder}/captured`);
  t.equal(Buffer.from(space.get(key)!).toString(), 'second', 'the rest of the chunk can read');
  await run.rest();
  t.equal(Buffer.from(space.get(key)!).toString(), 'third');
  const files = await captured;
  await run.close();
  const again = startRun(folder);
  await again.run.restore('one', { folder: `${folder}/captured`, files });
  t.equal(Buffer.from(again.space.get(key)!).toString(), 'second');
  await again.run.close();
  t.same(fs.readdirSync(folder), ['captured']);
});

t.test('the end of a run captures without a rest', async (t) => {
  const folder = temporaryFolder();
  const { run, waiting } = startRun(folder);
  waiting.push('value');
  await run.rest();
  t.ok((await run.capture('one', `${folder}/captured`)).length > 0);
  await run.close();
});

t.test('a capture that fails ends the run and says why', async (t) => {
  const folder = temporaryFolder();
  fs.writeFileSync(`${folder}/file`, '');
  const { run, waiting } = startRun(folder);
  waiting.push('value');
  await run.rest();
  const captured = run.capture('one', `${folder}/file/captured`);
  const failures = await Promise.allSettled([captured, run.rest()!]);
  for (const failure of failures) {
    t.ok(failure.status === 'rejected' && isProblem(failure.reason), JSON.stringify(failure));
  }
  await run.close();
});

t.test('captured files are their owner’s alone, whatever the umask says', async (t) => {
  const folder = temporaryFolder();
  const { run, waiting } = startRun(folder);
  waiting.push('value');
  const before = process.umask(0);
  await run.rest();
  await run.capture('one', `${folder}/captured`);
  process.umask(before);
  const names = fs.readdirSync(`${folder}/captured`);
  t.ok(names.length > 1);
  for (const name of names) t.equal(fs.statSync(`${folder}/captured/${name}`).mode & 0o777, 0o600, name);
  t.equal(
    fs.statSync(`${folder}/working-one`).mode & 0o777,
    0o700,
    'what is written is out of sight by its folder',
  );
  await run.close();
});
