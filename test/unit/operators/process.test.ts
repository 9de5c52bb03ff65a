/** Programs of the user: that chunks do not matter, what ends the run, timers of the clock, and their types. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { defineProcess } from '../../../src/index.js';
import { memorySink, runPlan } from '../../harness/run-plan.js';
import { root, temporaryFolder, until } from '../../harness/shell.js';

const folder = temporaryFolder();

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

t.test('the answer does not depend on chunks', async (t) => {
  const program = path.join(root, 'test/cases/process/sums/program.mjs');
  const side = path.join(folder, 'negative.ndjson');
  const lines = Array.from({ length: 300 }, (_, n) =>
    JSON.stringify({ t: Math.floor(n / 3) + ((n * 7) % 5), k: 'abc'[n % 3], v: ((n * 5) % 9) - 2 }),
  );
  const plan = parsePipeline(
    `from - --time t --delay 3s | process ${program} --by k --side negative=${side}`,
  );
  const answers = [];
  for (const chunkBytes of [1, 50, 65_536]) {
    const { output, status } = await runPlan(plan, { input: `${lines.join('\n')}\n`, chunkBytes });
    answers.push({ output, status, side: fs.readFileSync(side, 'utf8') });
  }
  t.ok(answers[0]!.output.length > 2000);
  t.strictSame(answers[1], answers[0]);
  t.strictSame(answers[2], answers[0]);
});

t.test('what a program does wrong ends the run and is said', async (t) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['onRecord() { throw new Error("no way") }', /onRecord failed: no way/],
    ['async onRecord() {}', /onRecord gave a promise, and nobody waits for it/],
    ['onRecord(r, c) { c.emit(7) }', /a record is an object, and 7 was given/],
    ['onRecord(r, c) { c.side("x", r) }', /there is no output x/],
    ['onRecord(r, c) { c.onEventTime(5) }', /no event time to wait for/],
    ['onRecord(r, c) { c.onProcessingTime("soon") }', /a timer needs an instant/],
    ['onrecord() {}', /the program has no onRecord/],
    ['onRecord( {', /the program cannot be loaded/],
  ];
  for (const [index, [text, message]] of wrong.entries()) {
    const file = fileOf(`wrong-${index}.cjs`, `module.exports = { ${text} };`);
    const { status, said } = await runPlan(parsePipeline(`from - | process ${file}`), { input: '{"a":1}\n' });
    t.equal(status, 1, text);
    t.match(said.join('\n'), message, text);
  }
});

t.test('timers of the clock', async (t) => {
  const file = fileOf(
    'clock.cjs',
    `module.exports = {
      onRecord(r, c) { c.onProcessingTime(c.processingTime() + r.after); },
      onTimer({ kind }, c) { c.emit({ key: c.key, kind }); },
    };`,
  );
  const sink = memorySink('file');
  const input = Buffer.from('{"k":1,"after":5}\n{"k":2,"after":1000000000}\n{"k":3,"after":5}\n');
  let given = false;
  const source = {
    name: 'stdin',
    lengthBytes: undefined,
    async read(target: Uint8Array): Promise<number> {
      // The input ends when timers have fired.
      if (given) await until('timers have fired', () => sink.text().split('\n').length > 2);
      else target.set(input);
      const count = given ? 0 : input.length;
      given = true;
      return count;
    },
    close() {},
  };
  const open = { source: () => Promise.resolve(source), sink: () => sink };
  await runPlan(parsePipeline(`from - | process ${file} --by k`), { options: { open } });
  const wanted = '{"key":[1],"kind":"processing"}\n{"key":[3],"kind":"processing"}\n';
  t.equal(sink.text(), wanted, 'that of key 2 does not fire when the input ends');
});

t.test('types', (t) => {
  const program = defineProcess<{ user: string }, { n: number }>({
    onRecord({ user }, context) {
      context.emit({ n: user.length });
      // @ts-expect-error the record has another field
      context.emit({ m: 1 });
      const seen = context.value<number>('seen');
      // @ts-expect-error it is a number
      seen.set('many');
    },
  });
  // @ts-expect-error it needs onRecord
  defineProcess({ open() {} });
  t.type(program.onRecord, 'function');
  t.end();
});
