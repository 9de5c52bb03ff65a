/**
 * Programs of others in the middle of a pipeline, with real ones: what happens when they fail, end early, are killed, write more
 * than they read, or are not read any more; and that none of them is left behind.
 */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { quoted, root, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';

const folder = temporaryFolder();
const clicks = path.join(root, 'examples/clicks.ndjson');
const run = (script: string) => runShell(script, { cwd: folder });
const textOf = (name: string): string => {
  const file = path.join(folder, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const pidIn = async (name: string): Promise<number> => {
  await until(`${name} is written`, () => textOf(name).endsWith('\n'));
  return Number(textOf(name));
};

// Starting processes takes its time on a busy machine.
t.setTimeout(600_000);

t.test('exit statuses and what is said', async (t) => {
  const statuses: readonly (readonly [string, number, RegExp])[] = [
    ['via -- cat', 0, /^$/],
    ['via cat', 0, /^$/],
    ['via', 2, /via needs a command/],
    ['via --settle often -- cat', 2, /--settle cannot be often/],
    ['via --ok one -- cat', 2, /"one" is no exit status/],
    ['via --ok 0,300 -- cat', 2, /"300" is no exit status/],
    ['via -- no-such-program', 1, /no-such-program cannot be run: there is no such command/],
    [`via -- ${folder}`, 1, /cannot be run/],
    ['via -- grep nowhere', 1, /grep failed: it ended with status 1[\s\S]*--ok 0,1/],
    ['via --ok 0,1 -- grep nowhere', 0, /^$/],
    ["via -- sh -c 'cat; exit 7'", 1, /sh failed: it ended with status 7/],
    ["via -- sh -c 'kill -TERM $$'", 1, /sh was ended by SIGTERM/],
    ['via -- head -n 1', 1, /head ended before it had read all of its input/],
    ["via -- sh -c 'cat > /dev/null'", 0, /^$/],
    ["via -- sed -e 's/}//'", 3, /leat: sed:1: not JSON[\s\S]*leat: 2000 records refused/],
    ["via --settle count -- sed -e '7d'", 1, /sed gave 1999 lines for 2000/],
    ['via --settle count -- sed -e 7p', 1, /sed gave 2001 lines for 2000/],
    ['via --settle mark -- sed -e /leat/d', 1, /sed does not let the mark through/],
  ];
  for (const [words, status, said] of statuses) {
    const result = await run(`leat ${words} < ${clicks} > out`);
    t.equal(result.status, status, `leat ${words}: ${result.stderr}`);
    t.match(result.stderr, said, words);
  }
});

t.test('a command for each record: statuses, retries, values as arguments', async (t) => {
  const hostile = '$(touch hacked); -v';
  fs.writeFileSync(path.join(folder, 'two.ndjson'), `{"a":"x","n":1}\n{"a":"${hostile}","n":2}\n`);
  const [one, two] = ['{"a":"x","n":1', `{"a":"${hostile}","n":2`];
  const statuses: readonly (readonly [string, number, RegExp, string])[] = [
    ['exec -- cat', 0, /^$/, textOf('two.ndjson')],
    ['exec', 2, /exec needs a command/, ''],
    ['exec -- no-such-program', 1, /there is no such command/, ''],
    [
      "exec --as a -- printf '%s|%s' {a} '{{a}}'",
      0,
      /^$/,
      `{"n":1,"a":"x|{a}"}\n{"n":2,"a":"${hostile}|{a}"}\n`,
    ],
    ['exec -- true {b}', 3, /no value for \{b\}[\s\S]*2 records refused/, ''],
    [
      "exec --as r -- sh -c 'test $1 = 2' sh {n}",
      3,
      /sh:1: sh failed: it ended with status 1/,
      `${two},"r":""}\n`,
    ],
    ["exec --bad fail -- sh -c 'exit 3'", 1, /sh failed: it ended with status 3/, ''],
    ["exec --ok 0,3 --as r -- sh -c 'exit 3'", 0, /^$/, `${one},"r":""}\n${two},"r":""}\n`],
    ['exec -- echo no record', 3, /echo:\d: not JSON/, ''],
  ];
  for (const [words, status, said, wanted] of statuses) {
    const result = await run(`leat ${words} < two.ndjson`);
    t.equal(result.status, status, `leat ${words}: ${result.stderr}`);
    t.match(result.stderr, said, words);
    t.equal(result.stdout, wanted, words);
  }
  t.notOk(fs.existsSync(path.join(folder, 'hacked')), 'no shell has read a value');
  const script = 'test "$LEAT_ATTEMPT" = 3 && echo $LEAT_ATTEMPT';
  const again = await run(
    `leat exec --retries 2 --as tries -- sh -c ${quoted(script)} < two.ndjson | leat select tries`,
  );
  t.equal(again.stdout, '{"tries":"3"}\n{"tries":"3"}\n', again.stderr);
});

t.test('commands run side by side, and what they print keeps its order', async (t) => {
  // The first cannot end before the second has begun.
  const script =
    'if test $1 = 1; then until test -e begun; do sleep 0.01; done; else touch begun; fi; echo "{\\"n\\":$1}"';
  const result = await run(
    `printf '%s\\n' '{"n":1}' '{"n":2}' '{"n":3}' | leat exec --jobs 2 -- sh -c ${quoted(script)} sh {n}`,
  );
  t.equal(result.stdout, '{"n":1}\n{"n":2}\n{"n":3}\n', result.stderr);
});

t.test('a program that says something of no input says it', async (t) => {
  const { stdout, status } = await run(
    'leat via -- sed -n "$ !d" < /dev/null; leat via -- sh -c \'cat; echo "{}"\' < /dev/null',
  );
  t.equal(stdout, '{}\n');
  t.equal(status, 0);
});

t.test('arguments reach the program as they are, also those that look like options', async (t) => {
  const program = 'for a in "$@"; do printf \'{"a":"%s"}\\n\' "$a"; done; cat > /dev/null';
  const wanted = '{"a":"--help"}\n{"a":"$(x) *"}\n{"a":"-v"}\n{"a":"--from"}\n';
  const typed = await run(`leat via -- sh -c ${quoted(program)} sh --help '$(x) *' -v --from < ${clicks}`);
  t.equal(typed.stdout, wanted, typed.stderr);
  fs.writeFileSync(
    path.join(folder, 'words.leat'),
    `from ${clicks} | via -- sh -c '${program.replaceAll("'", "''")}' sh --help '$(x) *' -v --from`,
  );
  const text = await run('leat run words.leat');
  t.equal(text.stdout, wanted, text.stderr);
});

t.test('a program may write more than it reads, and both sides wait for each other', async (t) => {
  const result = await run(
    `leat gen clicks --count 30000 | leat via -- awk '{ for (i = 0; i < 20; i++) print }' | leat aggregate 'count(*)'`,
  );
  t.equal(result.stdout, '{"count":600000}\n', result.stderr);
});

t.test('a reader that has had enough is a success, and ends program and producer', async (t) => {
  const result = await run(
    `leat gen clicks | leat via -- sh -c 'echo $$ > enough.pid; exec cat' | head -n 2 | wc -l`,
  );
  t.equal(result.status, 0, result.stderr);
  t.equal(result.stdout.trim(), '2');
  t.notOk(isAlive(await pidIn('enough.pid')), 'the program has ended');
});

t.test('a program that is killed ends the stage at once, also when nothing comes', async (t) => {
  const shell = startShell(
    `(cat ${clicks}; exec sleep 1000) | leat via -- sh -c 'echo $$ > victim.pid; exec cat' > /dev/null 2> victim.err`,
    { cwd: folder },
  );
  process.kill(await pidIn('victim.pid'), 'SIGKILL');
  await until('it is said', () => /was ended by SIGKILL/.test(textOf('victim.err')));
  process.kill(-shell.pid!, 'SIGKILL');
  t.match(textOf('victim.err'), /leat: sh was ended by SIGKILL/);
});

t.test('a stage that is killed leaves no program behind', async (t) => {
  const shell = startShell(
    `(cat ${clicks}; exec sleep 1000) | leat via -- sh -c 'echo $$ > orphan.pid; exec cat' > /dev/null`,
    { cwd: folder },
  );
  const pid = await pidIn('orphan.pid');
  t.ok(isAlive(pid));
  process.kill(-shell.pid!, 'SIGKILL');
  await until('the program has ended', () => !isAlive(pid));
});

t.test('Ctrl-C: what was read goes through the program, whole', async (t) => {
  const shell = startShell(
    `exec leat run "gen clicks --rate 2000 --time ts | via -- cat | filter ms > 1" --marks > stopped.ndjson`,
    { cwd: folder },
  );
  const ended = new Promise<number | null>((resolve) => shell.once('close', resolve));
  await until('records come', () => textOf('stopped.ndjson').length > 20_000);
  process.kill(shell.pid!, 'SIGINT');
  t.equal(await ended, 130);
  const lines = textOf('stopped.ndjson').split('\n');
  t.equal(lines.pop(), '');
  for (const line of lines) t.doesNotThrow(() => JSON.parse(line));
  t.notMatch(textOf('stopped.ndjson'), /"end"/, 'the input has not ended');
});

t.test('a job is killed again and again, and its output is that of an undisturbed run', async (t) => {
  await run('leat gen clicks --count 60000 > many.ndjson');
  const text = (out: string): string =>
    `from many.ndjson --time ts --delay 3s | filter ms > 5 | via -- sed -e s/JP/Japan/ | window tumble 5s | aggregate count(*), set(country) as c | to ${out}`;
  await run(`leat run "${text('wanted.ndjson')}"`);
  const newest = (): number =>
    Math.max(
      0,
      ...fs.readdirSync(path.join(folder, 'store/checkpoints')).map((name) => Number.parseInt(name, 10)),
    );
  const seen = (): number => (fs.existsSync(path.join(folder, 'store/checkpoints')) ? newest() : 0);
  for (let round = 0; round < 4; round++) {
    const before = seen();
    const shell = startShell(
      `exec leat run "${text('got.ndjson')}" --state store --checkpoint 20ms --take-over 2> /dev/null`,
      { cwd: folder },
    );
    let ended = false;
    const end = new Promise<void>((resolve) => {
      shell.once('close', () => {
        ended = true;
        resolve();
      });
    });
    await until('there is another checkpoint', () => ended || seen() > before, 30_000);
    if (!ended) process.kill(shell.pid!, 'SIGKILL');
    await end;
  }
  const last = await run(`leat run "${text('got.ndjson')}" --state store --checkpoint 20ms --take-over`);
  t.equal(last.status, 0, last.stderr);
  t.ok(textOf('wanted.ndjson').length > 500);
  t.equal(textOf('got.ndjson'), textOf('wanted.ndjson'));
});
