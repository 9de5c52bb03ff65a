/** Zones: offsets around changes of the clock, gaps and overlaps, names. */
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { checkZone, isZone, localToEpoch, zoneOffsetMs } from '../../../src/time/index.js';

const hour = 3_600_000;

t.test('offsets change at the very millisecond', (t) => {
  const spring = Date.UTC(2026, 2, 29, 1);
  t.equal(zoneOffsetMs('Europe/Oslo', spring - 1), hour);
  t.equal(zoneOffsetMs('Europe/Oslo', spring), 2 * hour);
  const autumn = Date.UTC(2026, 9, 25, 1);
  t.equal(zoneOffsetMs('Europe/Oslo', autumn - 1), 2 * hour);
  t.equal(zoneOffsetMs('Europe/Oslo', autumn), hour);
  t.equal(zoneOffsetMs('Asia/Kolkata', 0), 5.5 * hour);
  t.equal(zoneOffsetMs('America/New_York', Date.UTC(1969, 6, 1)), -4 * hour, 'before 1970');
  t.equal(zoneOffsetMs('Europe/Berlin', Date.UTC(1850, 0, 1)), 3_208_000, 'local mean time, to the second');
  t.end();
});

t.test('a local time that was skipped moves forward, one that came twice is the first', (t) => {
  const local = (h: number, m: number, day = 29, month = 2): number => Date.UTC(2026, month, day, h, m);
  t.equal(localToEpoch('Europe/Oslo', local(1, 59)), Date.UTC(2026, 2, 29, 0, 59));
  t.equal(localToEpoch('Europe/Oslo', local(2, 30)), Date.UTC(2026, 2, 29, 1, 30), 'shown as 03:30');
  t.equal(localToEpoch('Europe/Oslo', local(3, 0)), Date.UTC(2026, 2, 29, 1, 0));
  t.equal(localToEpoch('Europe/Oslo', local(2, 30, 25, 9)), Date.UTC(2026, 9, 25, 0, 30), 'summer time');
  t.equal(localToEpoch('Europe/Oslo', local(3, 0, 25, 9)), Date.UTC(2026, 9, 25, 2, 0));
  t.end();
});

t.test('names: the tz database, UTC, offsets; else the nearest is offered', (t) => {
  t.equal(zoneOffsetMs('+05:30', 0), 5.5 * hour);
  t.equal(zoneOffsetMs('-03', 0), -3 * hour);
  t.equal(zoneOffsetMs('GMT+2', 0), 2 * hour);
  t.equal(zoneOffsetMs('UTC', 0), 0);
  t.ok(isZone('Europe/Oslo'));
  t.notOk(isZone('Europe/Olso'));
  t.notOk(isZone('+25:00'));
  try {
    checkZone('Europe/Olso');
    t.fail('taken');
  } catch (error) {
    t.ok(isProblem(error) && error.details.code === 'unknown-name');
    t.match(isProblem(error) ? error.details.hint : '', /Europe\/Oslo/);
  }
  t.end();
});
