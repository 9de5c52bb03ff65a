/**
 * Compiles the tests with esbuild and runs them with tap. `node scripts/test.mjs [path-part ...]` runs only the test
 * files whose path contains one of the parts. Ends with the line `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const only = process.argv.slice(2);
const files = fs
  .readdirSync(path.join(root, 'test'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => only.length === 0 || only.some((part) => path.join('test', file).includes(part)))
  .sort();

/** Threads that tests start: compiled beside them, not run by themselves. */
const workers = fs
  .readdirSync(path.join(root, 'test'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.worker.ts'));

const out = path.join(root, 'build', only.length === 0 ? 'test' : `test-${process.pid}`);
fs.rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [...files, ...workers].map((file) => path.join(root, 'test', file)),
  outdir: out,
  outbase: path.join(root, 'test'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  loader: { '.wasm': 'binary' },
  define: { 'process.env.LEAT_ROOT': JSON.stringify(root) },
  logLevel: 'warning',
});

const compiled = files.map((file) => path.relative(root, path.join(out, file.replace(/\.ts$/, '.mjs'))));
const tap = spawn(process.execPath, [path.join(root, 'scripts/tap-all.mjs'), ...compiled], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});

let passed = 0;
let failed = 0;
let skipped = 0;
let rest = '';
tap.stdout.setEncoding('utf8');
tap.stdout.on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const result = /^ {4}(not )?ok /.exec(line);
    if (result !== null) {
      if (/# SKIP/.test(line)) skipped++;
      else if (result[1]) failed++;
      else passed++;
    }
    const quiet = /^\s*ok |^\s*#|^\s*\d+\.\.\d+|^TAP|^\s*$|^\s*[{}]\s*$/.test(line);
    if (!quiet || process.env.LEAT_TEST_VERBOSE) console.log(line);
  }
});
tap.on('close', (status) => {
  if (only.length > 0) fs.rmSync(out, { recursive: true, force: true });
  if (status !== 0 && failed === 0) failed = 1;
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = status === 0 && failed === 0 ? 0 : 1;
});
