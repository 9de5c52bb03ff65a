/**
 * Runs the examples of README.md and docs/*.md and compares what they print. The commands of a document
 * share a folder of their own in which `examples` is the project's. Also: links lead somewhere, and what
 * the documents list is complete.
 */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { functionTable } from '../../src/expression/index.js';
import { allWords } from '../../src/frontends/index.js';
import { aggregateTable } from '../../src/plan/index.js';
import { examplesOf, printsAs } from '../harness/document.js';
import { root, runShell, temporaryFolder } from '../harness/shell.js';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const textOf = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');

t.test('the reader of documents finds commands and what they print', (t) => {
  const text = [
    '```console',
    '$ a \\',
    '  b',
    'x',
    '...',
    'y',
    '$ c',
    '```',
    '```sh',
    '$ no',
    '```',
    '',
  ].join('\n');
  t.same(examplesOf(text), [
    { line: 2, command: 'a \\\n  b', prints: 'x\n...\ny\n' },
    { line: 7, command: 'c', prints: '' },
  ]);
  t.ok(printsAs('x\n1\n2\ny\n', 'x\n...\ny\n'));
  t.ok(printsAs('x\ny\n', 'x\n...\ny\n'));
  t.notOk(printsAs('x\n', 'x\n...\ny\n'));
  t.notOk(printsAs('x.\n', 'xx\n'));
  t.end();
});

t.test('documents print what they say', { jobs: 2 }, (t) => {
  for (const name of documents) {
    const examples = examplesOf(textOf(name));
    if (examples.length === 0) continue;
    t.test(name, async (t) => {
      const folder = temporaryFolder();
      fs.symlinkSync(path.join(root, 'examples'), path.join(folder, 'examples'));
      for (const { line, command, prints } of examples) {
        const { stdout } = await runShell(`exec 2>&1\n${command}`, { cwd: folder });
        if (printsAs(stdout, prints)) t.pass(command);
        else t.equal(stdout, prints, `${name}:${line}: ${command}`);
      }
    });
  }
  t.ok(examplesOf(textOf('README.md')).length >= 8, 'README.md has examples');
  t.end();
});

t.test('the package brings all man pages', (t) => {
  const { man } = JSON.parse(textOf('package.json')) as { man: string[] };
  const pages = fs.readdirSync(path.join(root, 'man')).filter((name) => name.endsWith('.1'));
  t.same([...man].sort(), pages.map((name) => `man/${name}`).sort());
  t.end();
});

t.test('the README names every command, the pages every aggregate and function', (t) => {
  const readme = textOf('README.md');
  for (const { name } of allWords) t.match(readme, new RegExp(`\\| \`${name}[ \`]`), name);
  const aggregates = textOf('docs/aggregates.md');
  for (const { name, summary } of aggregateTable) {
    t.match(aggregates, `\`${name}(`, name);
    t.match(aggregates, summary, `${name}: what it is`);
  }
  const expressions = textOf('docs/expressions.md').replace(/ +/g, ' ');
  for (const { usage, summary } of functionTable()) {
    t.ok(expressions.includes(`\`${usage}\` | ${summary}`), usage);
  }
  t.end();
});

t.test('links lead to files of the project', (t) => {
  for (const name of documents) {
    for (const [, target] of textOf(name).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target!)) continue;
      t.ok(fs.existsSync(path.join(root, path.dirname(name), target!)), `${name}: ${target}`);
    }
  }
  t.end();
});
