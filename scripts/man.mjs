/**
 * Writes the man pages from the command table: man/leat.1 and man/leat-<command>.1. With --check it only compares, and
 * fails when a page is not what the table says.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

const bundle = path.join(root, 'build', `man-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `export { manPages } from './src/cli/help/index.js'; export { allWords } from './src/frontends/index.js';`,
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  loader: { '.wasm': 'binary' },
  logLevel: 'warning',
});
const { manPages, allWords } = await import(pathToFileURL(bundle));
fs.rmSync(bundle);

const folder = path.join(root, 'man');
fs.mkdirSync(folder, { recursive: true });
const pages = manPages(allWords, version);
const stale = fs.readdirSync(folder).filter((name) => name.endsWith('.1') && !pages.has(name));
let different = stale.length;
for (const [name, text] of pages) {
  const file = path.join(folder, name);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue;
  different++;
  if (check) console.error(`man/${name} is not what the command table says`);
  else fs.writeFileSync(file, text);
}
for (const name of stale) {
  if (check) console.error(`man/${name} belongs to no command`);
  else fs.rmSync(path.join(folder, name));
}
if (check && different > 0) {
  console.error('run: node scripts/man.mjs');
  process.exitCode = 1;
} else console.log(`${pages.size} man pages ${check ? 'are up to date' : 'written'}`);
