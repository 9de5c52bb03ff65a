/**
 * Compiles the SIMD scanner and writer (src/record/wasm/*.as.ts) to the WebAssembly files that are committed beside
 * them, so that installing leat needs no AssemblyScript. `--check` compiles and compares, and ends with status 1 when
 * a file is not what its source says.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const root = path.resolve(import.meta.dirname, '..');
const modules = ['scanner', 'writer'];
const check = process.argv.includes('--check');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-wasm-'));
const options = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort='];

async function compile(name) {
  const source = `src/record/wasm/${name}.as.ts`;
  const committed = path.join(root, `src/record/wasm/${name}.wasm`);
  const made = path.join(folder, `${name}.wasm`);
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', made, ...options]);
  if (error !== null) {
    process.stderr.write(stderr.toString());
    process.exitCode = 1;
  } else if (!check) {
    fs.copyFileSync(made, committed);
    console.log(`${path.relative(root, committed)}: ${fs.statSync(committed).size} bytes`);
  } else if (!fs.existsSync(committed) || !fs.readFileSync(made).equals(fs.readFileSync(committed))) {
    console.error(
      `${path.relative(root, committed)} is not what ${name}.as.ts compiles to; run: npm run wasm`,
    );
    process.exitCode = 1;
  }
}

for (const name of modules) await compile(name);
fs.rmSync(folder, { recursive: true, force: true });
