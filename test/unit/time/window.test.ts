/** Window assignment, drawn as lists of windows per time; days in a zone when the clock changes. */
import t from 'tap';
import {
  type AlignedShape,
  createAssigner,
  isLate,
  sessionsMeet,
  tumbleStart,
} from '../../../src/time/index.js';

function windowsOf(shape: AlignedShape, time: number): string[] {
  const assigner = createAssigner(shape);
  const starts = new Float64Array(assigner.most);
  const ends = new Float64Array(assigner.most);
  const count = assigner.assign(time, starts, ends);
  return Array.from({ length: count }, (_, index) => `${starts[index]}..${ends[index]}`);
}

t.test('tumbling windows, with offsets and before 1970', (t) => {
  t.strictSame(windowsOf({ shape: 'tumble', sizeMs: 10, offsetMs: 0 }, 20), ['20..30']);
  t.strictSame(windowsOf({ shape: 'tumble', sizeMs: 10, offsetMs: 0 }, 29), ['20..30']);
  t.strictSame(windowsOf({ shape: 'tumble', sizeMs: 10, offsetMs: 3 }, 22), ['13..23']);
  t.strictSame(windowsOf({ shape: 'tumble', sizeMs: 10, offsetMs: -3 }, 27), ['27..37']);
  t.strictSame(windowsOf({ shape: 'tumble', sizeMs: 10, offsetMs: 0 }, -1), ['-10..0']);
  t.equal(tumbleStart(-10, 10, 0), -10);
  t.end();
});

t.test('hopping windows come with the latest start first', (t) => {
  t.strictSame(windowsOf({ shape: 'hop', sizeMs: 30, slideMs: 10, offsetMs: 0 }, 25), [
    '20..50',
    '10..40',
    '0..30',
  ]);
  t.strictSame(windowsOf({ shape: 'hop', sizeMs: 30, slideMs: 10, offsetMs: 0 }, 0), [
    '0..30',
    '-10..20',
    '-20..10',
  ]);
  t.strictSame(
    windowsOf({ shape: 'hop', sizeMs: 5, slideMs: 10, offsetMs: 0 }, 7),
    [],
    'between two of them',
  );
  t.end();
});

t.test('cumulating windows share the start and end later and later', (t) => {
  const shape: AlignedShape = { shape: 'cumulate', maxMs: 30, stepMs: 10, offsetMs: 0 };
  t.strictSame(windowsOf(shape, 0), ['0..10', '0..20', '0..30']);
  t.strictSame(windowsOf(shape, 15), ['0..20', '0..30']);
  t.strictSame(windowsOf(shape, 29), ['0..30']);
  t.strictSame(windowsOf(shape, 30), ['30..40', '30..50', '30..60']);
  t.end();
});

const day = 86_400_000;
const hour = 3_600_000;

function hoursOf(shape: AlignedShape, time: number, from: number): string[] {
  return windowsOf(shape, time).map((window) => {
    const [start, end] = window.split('..').map((ms) => (Number(ms) - from) / hour);
    return `${start}..${end}`;
  });
}

t.test('days in a zone are 23 and 25 hours long when the clock changes', (t) => {
  const shape: AlignedShape = { shape: 'tumble', sizeMs: day, offsetMs: 0, zone: 'Europe/Oslo' };
  const spring = Date.UTC(2026, 2, 28, 23); // local midnight of 29 March
  t.strictSame(hoursOf(shape, spring - 1, spring), ['-24..0']);
  t.strictSame(hoursOf(shape, spring, spring), ['0..23']);
  t.strictSame(hoursOf(shape, spring + 23 * hour - 1, spring), ['0..23']);
  t.strictSame(hoursOf(shape, spring + 23 * hour, spring), ['23..47']);
  const autumn = Date.UTC(2026, 9, 24, 22); // local midnight of 25 October
  t.strictSame(hoursOf(shape, autumn, autumn), ['0..25']);
  t.strictSame(hoursOf(shape, autumn + 25 * hour - 1, autumn), ['0..25']);
  t.strictSame(hoursOf(shape, autumn + 25 * hour, autumn), ['25..49']);
  t.end();
});

t.test('shorter windows in a zone keep their length where they can', (t) => {
  const autumn = Date.UTC(2026, 9, 24, 22);
  const tenMinutes: AlignedShape = { shape: 'tumble', sizeMs: hour / 6, offsetMs: 0, zone: 'Europe/Oslo' };
  t.strictSame(windowsOf(tenMinutes, autumn + 3.55 * hour), [
    `${autumn + 3.5 * hour}..${autumn + (22 * hour) / 6}`,
  ]);
  const sixHours: AlignedShape = { shape: 'tumble', sizeMs: 6 * hour, offsetMs: 0, zone: 'Europe/Oslo' };
  t.strictSame(hoursOf(sixHours, autumn + 2 * hour, autumn), ['0..7'], 'midnight to six, an hour came twice');
  t.strictSame(hoursOf(sixHours, autumn + 7 * hour, autumn), ['7..13']);
  const kolkata: AlignedShape = { shape: 'tumble', sizeMs: hour, offsetMs: 0, zone: 'Asia/Kolkata' };
  t.strictSame(hoursOf(kolkata, 0, 0), ['-0.5..0.5'], 'on the local hour');
  t.end();
});

t.test('cumulating over a local day and hopping by local days', (t) => {
  const autumn = Date.UTC(2026, 9, 24, 22);
  const cumulate: AlignedShape = {
    shape: 'cumulate',
    maxMs: day,
    stepMs: 6 * hour,
    offsetMs: 0,
    zone: 'Europe/Oslo',
  };
  t.strictSame(hoursOf(cumulate, autumn, autumn), ['0..7', '0..13', '0..19', '0..25']);
  t.strictSame(hoursOf(cumulate, autumn + 20 * hour, autumn), ['0..25']);
  const hop: AlignedShape = { shape: 'hop', sizeMs: 2 * day, slideMs: day, offsetMs: 0, zone: 'Europe/Oslo' };
  t.strictSame(hoursOf(hop, autumn + hour, autumn), ['0..49', '-24..25']);
  t.end();
});

t.test('a day that a zone skipped is an empty window that nothing is in', (t) => {
  const skip = Date.UTC(2011, 11, 30, 10); // Apia went from 29 to 31 December
  const shape: AlignedShape = { shape: 'tumble', sizeMs: day, offsetMs: 0, zone: 'Pacific/Apia' };
  t.strictSame(hoursOf(shape, skip - 1, skip), ['-24..0']);
  t.strictSame(hoursOf(shape, skip, skip), ['0..24']);
  t.end();
});

t.test('a window is late once the watermark has passed its last millisecond', (t) => {
  t.notOk(isLate(100, 98));
  t.ok(isLate(100, 99));
  t.ok(isLate(100, Number.POSITIVE_INFINITY));
  t.notOk(isLate(100, Number.NEGATIVE_INFINITY));
  t.end();
});

t.test('sessions are one when they overlap or touch', (t) => {
  t.ok(sessionsMeet(0, 10, 5, 15));
  t.ok(sessionsMeet(0, 10, 10, 20));
  t.ok(sessionsMeet(10, 20, 0, 10));
  t.notOk(sessionsMeet(0, 10, 11, 21));
  t.end();
});
