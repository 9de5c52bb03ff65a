/**
 * Every case of test/cases, four ways: the two spellings of its question must give one plan; the plan is run in this
 * process with its input cut into chunks of 1, 7 and 65,536 bytes; then real processes answer it, once as
 * a shell pipe of several and once as one. LEAT_CASE=window/hop runs only the cases whose name contains
 * that.
 */
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { planFromJson, planToJson } from '../../src/plan/index.js';
import { type Case, filesOf, readCases } from '../harness/case.js';
import { runPlan } from '../harness/run-plan.js';
import { quoted, root, runShell, temporaryFolder } from '../harness/shell.js';

const only = process.env['LEAT_CASE'] ?? '';
const cases = readCases(path.join(root, 'test/cases')).filter(({ name }) => name.includes(only));
const folder = temporaryFolder();

/** A text with `{late}` replaced by the path of this run's file for late records, and `{copies}` by one beside it. */
const withPaths = (text: string, late: string): string =>
  text.replaceAll('{late}', late).replaceAll('{copies}', `${late}.copies`);

const countOf = (stderr: string, pattern: RegExp): number =>
  [...stderr.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);

const linesOf = (file: string): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

// Starting processes takes its time on a busy machine.
t.setTimeout(600_000);

t.test('both spellings of a case give the same plan, which survives being written down', (t) => {
  for (const { name, pipe, run } of cases) {
    const plan = parsePipeline(run);
    t.same(parsePipeline(pipe.join(' | ')), plan, name);
    t.same(planFromJson(planToJson(plan)), plan, `${name}, as a plan file`);
  }
  t.end();
});

async function inProcess(t: Test, one: Case, chunkBytes: number): Promise<void> {
  const late = path.join(folder, 'in-process.late');
  fs.rmSync(late, { force: true });
  const plan = parsePipeline(withPaths(one.run, late));
  const result = await runPlan(plan, {
    input: one.input,
    files: { '-': one.input, ...filesOf(one) },
    chunkBytes,
  });
  t.equal(result.output, one.expected, `output, in chunks of ${chunkBytes}: ${result.said.join('; ')}`);
  t.equal(result.status, one.exit, 'exit status');
  t.same(
    result.rejected.map(({ text }) => text),
    one.rejected,
    'refused records',
  );
  t.same(result.late, one.late ?? [], 'late records');
  if (one.late !== undefined) t.same(linesOf(late), one.late, 'late records in their file');
  if (one.copies !== undefined) t.same(linesOf(`${late}.copies`), one.copies, 'copies in their file');
}

t.test('cases in chunks of 1, 7 and 65,536 bytes', async (t) => {
  for (const one of cases) {
    await t.test(`${one.name}: ${one.about}`, async (t) => {
      for (const chunkBytes of [1, 7, 65_536]) await inProcess(t, one, chunkBytes);
    });
  }
});

async function asProcesses(t: Test, one: Case, how: string, script: string, stem: string): Promise<void> {
  const output = `${stem}.out`;
  const late = `${stem}.late`;
  // To a file, as a person keeps it: towards a pipe a last stage may write control lines for a next one.
  const command = `${withPaths(script, late)} > ${quoted(output)}`;
  const { status, stderr } = await runShell(command, { stdin: one.inputPath });
  t.equal(fs.readFileSync(output, 'utf8'), one.expected, `${how}: output of ${script}\n${stderr}`);
  t.equal(status, one.exit, `${how}: exit status`);
  t.equal(countOf(stderr, /leat: (\d+) records? refused/g), one.rejected.length, `${how}: refused records`);
  t.equal(countOf(stderr, /leat: (\d+) records? late/g), one.late?.length ?? 0, `${how}: late records`);
  if (one.late !== undefined) t.same(linesOf(late), one.late, `${how}: late records in their file`);
  if (one.copies !== undefined) t.same(linesOf(`${late}.copies`), one.copies, `${how}: copies in their file`);
}

t.test('cases as real processes', { jobs: 2 }, (t) => {
  cases.forEach((one, index) => {
    t.test(`${one.name}: ${one.about}`, async (t) => {
      const stem = path.join(folder, String(index));
      const piped = one.pipe.map((stage) => `leat ${stage}`).join(' | ');
      await asProcesses(t, one, 'piped', piped, `${stem}.piped`);
      await asProcesses(t, one, 'fused', `leat run ${quoted(one.run)}`, `${stem}.fused`);
    });
  });
  t.end();
});
