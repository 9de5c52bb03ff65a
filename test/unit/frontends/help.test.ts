import t, { type Test } from 'tap';
import { manPages, renderFunctions, renderHelp } from '../../../src/cli/help/index.js';
import { toolActions } from '../../../src/cli/tools/index.js';
import { functionTable } from '../../../src/expression/index.js';
import {
  allWords,
  type CommandWords,
  findCommand,
  globalOptions,
  jobOptions,
  parseArguments,
  planOfCommand,
  readAction,
  shellOptionsOf,
  type ToolSpec,
} from '../../../src/frontends/index.js';
import { checkPlan } from '../../../src/plan/index.js';

/**
 * The words of a shell line without expansions, as far as examples need it: one list for each command of the
 * pipe.
 */
function shellWords(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [, single, double, bare] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)) {
    if (bare === '|') commands.push([]);
    else commands.at(-1)!.push(single ?? double ?? bare!);
  }
  return commands;
}

const isTool = (spec: CommandWords): spec is ToolSpec => spec.role === 'tool';

/** The examples of a tool can be read, and each of its actions is there. */
async function checkTool(t: Test, spec: ToolSpec): Promise<void> {
  for (const { shell } of spec.examples) {
    for (const [program, name, ...words] of shellWords(shell)) {
      if (program !== 'leat' || name !== spec.name) continue;
      const redirect = words.findIndex((word) => word === '<' || word === '>');
      const { args, options } = await parseArguments(spec, redirect < 0 ? words : words.slice(0, redirect));
      t.ok(spec.actions.includes(readAction(spec, args, options).action), shell);
    }
  }
  const known = new Set(spec.options.map(({ name }) => name));
  const used = new Set(spec.actions.flatMap(({ options }) => options));
  t.strictSame(used, known, `${spec.name}: every option is one of an action`);
  const actions = spec.actions.map(({ name }) => name);
  t.strictSame(Object.keys(toolActions[spec.name]!).sort(), actions.sort(), `${spec.name}: what is done`);
}

t.test('every example is a question that can be asked', async (t) => {
  for (const spec of allWords) {
    t.ok(spec.examples.length > 0, spec.name);
    if (isTool(spec)) {
      await checkTool(t, spec);
      continue;
    }
    for (const { shell } of spec.examples) {
      const commands = shellWords(shell).filter(([program]) => program === 'leat');
      t.match(shell, new RegExp(`\\b${spec.name} `), `an example of ${spec.name} uses it`);
      for (const [, name, ...words] of commands) {
        const redirect = words.findIndex((word) => word === '<' || word === '>>');
        const command = findCommand(name!)!;
        const { args, options } = await parseArguments(
          command,
          redirect < 0 ? words : words.slice(0, redirect),
        );
        const plan = planOfCommand(command, args, options);
        t.strictSame(checkPlan(plan), [], shell);
      }
    }
  }
});

t.test('help of a command names all its options with units and defaults, within the width', (t) => {
  for (const spec of allWords) {
    const help = renderHelp(spec, { width: 80, color: false });
    for (const option of [...shellOptionsOf(spec), ...globalOptions])
      t.match(help, option.flags, `${spec.name} ${option.flags}`);
    const examples = new Set(spec.examples.map(({ shell }) => `  ${shell}`));
    const long = help.split('\n').filter((line) => line.length > 80 && !examples.has(line));
    t.strictSame(long, [], spec.name);
  }
  const help = renderHelp(findCommand('window')!, { width: 80, color: false });
  t.match(help, 'Usage\n  leat window <shape> <size...> [options]\n');
  t.match(help.replace(/\s+/g, ' '), '(a duration such as 500ms, 10s, 1h30m; default 0s)');
  t.end();
});

t.test('help of all names every command, and colour is only there when asked for', (t) => {
  const plain = renderHelp(allWords, { width: 80, color: false });
  const width = Math.max(...allWords.map(({ name }) => name.length));
  for (const { name, summary } of allWords) t.match(plain, `  ${name.padEnd(width)}  ${summary}`);
  t.notMatch(plain, '\u001b');
  const colored = renderHelp(allWords, { width: 80, color: true });
  t.equal(colored.replace(/\u001b\[\d+m/g, ''), plain);
  t.not(colored, plain);
  t.end();
});

t.test('options and flags of a command do not clash', (t) => {
  for (const spec of allWords) {
    const ofJobs = spec.role === 'tool' ? [] : jobOptions;
    const names = [...shellOptionsOf(spec), ...ofJobs, ...globalOptions].map(({ name }) => name);
    t.equal(new Set(names).size, names.length, spec.name);
    for (const option of shellOptionsOf(spec)) {
      t.match(option.flags, `--${option.name}`);
      t.equal(option.kind === 'flag', !option.flags.includes('<'), option.flags);
    }
  }
  t.end();
});

t.test('there is a man page of every command, without a bare request in its text', (t) => {
  const pages = manPages(allWords, '1.2.3');
  t.equal(pages.size, allWords.length + 1);
  for (const [name, text] of pages) {
    t.match(text, /^\.TH "LEAT[A-Z\\-]*" "1" "" "leat 1\.2\.3"/, name);
    const requests = text.split('\n').filter((line) => /^['.]/.test(line));
    const known = requests.every((line) => /^\.(TH|SH|PP|TP|B|BR|nf|fi|RS|RE)\b/.test(line));
    t.ok(known, `${name} has only requests of the man macros`);
  }
  t.match(pages.get('leat-filter.1'), 'leat filter \\(aqstatus >= 500\\(aq');
  t.end();
});

t.test('help lists every function of expressions', (t) => {
  const text = renderFunctions({ width: 100, color: false });
  for (const { usage } of functionTable()) t.ok(text.includes(`  ${usage}`), usage);
  t.notOk(renderFunctions({ width: 40, color: true }).includes('undefined'));
  t.end();
});
