/** Tables of lookups: what is refused at the start, and what happens when the file changes while records pass. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { memorySink, runPlan } from '../../harness/run-plan.js';
import { temporaryFolder } from '../../harness/shell.js';

const folder = temporaryFolder();
const fileOf = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
};
const linesOf = (output: string): string[] => output.split('\n').slice(0, -1);

t.test('a table may be compressed, begin with a byte order mark and lack its last newline', async (t) => {
  const text = '\ufeffid,v\na,1';
  const files = [fileOf('plain.csv', text), fileOf('small.csv.gz', zlib.gzipSync(text))];
  for (const file of files) {
    const { output, said } = await runPlan(parsePipeline(`lookup ${file} --on k = id`), {
      input: '{"k":"a"}\n',
    });
    t.equal(output, '{"k":"a","v":1}\n', said.join('\n'));
  }
});

t.test('a table that cannot be used is said at the start', async (t) => {
  const cases: [string, RegExp][] = [
    [path.join(folder, 'none.ndjson'), /there is no such file/],
    [fileOf('broken.ndjson', '{"id":1}\n{"id":\n'), /./],
    [fileOf('short.csv', 'id,v\n1\n'), /1 field where 2 are expected/],
    [fileOf('cut.csv.gz', zlib.gzipSync('id,v\n1,2\n').subarray(0, 20)), /damaged or cut off/],
    [fileOf('other.csv', 'name,v\n1,2\n'), /the table has no field id/],
  ];
  for (const [file, message] of cases) {
    const { status, said } = await runPlan(parsePipeline(`lookup ${file} --on k = id`), {
      input: '{"k":1}\n',
    });
    t.equal(status, 1, file);
    t.match(said.at(-1), message, file);
  }
});

t.test('a second input without the event time of the first is named', async (t) => {
  const left = fileOf('left.ndjson', '{"k":1,"at":1}\n');
  const right = fileOf('right.ndjson', '{"k":1,"paid_at":1}\n');
  const { status, said } = await runPlan(
    parsePipeline(`from ${left} --time at | join ${right} --on k --within 1s`),
  );
  t.equal(status, 1);
  t.match(said.join('\n'), `the first record of ${right} has no event time: there is no field at`);
});

/** Records that come one by one, with something that happens at each of them. */
async function follow(
  file: string,
  steps: readonly (() => void)[],
  stepMs = 600,
): Promise<{ output: string[]; said: readonly string[] }> {
  let nowMs = 0;
  let at = 0;
  const source = () =>
    Promise.resolve({
      name: 'stdin',
      lengthBytes: undefined,
      read(target: Uint8Array) {
        if (at === steps.length) return Promise.resolve(0);
        steps[at++]!();
        nowMs += stepMs;
        return Promise.resolve(Buffer.from('{"k":1}\n').copy(target));
      },
      close() {},
    });
  const plan = parsePipeline(`lookup ${file} --on k = id`);
  const sink = memorySink('file');
  const options = { open: { source, sink: () => sink } };
  const { said } = await runPlan(plan, { clock: () => nowMs, options });
  const values = linesOf(sink.text()).map((line) => String((JSON.parse(line) as { v: unknown }).v));
  return { output: values, said };
}

const nothing = (): void => {};

t.test('a table that changes is read again, at most once a second', async (t) => {
  const file = fileOf('changing.ndjson', '{"id":1,"v":"old"}\n');
  const change = (): void => {
    fileOf('next.ndjson', '{"id":1,"v":"new"}\n');
    fs.renameSync(path.join(folder, 'next.ndjson'), file);
  };
  // A read may be one record ahead of the work.
  const quick = await follow(file, [nothing, change, nothing, nothing], 100);
  t.same(quick.output, ['old', 'old', 'old', 'old']);
  fs.writeFileSync(file, '{"id":1,"v":"old"}\n');
  const { output } = await follow(file, [nothing, nothing, change, nothing, nothing, nothing]);
  t.equal(output.length, 6);
  t.equal(output[0], 'old');
  t.equal(output.at(-1), 'new');
  t.same(output, [...output].sort().reverse(), 'never back to the old one');
});

t.test(
  'a table that has become unusable is reported once, and the old one stays until there is a good one',
  async (t) => {
    const file = fileOf('breaking.ndjson', '{"id":1,"v":"old"}\n');
    const { output, said } = await follow(file, [
      nothing,
      () => fs.writeFileSync(file, '{"id":1,"v":"ne'),
      nothing,
      nothing,
      nothing,
      () => fs.rmSync(file),
      nothing,
      nothing,
      () => fs.writeFileSync(file, '{"id":1,"v":"newest"}\n'),
      nothing,
      nothing,
    ]);
    t.same(output.slice(0, 6), Array(6).fill('old'));
    t.equal(output.at(-1), 'newest');
    const reports = said.filter((line) => line.includes('the table stays as it was'));
    t.equal(reports.length, 1, reports.join('\n'));
  },
);
