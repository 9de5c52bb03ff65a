/** strptime patterns: what they read, what they refuse, how they spell. */
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { compileLetterPattern, compilePattern } from '../../../src/time/index.js';

t.test('patterns read and spell', (t) => {
  const cases: ReadonlyArray<readonly [pattern: string, text: string, ms: number]> = [
    ['%d/%b/%Y:%H:%M:%S %z', '24/Nov/2026:10:00:00 +0000', Date.UTC(2026, 10, 24, 10)],
    ['%a %b %e %H:%M:%S %Y', 'Tue Nov  3 10:00:00 2026', Date.UTC(2026, 10, 3, 10)],
    ['%A, %B %d %Y', 'Tuesday, November 24 2026', Date.UTC(2026, 10, 24)],
    ['%Y%m%d%H%M%S', '20261124100501', Date.UTC(2026, 10, 24, 10, 5, 1)],
    ['%F %T.%f', '2026-11-24 10:00:00.250000', Date.UTC(2026, 10, 24, 10, 0, 0, 250)],
    ['%m/%d/%y %I:%M %p', '11/24/26 12:30 AM', Date.UTC(2026, 10, 24, 0, 30)],
    ['%D %R', '11/24/70 13:05', Date.UTC(1970, 10, 24, 13, 5)],
    ['%Y-%j', '2028-366', Date.UTC(2028, 11, 31)],
    ['%s', '-1', -1000],
    ['at %s%%', 'at 12%', 12_000],
    ['%H:%M', '10:30', 37_800_000],
    ['%F %T %Z', '2026-11-24 10:00:00 UTC', Date.UTC(2026, 10, 24, 10)],
  ];
  for (const [pattern, text, ms] of cases) {
    const compiled = compilePattern(pattern);
    t.equal(compiled.parse(text), ms, `${pattern} reads ${text}`);
    t.equal(compiled.spell(ms), text, `${pattern} spells ${text}`);
  }
  t.end();
});

t.test('zones and offsets decide where a local time is', (t) => {
  const offset = compilePattern('%F %T %:z');
  t.equal(offset.parse('2026-11-24 10:00:00 +02:00'), Date.UTC(2026, 10, 24, 8));
  t.equal(offset.parse('2026-11-24 10:00:00 Z'), Date.UTC(2026, 10, 24, 10));
  t.equal(offset.parse('2026-11-24 10:00:00 -0330', 'Europe/Oslo'), Date.UTC(2026, 10, 24, 13, 30));
  t.equal(offset.spell(Date.UTC(2026, 6, 1), 'Europe/Oslo'), '2026-07-01 02:00:00 +02:00');
  const local = compilePattern('%F %T');
  t.equal(local.parse('2026-07-01 02:00:00', 'Europe/Oslo'), Date.UTC(2026, 6, 1));
  t.equal(compilePattern('%F %T %Z').parse('2026-07-01 02:00:00 Europe/Oslo'), Date.UTC(2026, 6, 1));
  t.equal(compilePattern('%b %e %T').parse('Nov  4 10:00:00', undefined, 2026), Date.UTC(2026, 10, 4, 10));
  t.end();
});

t.test('texts that do not fit are NaN', (t) => {
  const cases: ReadonlyArray<readonly [pattern: string, text: string]> = [
    ['%Y-%m-%d', '2026-11-31'],
    ['%Y-%m-%d', '2026-13-01'],
    ['%Y-%m-%d', '2026-11-24 '],
    ['%Y-%m-%d', '26-11-24'],
    ['%Y-%j', '2026-366'],
    ['%H:%M', '24:00'],
    ['%H:%M', '10:60'],
    ['%I %p', '13 PM'],
    ['%I %p', '11 XM'],
    ['%b', 'Nox'],
    ['%F %Z', '2026-11-24 Mars/Olympus'],
    ['%F %z', '2026-11-24 0100'],
    ['%F %z', '2026-11-24 +0160'],
    ['%S.%f', '10.'],
    ['%S.%f', '10.1234567890'],
  ];
  for (const [pattern, text] of cases)
    t.ok(Number.isNaN(compilePattern(pattern).parse(text)), `${pattern} ${text}`);
  t.end();
});

t.test('an unknown directive is a syntax problem that points at it', (t) => {
  for (const [pattern, start, end] of [
    ['%Y-%Q', 3, 5],
    ['%Y %', 3, 4],
    ['no directive', 0, 12],
  ] as const) {
    try {
      compilePattern(pattern);
      t.fail(`${pattern} was taken`);
    } catch (error) {
      if (!isProblem(error)) throw error;
      t.equal(error.details.code, 'syntax');
      t.match(error.details.place, { kind: 'text', start, end });
      t.ok(error.details.hint);
    }
  }
  t.end();
});

t.test('patterns of letters read and spell', (t) => {
  const ms = Date.UTC(2026, 10, 3, 14, 5, 6, 78);
  const time = { localMs: ms, nanos: 900_000, offsetMs: 5.5 * 3_600_000, zone: 'Asia/Kolkata' };
  const cases: ReadonlyArray<readonly [pattern: string, text: string]> = [
    ['yyyy-MM-dd HH:mm:ss.SSS', '2026-11-03 14:05:06.078'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", '2026-11-03T14:05:06.078900000+05:30'],
    ['d/M/yy h:mm a', '3/11/26 2:05 PM'],
    ['EEE, d MMM yyyy HH:mm:ss Z', 'Tue, 3 Nov 2026 14:05:06 +0530'],
    ['EEEE d MMMM uuuu', 'Tuesday 3 November 2026'],
    ['yyyyMMdd', '20261103'],
    ['yyyy-DDD', '2026-307'],
    ["'Q'q yyyy ''yy VV", "Q4 2026 '26 Asia/Kolkata"],
    ['HH x', '14 +0530'],
  ];
  for (const [pattern, text] of cases) {
    const compiled = compileLetterPattern(pattern);
    t.equal(compiled.spell(time), text, `${pattern} spells`);
    if (pattern.includes('SSSSSSSSS')) {
      t.strictSame(compiled.read(text), { localMs: ms, nanos: 900_000, offsetMs: 5.5 * 3_600_000 });
    }
    t.ok(compiled.read(text), `${pattern} reads what it spelled`);
  }
  t.equal(compileLetterPattern('X').spell({ localMs: 0, nanos: 0, offsetMs: 0, zone: 'UTC' }), 'Z');
  t.equal(compileLetterPattern('yy').read('70')?.localMs, Date.UTC(2070, 0, 1));
  t.equal(compileLetterPattern('yyyy-MM-dd').read('2026-1-3'), undefined, 'as many digits as letters');
  for (const pattern of ['yyyy-MM-dd Y', 'HHHHH', "it's", 'yyyy G']) {
    try {
      compileLetterPattern(pattern);
      t.fail(`${pattern} was taken`);
    } catch (error) {
      t.ok(isProblem(error) && error.details.code === 'syntax', pattern);
    }
  }
  t.end();
});
