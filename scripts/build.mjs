/**
 * Bundles src into dist: index.cjs (the API, with the type declarations beside it), and the program as leat.cjs with its parts,
 * which have the code that V8 compiled of them beside them.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { keepDeclarations } from './declarations.mjs';
import { partsOf } from './parts.mjs';
import { throughDoors } from './through-doors.mjs';

const root = path.resolve(import.meta.dirname, '..');
const out = path.join(root, 'dist');
fs.rmSync(out, { recursive: true, force: true });

/** commander loads node:child_process for commands that are programs of their own, which leat has not. */
const lateChildProcess = {
  name: 'late-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'child_process', namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: "exports.spawn=(...words)=>process.getBuiltinModule('node:child_process').spawn(...words)",
    }));
  },
};

const shared = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  loader: { '.wasm': 'binary' },
  // Native code and WebAssembly of others stay where they are installed.
  external: ['@bokuweb/zstd-wasm', 'classic-level', 'lz4-napi', 'protobufjs', 'snappy'],
  // Some modules ask for their own address to make a `require` of it, for which a path will do.
  define: { 'import.meta.url': '__filename' },
  logLevel: 'warning',
};

await build({
  ...shared,
  entryPoints: { index: 'src/index.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
});

const { outputFiles, metafile } = await build({
  ...shared,
  entryPoints: { leat: 'src/cli/index.ts' },
  format: 'esm',
  splitting: true,
  plugins: [throughDoors, lateChildProcess],
  write: false,
  metafile: true,
});
const texts = new Map(outputFiles.map(({ path: file, text }) => [path.relative(root, file), text]));
fs.mkdirSync(path.join(out, 'parts'));
for (const [file, text] of partsOf('dist/leat.js', texts, metafile.outputs)) {
  fs.writeFileSync(path.join(out, file), text);
}

/**
 * Functions that ran are in the code cache. Each part is kept as it was after the first of these runs that loaded it: what every
 * run needs after a short pipeline, which should start fastest.
 */
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-build-'));
const events = 'from - --time t | window tumble 1s | aggregate count(*), sum(a), avg(a), max(a) --by b';
for (const words of [
  ['filter', 'a > 1 and b = 2'],
  ['keyby', 'b', '--quiet'],
  ['run', events],
  ['run', `${events} | to ${work}/out.ndjson`, '--state', `${work}/state`, '--job', 'build'],
  ['parse', 'logfmt'],
  ['--help'],
]) {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'bin/leat'), ...words], {
    input: '{"a":1,"b":"x","t":1}\n{"a":2,"b":"y","t":5000}\n',
    env: { ...process.env, LEAT_WRITE_CODE_CACHE: '1' },
    encoding: 'utf8',
  });
  if (status !== 0 && status !== 3) throw new Error(`leat ${words.join(' ')}: ${stderr}`);
}
fs.rmSync(work, { recursive: true });

const declarations = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', path.join(root, 'tsconfig.types.json')],
  { stdio: 'pipe', encoding: 'utf8' },
);
if (declarations.status !== 0) {
  process.stderr.write(declarations.stdout);
  process.exitCode = 1;
} else keepDeclarations(path.join(out, 'types'));
