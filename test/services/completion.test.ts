/**
 * Completion in a real bash: the script is sourced, and asked what it would offer at the end of a line. Those for zsh and fish
 * are loaded where these shells are installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { allWords } from '../../src/frontends/index.js';
import { root, temporaryFolder } from '../harness/shell.js';

const folder = temporaryFolder();
const leat = path.join(root, 'bin/leat');
const scriptOf = (shell: string): string => execFileSync(leat, ['completion', shell], { encoding: 'utf8' });

/** Fills in what bash fills in, and prints what is offered, a line each. */
const asker = `
source "$1"
COMP_LINE=$2 COMP_POINT=\${#2}
read -ra COMP_WORDS <<< "\${2##*|}"
[ "\${2: -1}" = ' ' ] && COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_leat
printf '%s\\n' "\${COMPREPLY[@]}"
`;

function offered(line: string): string[] {
  const script = path.join(folder, 'leat.bash');
  if (!fs.existsSync(script)) fs.writeFileSync(script, scriptOf('bash'));
  const env = { ...process.env, PATH: `${path.dirname(leat)}:${process.env['PATH']}` };
  const stdout = execFileSync('bash', ['-c', asker, 'asker', script, line], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((one) => one !== '');
}

t.test('bash completes commands, options, values, files and fields', (t) => {
  t.same(offered('leat filt'), ['filter']);
  for (const { name } of allWords) t.ok(offered('leat ').includes(name), name);
  t.same(offered('leat aggregate --b'), ['--by', '--bad']);
  t.same(offered('leat to x --format t'), ['tsv', 'table']);
  t.same(offered('leat savepoint ta'), ['take']);
  t.same(offered('leat help win'), ['window']);
  t.same(offered('leat window tu'), ['tumble']);
  t.same(offered('leat window tumble '), []);
  t.same(offered('leat parse n'), ['nginx']);
  t.same(offered('leat from x --format cs'), ['csv']);
  t.same(offered('leat from exampl'), ['examples']);
  t.same(offered('leat from examples/clicks.ndjson | leat filter sta'), ['status']);
  t.same(offered('leat from examples/clicks.ndjson | leat aggregate sum(by'), ['sum(bytes']);
  t.same(offered('leat from examples/access.log --format nginx | leat window tumble 1m --by meth'), [
    'method',
  ]);
  t.same(offered('leat filter sta'), [], 'nothing is known of the input');
  t.same(offered('leat from no-such-file | leat filter sta'), []);
  t.end();
});

t.test('fields are spelled as expressions need them, nested ones too', (t) => {
  const file = path.join(folder, 'odd.ndjson');
  fs.writeFileSync(file, '{"a b":1,"user":{"name":"x","tags":[{"y":1}]},"it`s":2}\n');
  const stdout = execFileSync(leat, ['completion', 'fields', `leat filter x < '${file}'`], {
    encoding: 'utf8',
  });
  t.same(stdout, '`a b`\nuser\nuser.name\nuser.tags\n`it``s`\n');
  t.end();
});

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

for (const [shell, check] of [
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
] as const) {
  t.test(`${shell} can read its script`, { skip: !isThere(shell) && `${shell} is not installed` }, (t) => {
    const script = path.join(folder, `leat.${shell}`);
    fs.writeFileSync(script, scriptOf(shell));
    t.equal(spawnSync(shell, [...check, script], { encoding: 'utf8' }).stderr, '');
    t.end();
  });
}

t.test('fish completes the same', { skip: !isThere('fish') && 'fish is not installed' }, (t) => {
  const script = path.join(folder, 'offers.fish');
  fs.writeFileSync(script, scriptOf('fish'));
  const env = { ...process.env, PATH: `${path.dirname(leat)}:${process.env['PATH']}` };
  const words = (line: string): string[] => {
    const asked = ['-c', 'source $argv[1]; complete -C $argv[2]', script, line];
    const stdout = execFileSync('fish', asked, { cwd: root, env, encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => one.split('\t')[0]!);
  };
  t.same(words('leat filt'), ['filter']);
  t.same(words('leat help win'), ['window']);
  t.same(words('leat window tu'), ['tumble']);
  t.same(words('leat savepoint ta'), ['take']);
  t.same(words('leat from examples/clicks.ndjson | leat filter sta'), ['status']);
  t.end();
});

t.test('the quotes of the script for zsh are in pairs', (t) => {
  // What it quotes is what bash would; zsh itself is seldom there.
  const script = path.join(folder, 'quotes.zsh');
  fs.writeFileSync(script, scriptOf('zsh'));
  t.equal(spawnSync('bash', ['-n', script], { encoding: 'utf8' }).stderr, '');
  t.end();
});

t.test('the scripts know every command and every option of it', (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = scriptOf(shell);
    for (const { name, options } of allWords) {
      t.match(script, new RegExp(`\\b${name}\\b`), `${shell}: ${name}`);
      for (const option of options) {
        const flag = shell === 'fish' ? `-l ${option.name}` : `--${option.name}`;
        t.ok(script.includes(flag), `${shell}: ${name} ${flag}`);
      }
    }
  }
  t.end();
});
