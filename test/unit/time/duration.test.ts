/** Durations as people write them, and how they are written back. */
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { formatDuration, parseDuration } from '../../../src/time/index.js';

t.test('durations are read to whole milliseconds', (t) => {
  const cases: Readonly<Record<string, number>> = {
    '0': 0,
    '0s': 0,
    '10s': 10_000,
    '500ms': 500,
    '1m': 60_000,
    '1h30m': 5_400_000,
    '2d': 172_800_000,
    '1w': 604_800_000,
    '1.5s': 1500,
    '.5s': 500,
    '0.001s': 1,
    '1w2d3h4m5s6ms': 604_800_000 + 2 * 86_400_000 + 3 * 3_600_000 + 4 * 60_000 + 5006,
  };
  for (const [text, ms] of Object.entries(cases)) t.equal(parseDuration(text), ms, text);
  t.end();
});

t.test('what is no duration is a syntax problem that points at the place', (t) => {
  const cases: ReadonlyArray<readonly [text: string, start: number, end: number, hint: RegExp]> = [
    ['10', 2, 3, /10s/],
    ['10x', 2, 3, /known are|did you mean/],
    ['1h30min', 4, 7, /writes it m/],
    ['5S', 1, 2, /writes it s/],
    ['abc', 0, 1, /10s/],
    ['', 0, 0, /10s/],
    ['1m1h', 2, 4, /10s/],
    ['1m 1s', 2, 3, /10s/],
    ['-1m', 0, 1, /10s/],
    ['0.1ms', 0, 5, /10s/],
  ];
  for (const [text, start, end, hint] of cases) {
    try {
      parseDuration(text);
      t.fail(`${text} was taken`);
    } catch (error) {
      if (!isProblem(error)) throw error;
      t.equal(error.details.code, 'syntax', text);
      t.match(error.details.place, { kind: 'text', text, start, end }, text);
      t.match(error.details.hint, hint, text);
    }
  }
  t.end();
});

t.test('durations are spelled with the largest units that fit, and without mixing weeks', (t) => {
  t.equal(formatDuration(0), '0s');
  t.equal(formatDuration(5_400_000), '1h30m');
  t.equal(formatDuration(604_800_000), '1w');
  t.equal(formatDuration(691_200_000), '8d');
  t.equal(formatDuration(61_001), '1m1s1ms');
  t.equal(formatDuration(-90_000), '-1m30s');
  t.end();
});
