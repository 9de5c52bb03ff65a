/**
 * Makes the sample data of examples/: `node scripts/sample-data.mjs`. The large files come from leat's own seeded
 * generators, the small ones from `sample-stories.mjs`. With --check it only compares, with --check --stories only the
 * small ones, which need no build. The files are committed, so that the examples run before anything is generated.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { stories } from './sample-stories.mjs';

const root = path.resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const generated = {
  'access.log': ['gen', 'access-log', '--count', '3000', '--seed', '11'],
  'clicks.ndjson': ['gen', 'clicks', '--count', '2000', '--seed', '7'],
};

function settle(name, text, maker) {
  const file = path.join(root, 'examples', name);
  if (!check) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    console.log(`examples/${name}: ${text.length} bytes`);
  } else if (!fs.existsSync(file) || !fs.readFileSync(file).equals(text)) {
    console.error(`examples/${name} is not what ${maker} makes`);
    process.exitCode = 1;
  }
}

for (const [name, text] of Object.entries(stories())) {
  settle(name, Buffer.from(text), 'scripts/sample-stories.mjs');
}
for (const [name, words] of process.argv.includes('--stories') ? [] : Object.entries(generated)) {
  const made = spawnSync(process.execPath, [path.join(root, 'bin/leat'), ...words], { maxBuffer: 1 << 28 });
  if (made.status !== 0) throw new Error(`leat ${words.join(' ')}: ${made.stderr}`);
  settle(name, made.stdout, `leat ${words.join(' ')}`);
}
