/** Time held against slow definitions: Date for the calendar and ISO texts, brute force for windows. */
import fc from 'fast-check';
import t from 'tap';
import {
  type AlignedShape,
  civilFromDays,
  compilePattern,
  createAssigner,
  daysFromCivil,
  detectForm,
  formatDuration,
  formFromName,
  formName,
  instantFromBytes,
  instantFromDigits,
  instantFromNumber,
  instantFromText,
  localToEpoch,
  parseDuration,
  spellInstant,
  type TimeForm,
  zoneOffsetMs,
} from '../../src/time/index.js';

const day = 86_400_000;
const years0to9999 = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const recent = fc.integer({ min: -600_000_000_000, max: 5_000_000_000_000 });
const zones = fc.constantFrom(
  'Europe/Oslo',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
);

t.test('durations survive being spelled and read', (t) => {
  fc.assert(fc.property(fc.nat(1e12), (ms) => parseDuration(formatDuration(ms)) === ms));
  t.pass();
  t.end();
});

t.test('the calendar agrees with Date', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (days) => {
      const date = new Date(days * day);
      const { year, month, day: dayOfMonth } = civilFromDays(days);
      t.equal(year, date.getUTCFullYear());
      t.equal(month, date.getUTCMonth() + 1);
      t.equal(dayOfMonth, date.getUTCDate());
      return daysFromCivil(year, month, dayOfMonth) === days;
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('ISO texts agree with Date, as bytes and back', (t) => {
  const form = detectForm('2026-11-24T10:00:00.000Z')!;
  const spell = spellInstant(form);
  fc.assert(
    fc.property(years0to9999, (ms) => {
      const text = new Date(ms).toISOString();
      const bytes = Buffer.from(text);
      return instantFromBytes(form, bytes, 0, bytes.length) === ms && spell(ms) === text;
    }),
    { numRuns: 1000 },
  );
  t.pass();
  t.end();
});

t.test('a changed ISO text is refused or is the time that Date finds in it', (t) => {
  const form = detectForm('2026-11-24T10:00:00.000Z')!;
  const anywhere = fc.tuple(years0to9999, fc.nat(23), fc.constantFrom(...'0123456789-:.TZ+ /'));
  fc.assert(
    fc.property(anywhere, ([ms, at, character]) => {
      const text = new Date(ms).toISOString();
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      const found = instantFromText(form, changed);
      // Date moves 30 February on to March; leat refuses it.
      const expected = Date.parse(changed);
      return Number.isNaN(found) || found === expected;
    }),
    { numRuns: 1000 },
  );
  t.pass();
  t.end();
});

t.test('every form reads back what it spells, and its name', (t) => {
  const forms = fc.record({
    kind: fc.constantFrom<TimeForm['kind']>('epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'iso', 'sql'),
    quoted: fc.boolean(),
    fractionDigits: fc.integer({ min: 0, max: 9 }),
    suffix: fc.constantFrom<TimeForm['suffix']>('Z', '', 'offset'),
    zone: fc.option(fc.constantFrom('+05:30', '-03:00', 'Asia/Kolkata', 'UTC'), { nil: undefined }),
  });
  fc.assert(
    fc.property(forms, recent, ({ zone, quoted, suffix, ...rest }, ms) => {
      const epoch = rest.kind.startsWith('epoch');
      const form: TimeForm = {
        ...rest,
        quoted: epoch && quoted,
        suffix: epoch ? '' : suffix,
        ...(zone === undefined || epoch ? {} : { zone }),
      };
      t.strictSame(formFromName(formName(form)), form);
      const spelled = spellInstant(form)(ms);
      if (typeof spelled === 'string') return instantFromText(form, spelled) === ms;
      const digits = Buffer.from(JSON.stringify(spelled));
      // Nanoseconds beyond 2^53 are no longer spelled exactly by a double.
      if (form.kind === 'epoch-ns') return Math.abs(instantFromNumber(form, spelled) - ms) <= 0;
      return (
        instantFromNumber(form, spelled) === ms && instantFromDigits(form, digits, 0, digits.length) === ms
      );
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('patterns read back what they spell', (t) => {
  const patterns = fc.constantFrom(
    '%F %T.%f',
    '%d/%b/%Y:%H:%M:%S.%f %z',
    '%A %e %B %Y %I:%M:%S.%f %p',
    '%Y-%j %T.%f',
  );
  fc.assert(
    fc.property(patterns, years0to9999, (pattern, ms) => {
      const compiled = compilePattern(pattern);
      return compiled.parse(compiled.spell(ms)) === ms;
    }),
    { numRuns: 500 },
  );
  t.pass();
  t.end();
});

t.test('a local time stands for an instant that shows it, the first one, or was skipped', (t) => {
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 60_000 }), (zone, halfHours) => {
      const local = Date.UTC(2009, 0, 1) + halfHours * 1_800_000;
      const instant = localToEpoch(zone, local);
      const shown = instant + zoneOffsetMs(zone, instant);
      if (shown === local) {
        for (let earlier = instant - day; earlier < instant; earlier += 1_800_000) {
          if (earlier + zoneOffsetMs(zone, earlier) === local) return false;
        }
        return true;
      }
      for (let other = instant - day; other <= instant + day; other += 1_800_000) {
        if (other + zoneOffsetMs(zone, other) === local) return false;
      }
      return shown > local;
    }),
    { numRuns: 300 },
  );
  t.pass();
  t.end();
});

function assign(shape: AlignedShape, time: number): Array<readonly [start: number, end: number]> {
  const assigner = createAssigner(shape);
  const starts = new Float64Array(assigner.most);
  const ends = new Float64Array(assigner.most);
  const count = assigner.assign(time, starts, ends);
  return Array.from({ length: count }, (_, index) => [starts[index]!, ends[index]!] as const);
}

t.test('aligned windows are those of the definition, counted one by one', (t) => {
  const sizes = fc.record({ step: fc.integer({ min: 1, max: 20 }), count: fc.integer({ min: 1, max: 6 }) });
  const offset = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(sizes, offset, fc.integer({ min: -500, max: 500 }), ({ step, count }, offsetMs, time) => {
      const size = step * count;
      const hops: Array<readonly [number, number]> = [];
      const cumulated: Array<readonly [number, number]> = [];
      for (let k = 700; k >= -700; k--) {
        const start = offsetMs + k * step;
        if (start <= time && time < start + size) hops.push([start, start + size]);
        const whole = offsetMs + k * size;
        if (whole > time || time >= whole + size) continue;
        for (let end = whole + step; end <= whole + size; end += step)
          if (time < end) cumulated.push([whole, end]);
      }
      t.strictSame(assign({ shape: 'hop', sizeMs: size, slideMs: step, offsetMs }, time), hops);
      t.strictSame(assign({ shape: 'cumulate', maxMs: size, stepMs: step, offsetMs }, time), cumulated);
      t.strictSame(
        assign({ shape: 'tumble', sizeMs: step, offsetMs }, time),
        assign({ shape: 'hop', sizeMs: step, slideMs: step, offsetMs }, time),
      );
      return true;
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test(
  'windows in a zone follow each other without hole or overlap, and days start at local midnight',
  (t) => {
    const size = fc.constantFrom(
      day,
      7 * day,
      day / 4,
      day / 24,
      day / 48,
      7 * 60_000,
      45 * 60_000,
      5 * 3_600_000,
    );
    fc.assert(
      fc.property(
        zones,
        size,
        fc.integer({ min: 1_262_304_000_000, max: 1_800_000_000_000 }),
        (zone, sizeMs, time) => {
          const shape: AlignedShape = { shape: 'tumble', sizeMs, offsetMs: 0, zone };
          let at = time;
          for (let k = 0; k < 20; k++) {
            const [[start, end] = [0, 0]] = assign(shape, at);
            if (!(start <= at && at < end)) return false;
            const again = assign(shape, start)[0]!;
            const last = assign(shape, end - 1)[0]!;
            if (again[0] !== start || again[1] !== end || last[0] !== start || last[1] !== end) return false;
            if (assign(shape, end)[0]![0] !== end) return false;
            if (sizeMs % day === 0 && (start + zoneOffsetMs(zone, start)) % day !== 0) {
              // Only where the clock jumped over midnight.
              if (zoneOffsetMs(zone, start - 1) === zoneOffsetMs(zone, start)) return false;
            }
            at = end;
          }
          return true;
        },
      ),
      { numRuns: 200 },
    );
    t.pass();
    t.end();
  },
);
