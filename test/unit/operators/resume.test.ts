/** Operators under a clock of their own, restored in the middle; what states are called, and what they look like. */
import t from 'tap';
import { type BuiltChain, buildChain } from '../../../src/backends/local/chain.js';
import { splitPlan } from '../../../src/backends/local/ends.js';
import { isProblem } from '../../../src/diagnostics/index.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import { loadBuilders } from '../../../src/operators/index.js';
import {
  createByteWriter,
  createEncoder,
  createJsonScanner,
  encodeBatch,
} from '../../../src/record/index.js';
import { createMemoryPages } from '../../harness/memory-pages.js';
import { restoreInto, runResumed, snapshotOf } from '../../harness/resumed-run.js';
import { runPlan } from '../../harness/run-plan.js';

const builders = await loadBuilders(['filter', 'select', 'window', 'aggregate', 'windowed-aggregate']);

function chainOf(text: string): BuiltChain {
  const { source, middle } = splitPlan(parsePipeline(text));
  const time = source.kind === 'from' ? source.time : undefined;
  const described = { source: source.id, base: 'line', time, stream: undefined, bounded: false } as const;
  return buildChain(middle, described, builders);
}

/** A chain with a clock that is set by hand, and what it has put out. */
function start(text: string) {
  const chain = chainOf(text);
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const created = chain.create(
    {
      batch(batch) {
        const out = createByteWriter();
        encodeBatch(createEncoder(batch.image), batch, out);
        lines.push(...out.bytes.toString('utf8', 0, out.length).split('\n').slice(0, -1));
      },
      watermark() {},
    },
    () => ({ clock: () => clock.nowMs, reports: { reject() {}, late() {}, lateText() {} } }),
  );
  const scanner = createJsonScanner(chain.layout);
  return {
    ...created,
    lines,
    feed(nowMs: number, ...records: readonly string[]) {
      clock.nowMs = nowMs;
      const bytes = Buffer.from(`${records.join('\n')}\n${' '.repeat(64)}`);
      scanner.scan(bytes, 0, bytes.length - 64, true, chain.batch);
      created.head.onBatch(chain.batch);
    },
    /** Fires the timers that are due by then, at the times at which they want to be called. */
    wait(untilMs: number) {
      for (let calls = 0; calls < 1000; calls++) {
        const due = Math.min(...created.operators.map((one) => one.nextTimer?.() ?? Infinity));
        if (due > untilMs) return;
        clock.nowMs = due;
        for (const one of created.operators) {
          if ((one.nextTimer?.() ?? Infinity) <= due) one.onTimer?.(due);
        }
      }
    },
  };
}

/** The lines of a run that is restored between its records and its timers. */
function resumed(
  text: string,
  feeds: readonly (readonly [number, ...string[]])[],
  untilMs: number,
): string[] {
  let run = start(text);
  const lines: string[] = [];
  for (const feed of feeds) {
    run.feed(...feed);
    lines.push(...run.lines);
    const snapshots = snapshotOf(run);
    run = start(text);
    restoreInto(run, snapshots);
  }
  run.wait(untilMs);
  return [...lines, ...run.lines];
}

t.test('a window of processing time fires by the clock after a restart', (t) => {
  const text = 'from - | window tumble 10s --processing-time | aggregate count(*) as n --by k';
  const lines = resumed(
    text,
    [
      [1000, '{"k":1}'],
      [4000, '{"k":1}', '{"k":2}'],
    ],
    60_000,
  );
  t.same(lines, [
    '{"window_start":"1970-01-01T00:00:00.000Z","window_end":"1970-01-01T00:00:10.000Z","k":1,"n":2}',
    '{"window_start":"1970-01-01T00:00:00.000Z","window_end":"1970-01-01T00:00:10.000Z","k":2,"n":1}',
  ]);
  t.end();
});

t.test('an idle input goes on following the clock after a restart', (t) => {
  const text = 'from - --time ts --idle 5s | window tumble 10s | aggregate count(*) as n';
  const at = (second: number) => `{"ts":"2026-11-24T10:00:0${second}Z"}`;
  const lines = resumed(
    text,
    [
      [1000, at(1)],
      [2000, at(2)],
    ],
    60_000,
  );
  t.same(lines, ['{"window_start":"2026-11-24T10:00:00Z","window_end":"2026-11-24T10:00:10Z","n":2}']);
  t.end();
});

t.test('keys that are bounds of windows keep their spelling', async (t) => {
  const text = `from - --time ts | window tumble 10s | select window_start as w, v | aggregate sum(v) as s --by w`;
  const lines = [1, 9, 12, 31].map((s) => `{"ts":"2026-11-24 10:00:${s < 10 ? '0' : ''}${s}","v":${s}}\n`);
  const plan = parsePipeline(text);
  const whole = await runPlan(plan, { input: lines.join('') });
  t.match(whole.output, '{"w":"2026-11-24 10:00:00","s":10}\n');
  t.equal((await runResumed(plan, { input: lines.join(''), chunkBytes: 40 })).output, whole.output);
});

t.test('state is named by nodes, and its shape says what must not change', (t) => {
  const named = (text: string) =>
    start(text).named.flatMap(({ uid, operator }) =>
      operator.stateShape === undefined ? [] : [`${uid}: ${operator.stateShape}`],
    );
  t.same(
    named(
      "from - --time ts | filter a > 1 | window hop 1m 20s | aggregate count(distinct a) filter (where b = 'x') as n --by upper(c) as d",
    ),
    [
      '1-from.time: event time of ts',
      "4-aggregate: aggregate count(DISTINCT a) FILTER (WHERE b = 'x') by d = UPPER(c) in windows of 1m every 20s",
    ],
  );
  t.same(named('from - | window session 5s --time t --by k | aggregate sum(v) as s'), [
    '3-aggregate: event time of t, then aggregate sum(v) by k in sessions with gaps of 5s of k',
  ]);
  t.same(named('from - | window count 4 2 --by k | filter k > 1'), [
    '2-window: windows of 4 records every 2 of k',
  ]);
  t.same(named('from - | aggregate max(v) as m'), ['2-aggregate: aggregate max(v) without windows']);
  const shape = (text: string) => named(text).join();
  const asked = 'from - --time t | window tumble 1m | aggregate sum(v) as s --by k';
  t.equal(shape(asked), shape(asked.replace('as s', 'as other')), 'names of results do not matter');
  for (const other of ['tumble 2m', 'hop 1m 1m', 'session 1m']) {
    t.not(shape(asked), shape(asked.replace('tumble 1m', other)), other);
  }
  t.not(shape(asked), shape(asked.replace('--by k', '--by l')), 'other keys');
  t.not(shape(asked), shape(asked.replace('sum(v)', 'sum(w)')), 'other calls');
  t.end();
});

t.test('pages of another state are a problem and no answer', (t) => {
  const text = 'from - | aggregate count(*) as n, last(v) as l --by k';
  const run = start(text);
  run.feed(0, '{"k":"a","v":1}', '{"k":"b","v":2}');
  const pages = createMemoryPages();
  run.named[0]!.operator.snapshot(pages.writer);
  for (const left of ['facts', 'keys/lengths', 'key 0/tags', 'key 0/facts', 'numbers']) {
    const without = {
      ...pages,
      pageCount: (section: string) => (section === left ? 0 : pages.pageCount(section)),
    };
    try {
      start(text).named[0]!.operator.restore(without);
      t.fail(`it does without ${left}`);
    } catch (error) {
      t.ok(isProblem(error) && error.details.code === 'state', `${left} is missed: ${String(error)}`);
    }
  }
  t.end();
});
