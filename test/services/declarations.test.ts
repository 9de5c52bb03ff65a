/** The declarations that the package brings, as a program of a user sees them: compiled with all that they lead to checked too. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root, temporaryFolder } from '../harness/shell.js';

const program = `import { count, from, runLocal, defineProcess, tumble, type Plan, type RunOptions } from 'leat';
interface Click { ts: string; user: string; status: number }
const perUser = from<Click>('clicks.ndjson', { time: 'ts' })
  .window(tumble('10m'))
  .aggregate({ n: count() }, { by: ['user'] });
for await (const { user, n, window_start } of perUser.run()) {
  const text: string = user;
  const number: number = n;
  console.log(text, number, window_start);
}
export const run = (plan: Plan, options: RunOptions) => runLocal(plan, options);
export default defineProcess({ onRecord() {} });
// @ts-expect-error Click has no such field.
from<Click>('x').aggregate({ n: count() }, { by: ['usr'] });
// @ts-expect-error A count is no text.
for await (const { n } of perUser.run()) n.length;
`;

const folder = temporaryFolder();
fs.mkdirSync(path.join(folder, 'node_modules/@types'), { recursive: true });
fs.symlinkSync(root, path.join(folder, 'node_modules/leat'));
fs.symlinkSync(path.join(root, 'node_modules/@types/node'), path.join(folder, 'node_modules/@types/node'));
fs.writeFileSync(path.join(folder, 'program.mts'), program);

for (const resolution of ['node16', 'bundler']) {
  t.test(`a program compiles against the package, resolved as by ${resolution}`, (t) => {
    const { stdout } = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', 'false'],
        ...['--moduleResolution', resolution, '--module', resolution === 'node16' ? 'node16' : 'esnext'],
        // Only what is installed beside the program is there for it.
        '--preserveSymlinks',
        'program.mts',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    t.equal(stdout, '');
    t.end();
  });
}

t.test('what is inside is not declared', (t) => {
  const types = path.join(root, 'dist/types');
  const files = fs.readdirSync(types, { recursive: true }).map(String);
  const texts = files
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => fs.readFileSync(path.join(types, file), 'utf8'));
  t.ok(texts.length > 0);
  t.same(
    texts.filter((text) => /kafkajs|classic-level|from 'node:/.test(text)),
    [],
    'nothing of other packages is asked for',
  );
  t.notOk(fs.existsSync(path.join(types, 'kafka')));
  t.end();
});
