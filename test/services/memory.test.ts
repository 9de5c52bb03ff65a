/**
 * Groups that memory is not to hold: a real process with many of them stays far below what it takes when it holds them all.
 * A generous bound, for the machine decides when memory is given back.
 */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { quoted, root, runShell, temporaryFolder } from '../harness/shell.js';

const keys = 200_000;

t.test('the resident set does not grow with the groups', { timeout: 900_000 }, async (t) => {
  const folder = temporaryFolder();
  const lines: string[] = [];
  for (let n = 0; n < keys; n++) {
    const user = (n * 7919) % keys;
    lines.push(`{"user":"user ${user} of the many users that there are","v":"${n % 1000}"}`);
  }
  fs.writeFileSync(path.join(folder, 'input.ndjson'), `${lines.join('\n')}\n`);
  const report = path.join(folder, 'report.cjs');
  const figures = path.join(folder, 'figures');
  fs.writeFileSync(
    report,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(figures)},
      String(process.resourceUsage().maxRSS)));`,
  );
  const run = async (options: string, output: string): Promise<number> => {
    const leat = `${quoted(process.execPath)} --require ${quoted(report)} ${quoted(path.join(root, 'bin/leat'))}`;
    const command = `${leat} aggregate 'set(v) as seen, list(v) as all_v, approx_distinct(v) as kinds, mode(v) as often' --by user ${options} < input.ndjson > ${output}`;
    const { status, stderr } = await runShell(command, { cwd: folder, deadlineMs: 600_000 });
    t.equal(status, 0, stderr);
    return Number(fs.readFileSync(figures, 'utf8')) / 1024;
  };
  const inMemory = await run('', 'in-memory.ndjson');
  const onDisk = await run('--state-backend disk --state-memory 16MiB', 'on-disk.ndjson');
  t.ok(onDisk < inMemory * 0.8, `${onDisk.toFixed(0)} MB, and ${inMemory.toFixed(0)} MB with all in memory`);
  const [one, other] = ['in-memory', 'on-disk'].map((name) =>
    fs.readFileSync(path.join(folder, `${name}.ndjson`)),
  );
  t.ok(one!.equals(other!), 'the answer is the same');
  const left = fs
    .readdirSync(process.env['TMPDIR'] ?? '/tmp')
    .filter((name) => /^leat-\d+-.*aggregate$/.test(name));
  t.same(left, [], 'nothing is left in the folder for temporary files');
});
