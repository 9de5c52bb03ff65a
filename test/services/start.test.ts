/**
 * What a command loads before it works: what it does not need would hold up every start. Not timed: the files of the program
 * that are read and the modules of Node that are loaded are listed by a module that is required before the program.
 */
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { root, runShell } from '../harness/shell.js';

/** Writes what was loaded into the file LOADED when the process ends. */
const witness = `
const fs = require('node:fs');
const files = [];
const read = fs.readFileSync;
fs.readFileSync = (file, ...rest) => {
  if (/dist.*cjs$/.test(String(file))) files.push(String(file).replace(/.*dist\\//, ''));
  return read(file, ...rest);
};
process.on('exit', () => {
  const modules = process.moduleLoadList.map((name) => /^NativeModule (.*)$/.exec(name)?.[1]).filter(Boolean);
  fs.writeFileSync(process.env.LOADED, JSON.stringify({ files, modules }));
});
`;

interface Loaded {
  /** Files of the program, inside dist. */
  readonly files: readonly string[];
  /** Modules of Node, without `node:`. */
  readonly modules: readonly string[];
}

/**
 * Runs leat with one record as its input and says what it loaded. tap puts an option into NODE_OPTIONS that loads
 * modules of its own.
 */
async function loadedBy(t: Test, words: string): Promise<Loaded> {
  const folder = t.testdir({ 'witness.cjs': witness });
  const report = path.join(folder, 'loaded.json');
  const script = `echo '{"a":1}' | NODE_OPTIONS= node -r ${folder}/witness.cjs ${root}/bin/leat ${words} > ${folder}/out`;
  const { status, stderr } = await runShell(script, { env: { LOADED: report } });
  t.equal(status, 0, stderr);
  t.equal(stderr, '');
  t.not(fs.readFileSync(path.join(folder, 'out'), 'utf8'), '');
  return JSON.parse(fs.readFileSync(report, 'utf8')) as Loaded;
}

/** Slow to load, and needed by few runs. */
const slow = [
  'crypto',
  'zlib',
  'child_process',
  'worker_threads',
  'http',
  'https',
  'readline',
  'fs/promises',
  'dns',
];

const among = (modules: readonly string[], names: readonly string[]) =>
  names.filter((name) => modules.includes(name));

t.test('--version loads nothing of the program', async (t) => {
  for (const word of ['--version', '-V']) {
    const { files, modules } = await loadedBy(t, word);
    t.same(files, []);
    t.same(among(modules, [...slow, 'net', 'stream', 'tty']), []);
  }
});

t.test('filter loads one file of the program, and no module that it does not use', async (t) => {
  const { files, modules } = await loadedBy(t, "filter 'a = 1'");
  t.same(files, ['leat.cjs']);
  t.same(among(modules, slow), []);
  t.ok(modules.includes('net'), 'the input is a pipe: modules of Node are seen');
});

t.test('an option brings the reader of options, and no more', async (t) => {
  const { files, modules } = await loadedBy(t, "filter 'a = 1' --quiet");
  t.equal(files.length, 2);
  t.same(among(modules, slow), []);
});

t.test('a window and its aggregate load their operators, and nothing of jobs', async (t) => {
  const { files, modules } = await loadedBy(
    t,
    "run 'from - --time a | window tumble 1s | aggregate count(*)'",
  );
  t.ok(files.some((file) => file.startsWith('parts/aggregate')));
  t.notOk(files.some((file) => file.startsWith('parts/open-job')));
  t.same(among(modules, slow), []);
});

t.test('what is short of a store has nothing of it in the first file', (t) => {
  const text = fs.readFileSync(path.join(root, 'dist/leat.cjs'), 'utf8');
  t.match(text, 'is a pipe: what was in flight when a run dies is lost', 'texts are found in it');
  t.notMatch(text, 'output that was not applied yet is damaged');
  t.end();
});
