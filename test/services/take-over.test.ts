/** A run of a job is taken over from while it has nothing to do: it finds out by itself, and ends. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { killShell, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';

t.test('an idle run that was taken over from ends, and says why', async (t) => {
  const folder = temporaryFolder();
  const input = path.join(folder, 'in.ndjson');
  fs.writeFileSync(input, '{"t":1,"v":1}\n');
  const job = `exec leat run "from in.ndjson --follow --time t | filter v > 0 | to out.ndjson" --state state --checkpoint 100ms`;
  const checkpoints = (): readonly string[] => {
    const at = path.join(folder, 'state/checkpoints');
    return fs.existsSync(at) ? fs.readdirSync(at) : [];
  };
  const ofRun = (generation: number) => checkpoints().filter((name) => name.endsWith(`-${generation}`));
  const older = runShell(job, { cwd: folder });
  await until('the first run has a checkpoint', () => ofRun(1).length > 0, 30_000);
  const newer = startShell(`${job} --take-over`, { cwd: folder });
  const { status, stderr } = await older;
  t.equal(status, 1);
  t.match(stderr, /another run of this job has taken the state over: process \d+ on/);
  fs.appendFileSync(input, '{"t":2,"v":2}\n');
  await until('the second one goes on', () => ofRun(2).length > 0, 30_000);
  const ended = new Promise((resolve) => newer.once('close', resolve));
  killShell(newer);
  await ended;
  t.match(fs.readFileSync(path.join(folder, 'out.ndjson'), 'utf8'), /^\{"t":1,"v":1\}\n/);
});
