/**
 * Compiles the SIMD scanner (src/record/wasm/scanner.as.ts) to the WebAssembly file that is committed beside it, so
 * that installing leat needs no AssemblyScript. `--check` compiles and compares, and ends with status 1 when the file
 * is not what the source says.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const root = path.resolve(import.meta.dirname, '..');
const source = 'src/record/wasm/scanner.as.ts';
const committed = path.join(root, 'src/record/wasm/scanner.wasm');
const check = process.argv.includes('--check');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-wasm-'));
const made = path.join(folder, 'scanner.wasm');
const options = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort='];
const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', made, ...options]);
if (error !== null) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
} else if (!check) {
  fs.copyFileSync(made, committed);
  console.log(`${path.relative(root, committed)}: ${fs.statSync(committed).size} bytes`);
} else if (!fs.existsSync(committed) || !fs.readFileSync(made).equals(fs.readFileSync(committed))) {
  console.error('src/record/wasm/scanner.wasm is not what scanner.as.ts compiles to; run: npm run wasm');
  process.exitCode = 1;
}
fs.rmSync(folder, { recursive: true, force: true });
