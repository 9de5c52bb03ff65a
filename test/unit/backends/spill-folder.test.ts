/** State of runs that were killed is removed by the next run, and that of nobody else. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { removeLeftSpillFolders, temporarySpillFolder } from '../../../src/backends/local/spill-folder.js';
import { killShell, runShell, startShell, temporaryFolder } from '../../harness/shell.js';

const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

t.test('only folders whose owner is certainly dead are removed', async (t) => {
  const base = temporaryFolder();
  const own = path.basename(temporarySpillFolder(base));
  const [, space, boot, pid, start, rest] = own.split('-');
  const name = (...parts: unknown[]): string => ['leat', ...parts, rest, 'aggregate'].join('-');
  const kept = {
    own: `${own}-aggregate`,
    foreign: name('0123456789ab', boot, deadPid(), start),
    older: `leat-${deadPid()}-of-an-older-version`,
    other: 'something-else',
  };
  const removed = {
    dead: name(space, boot, deadPid(), start),
    sameNumber: name(space, boot, pid, '1'),
    before: name(space, `${boot}0`, pid, start),
  };
  for (const folder of [...Object.values(kept), ...Object.values(removed)]) {
    fs.mkdirSync(path.join(base, folder));
    fs.writeFileSync(path.join(base, folder, 'file'), 'text');
  }
  fs.symlinkSync(base, path.join(base, name(space, boot, deadPid(), '7')));
  const expected = fs.readdirSync(base).filter((one) => !Object.values(removed).includes(one));
  await removeLeftSpillFolders(base);
  t.same(fs.readdirSync(base), expected);
  t.same(Object.keys(kept).length + 1, expected.length, 'a link is not followed either');
});

t.test('a run that was killed leaves its folder to the next one', async (t) => {
  const base = temporaryFolder();
  const env = { TMPDIR: base };
  const question = `leat aggregate 'count(*) as n' --by k --state-backend disk --state-memory 1KiB`;
  const input = `for k in {1..3000}; do echo "{\\"k\\":\\"key $k\\"}"; done`;
  const first = startShell(`(${input}; exec sleep 600) | ${question}`, { env });
  const left = (): string[] => fs.readdirSync(base).filter((name) => name.startsWith('leat-'));
  for (const end = Date.now() + 60_000; left().length === 0 && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const closed = new Promise((resolve) => first.on('close', resolve));
  killShell(first);
  await closed;
  t.equal(left().length, 1);
  const { status, stderr } = await runShell(`(${input}) | ${question} > /dev/null`, { env });
  t.equal(status, 0, stderr);
  t.same(left(), []);
});
