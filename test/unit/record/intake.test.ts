import assert from 'node:assert/strict';
import t from 'tap';
import {
  createIntake,
  createJsonScanner,
  createScanner,
  type Intake,
  type Layout,
  lineOf,
  type Scanner,
} from '../../../src/record/index.js';
import { layoutOf, lineBatch, valueAt } from './scanned.js';

/** Everything that comes out of an intake, in order: values of `a`, control lines, and refused lines. */
function drain(intake: Intake, found: unknown[]): void {
  for (;;) {
    const find = intake.next();
    if (find === 'hungry' || find === 'done') return;
    if (find === 'control') found.push({ control: intake.control });
    else {
      const { batch } = intake;
      const inOrder: { line: number; found: unknown }[] = batch.rejected.map(({ line, reason, bytes }) => ({
        line,
        found: { place: `${batch.source}:${line}`, reason, bytes: bytes.length },
      }));
      for (let row = 0; row < batch.count; row++) {
        inOrder.push({ line: lineOf(batch, row), found: valueAt(batch, 0, row) });
      }
      inOrder.sort((one, other) => one.line - other.line);
      found.push(...inOrder.map((one) => one.found));
    }
  }
}

interface Feed {
  readonly chunkBytes: number;
  readonly maxLineBytes?: number;
  readonly controlLines?: boolean;
  readonly make?: (layout: Layout) => Scanner;
}

/** Runs whole sources through an intake, read in pieces of up to `chunkBytes`. */
function feed(sources: Record<string, string | Uint8Array>, options: Feed): unknown[] {
  const scanner = (options.make ?? createJsonScanner)(layoutOf([['a']]));
  scanner.controlLines = options.controlLines ?? false;
  const names = Object.keys(sources);
  const intake = createIntake(scanner, { batch: lineBatch(5), source: names[0]!, ...options });
  const found: unknown[] = [];
  names.forEach((name, index) => {
    if (index > 0) intake.startSource(name);
    drain(intake, found);
    const content = Buffer.from(sources[name]!);
    for (let at = 0; at < content.length; ) {
      const space = intake.space();
      const count = Math.min(space.length, content.length - at);
      space.set(content.subarray(at, at + count));
      at += count;
      intake.filled(count);
      // The other half is handed out while this one is worked on.
      intake.space();
      drain(intake, found);
    }
  });
  intake.finish();
  drain(intake, found);
  assert.equal(intake.next(), 'done');
  return found;
}

const cuts = [1, 2, 7, 64, 1000, 65_536];

/** The same from every cut, with either scanner. */
function alike(
  sources: Record<string, string | Uint8Array>,
  options: Omit<Feed, 'chunkBytes'> = {},
): unknown[] {
  const whole = feed(sources, { ...options, chunkBytes: 1 << 20 });
  for (const make of [createJsonScanner, createScanner]) {
    for (const chunkBytes of cuts) {
      assert.deepEqual(
        feed(sources, { ...options, chunkBytes, make }),
        whole,
        `chunks of ${chunkBytes} bytes`,
      );
    }
  }
  return whole;
}

t.test('what comes out does not depend on where the input is cut', (t) => {
  const lines = Array.from({ length: 40 }, (_, n) => `{"a":${n},"b":"${'é'.repeat(n % 9)}"}`);
  t.same(
    alike({ in: `${lines.join('\n')}\n` }),
    lines.map((_, n) => n),
  );
  t.end();
});

t.test('a last line without newline is a line', (t) => {
  t.same(alike({ in: '{"a":1}\n{"a":2}' }), [1, 2]);
  const refused = { place: 'in:2', reason: 'not JSON: the line ends too early', bytes: 6 };
  t.same(alike({ in: '{"a":1}\n{"a":2' }), [1, refused]);
  t.end();
});

t.test('each source starts with line 1 and ends its last line', (t) => {
  const found = alike({ one: '{"a":1}\nx\n{"a":2}', two: '', three: '\ny\n{"a":3}' }) as { place?: string }[];
  t.same(
    found.map((one) => one.place ?? one),
    [1, 'one:2', 2, 'three:2', 3],
  );
  t.end();
});

t.test('a byte order mark is passed over at the start of a source and nowhere else', (t) => {
  const found = alike({
    one: '\ufeff{"a":1}\n',
    two: '\ufeff{"a":2}',
    three: '\n\ufeff{"a":3}\n',
    four: '\ufeff',
  });
  t.same(found.slice(0, 2), [1, 2]);
  t.match(found[2], { place: 'three:2' });
  t.equal(found.length, 3);
  t.end();
});

t.test('a line longer than the limit is refused with its beginning, the others are not touched', (t) => {
  const line = (n: number, bytes: number) => `{"a":${n},"b":"${'x'.repeat(bytes - 14)}"}`;
  const content = [line(1, 50), line(2, 51), line(3, 20), line(4, 5000), line(5, 30), line(6, 900)].join(
    '\n',
  );
  const found = alike({ one: content, two: '{"a":7}\n' }, { maxLineBytes: 50 });
  const refused = (place: string) => ({
    place,
    reason: 'longer than 50 bytes (its first 50 are kept)',
    bytes: 50,
  });
  t.same(found, [1, refused('one:2'), 3, refused('one:4'), 5, refused('one:6'), 7]);
  t.end();
});

t.test('a long line makes the room that it needs', (t) => {
  const long = 'x'.repeat(300_000);
  const sources = { in: `{"a":1}\n{"b":"${long}","a":2}\n{"a":"${long}"}\n{"a":3}\n` };
  for (const make of [createJsonScanner, createScanner]) {
    t.same(feed(sources, { chunkBytes: 5000, make }), [1, 2, long, 3]);
  }
  t.end();
});

t.test('control lines come in their place among the records', (t) => {
  const content =
    '{"$leat":"a"}\n{"a":1}\n{ "$leat":"b","a":2}\n{"$leat":"c"}  \r\n{"$leat":"d"}\n{"a":3}\n{"$leat":"end"}';
  t.same(alike({ in: content }, { controlLines: true }), [
    { control: '{"$leat":"a"}' },
    1,
    2,
    { control: '{"$leat":"c"}' },
    { control: '{"$leat":"d"}' },
    3,
    { control: '{"$leat":"end"}' },
  ]);
  t.end();
});

/**
 * A scanner of records that end with a line of a single dot; it needs bytes past the range until that is
 * there.
 */
function dotScanner(layout: Layout): Scanner {
  const plain = createJsonScanner(layout);
  return {
    ...plain,
    scan(bytes, from, to, final, batch) {
      const text = Buffer.from(bytes).toString('latin1', from, to);
      const dot = text.indexOf('.\n');
      if (dot < 0 && !final) {
        batch.count = 0;
        batch.rejected = [];
        this.stop = 'more';
        this.lines = 0;
        return from;
      }
      plain.scan(bytes, from, dot < 0 ? to : from + dot, final, batch);
      this.stop = 'range';
      this.lines = plain.lines + (dot < 0 ? 0 : 1);
      return dot < 0 ? to : from + dot + 2;
    },
  };
}

t.test('a scanner that wants more bytes gets them, and at the end it is told that there are none', (t) => {
  const content = '{"a":1}\n{"a":2}\n.\n{"a":3}\n.\n{"a":4}\n{"a":5}';
  for (const chunkBytes of cuts) {
    t.same(
      feed({ in: content }, { chunkBytes, make: dotScanner }),
      [1, 2, 3, 4, 5],
      `chunks of ${chunkBytes}`,
    );
  }
  t.end();
});

t.test('bytes and lines are counted over all sources', (t) => {
  const intake = createIntake(createJsonScanner(layoutOf([['a']])), { batch: lineBatch(), source: 'one' });
  for (const [index, content] of ['{"a":1}\n\n{"a":2}', '{"a":3}\n'].entries()) {
    if (index > 0) intake.startSource('two');
    drain(intake, []);
    intake.space().set(Buffer.from(content));
    intake.filled(content.length);
    drain(intake, []);
  }
  intake.finish();
  drain(intake, []);
  t.equal(intake.bytesRead, 24);
  t.equal(intake.lines, 4);
  t.end();
});

t.test('filling before the lines at hand are taken is an error of the caller', (t) => {
  const intake = createIntake(createJsonScanner(layoutOf([])), { batch: lineBatch(), source: 'in' });
  t.throws(() => intake.filled(1));
  intake.space().set(Buffer.from('{}\n'));
  intake.filled(3);
  intake.space();
  t.throws(() => intake.filled(1));
  t.end();
});
