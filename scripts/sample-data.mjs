/**
 * Makes the sample data of examples/ with leat's own seeded generators: `node scripts/sample-data.mjs`. With --check it
 * only compares. The files are committed, so that the examples run before anything is generated.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const samples = [
  ['access.log', ['gen', 'access-log', '--count', '3000', '--seed', '11']],
  ['clicks.ndjson', ['gen', 'clicks', '--count', '2000', '--seed', '7']],
];

for (const [name, words] of samples) {
  const made = spawnSync(process.execPath, [path.join(root, 'bin/leat'), ...words], { maxBuffer: 1 << 28 });
  if (made.status !== 0) throw new Error(`leat ${words.join(' ')}: ${made.stderr}`);
  const file = path.join(root, 'examples', name);
  if (!process.argv.includes('--check')) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, made.stdout);
    console.log(`examples/${name}: ${made.stdout.length} bytes`);
  } else if (!fs.existsSync(file) || !fs.readFileSync(file).equals(made.stdout)) {
    console.error(`examples/${name} is not what leat ${words.join(' ')} makes`);
    process.exitCode = 1;
  }
}
