/**
 * A right input that falls silent holds a join up, unless --idle leaves it out: then the left records go on without it, and
 * what it brings later may be late. The silent input says nothing until the results are there; so a join that waits for it
 * would wait for ever.
 */
import t from 'tap';
import { runLocal } from '../../../src/backends/local/index.js';
import type { ByteSource } from '../../../src/connectors/index.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import { memorySink, memorySource } from '../../harness/run-plan.js';

const left = [
  { at: 100, k: 'a' },
  { at: 200, k: 'b' },
  { at: 400, k: 'a' },
];
const lines = (records: readonly object[]): Buffer =>
  Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));

/** Runs a join whose right input is silent from its first record until `shown` is in the output. */
async function run(options: string, shown: string): Promise<{ output: string; late: string[] }> {
  const sink = memorySink('file');
  const late: string[] = [];
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  // The clock stands still until the first record of the right input is worked on, which a bad one in front of it says.
  let since = Number.POSITIVE_INFINITY;
  const first = Buffer.concat([Buffer.from('no record\n'), lines([{ at: 50, k: 'a', v: 1 }])]);
  const pieces = [first, lines([{ at: 60, k: 'a', v: 2 }])];
  const silent: ByteSource = {
    name: 'right',
    lengthBytes: undefined,
    async read(target) {
      if (pieces.length === 1) await released;
      const piece = pieces.shift();
      if (piece === undefined) return 0;
      target.set(piece);
      return piece.length;
    },
    close: release,
  };
  await runLocal(parsePipeline(`from left --time at | join right --time at --idle 20ms --on k ${options}`), {
    say() {},
    observer: {
      late: (record) => late.push(record),
      rejected() {
        since = Date.now();
      },
    },
    clock: () => Math.max(0, Date.now() - since),
    open: {
      source: (name) => Promise.resolve(name === 'right' ? silent : memorySource(name, lines(left))),
      sink: () => ({
        ...sink,
        write(bytes, length) {
          const rest = sink.write(bytes, length);
          if (sink.text().includes(shown)) release();
          return rest;
        },
      }),
    },
  });
  return { output: sink.text(), late };
}

t.test('versions: records leave with the last one that came', { timeout: 60_000 }, async (t) => {
  const { output, late } = await run('--temporal --kind left --prefix r_', '"at":200');
  t.equal(
    output,
    '{"at":100,"k":"a","r_at":50,"v":1}\n{"at":200,"k":"b"}\n{"at":400,"k":"a","r_at":60,"v":2}\n',
  );
  t.same(late, [], 'the version that came late holds for the record that had not left');
});

t.test('windows: those that are over fire', { timeout: 60_000 }, async (t) => {
  const { output, late } = await run('--window tumble 100s --kind left --prefix r_', '"at":200');
  t.equal(
    output,
    [
      '{"at":100,"k":"a","window_start":100,"window_end":200}',
      '{"at":200,"k":"b","window_start":200,"window_end":300}',
      '{"at":400,"k":"a","window_start":400,"window_end":500}',
      '',
    ].join('\n'),
  );
  t.same(late, ['{"at":60,"k":"a","v":2}']);
});

t.test('intervals, and whatever is between them', { timeout: 60_000 }, async (t) => {
  const near = await run('--within 10s --kind left --prefix r_', '"at":200');
  t.equal(near.output, lines(left).toString());
  const any = await run('--retention forever --kind left --prefix r_', '"at":400');
  t.equal(
    any.output,
    [
      '{"op":"+I","at":100,"k":"a","r_at":50,"v":1}',
      '{"op":"+I","at":200,"k":"b"}',
      '{"op":"+I","at":400,"k":"a","r_at":50,"v":1}',
      '{"op":"+I","at":100,"k":"a","r_at":60,"v":2}',
      '{"op":"+I","at":400,"k":"a","r_at":60,"v":2}',
      '',
    ].join('\n'),
  );
});
