/** Bundles src into dist: leat.cjs (the program) and index.cjs (the API), with the type declarations beside them. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const out = path.join(root, 'dist');
fs.rmSync(out, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { leat: 'src/cli/index.ts', index: 'src/index.ts' },
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  loader: { '.wasm': 'binary' },
  // Native code stays where it is installed.
  external: ['classic-level'],
  // Some packages are ES modules that ask for their own address, which a CommonJS bundle has not.
  define: { LEAT_VERSION: JSON.stringify(version), 'import.meta.url': 'ownAddress' },
  banner: { js: "const ownAddress = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});

// Functions that ran are in the code cache: a short pipeline touches what nearly every run needs.
spawnSync(process.execPath, [path.join(root, 'bin/leat'), 'filter', 'a > 1 and b = 2'], {
  input: '{"a":1,"b":"x"}\n',
  env: { ...process.env, LEAT_WRITE_CODE_CACHE: '1' },
});

const declarations = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', path.join(root, 'tsconfig.types.json')],
  { stdio: 'pipe', encoding: 'utf8' },
);
if (declarations.status !== 0) {
  process.stderr.write(declarations.stdout);
  process.exitCode = 1;
}
