/**
 * Forms of event time: found from a sample, named on the stream line, read from numbers and bytes, spelled
 * again.
 */
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import {
  detectForm,
  formFromName,
  formName,
  instantFromBytes,
  instantFromDigits,
  instantFromNumber,
  instantFromText,
  spellInstant,
  type TimeForm,
} from '../../../src/time/index.js';

const noon = Date.UTC(2026, 10, 24, 12, 0, 0);

function formOf(sample: number | string, options: { pattern?: string; zone?: string } = {}): TimeForm {
  const form = detectForm(sample, options);
  if (form === undefined) throw new Error(`no form for ${sample}`);
  return form;
}

function fromBytes(form: TimeForm, text: string): number {
  const bytes = Buffer.from(`xx${text}yy`);
  return instantFromBytes(form, bytes, 2, bytes.length - 4);
}

t.test('the form of a sample is found, has a name, and reads and spells the sample', (t) => {
  const cases: ReadonlyArray<
    readonly [
      sample: number | string,
      name: string,
      ms: number,
      options?: { pattern?: string; zone?: string },
    ]
  > = [
    [noon, 'epoch-ms', noon],
    [noon / 1000, 'epoch-s', noon],
    [noon / 1000 + 0.25, 'epoch-s.3', noon + 250],
    [noon * 1000, 'epoch-us', noon],
    [noon * 1e6, 'epoch-ns', noon],
    [-1, 'epoch-s', -1000],
    [String(noon), 'epoch-ms:quoted', noon],
    [`${noon / 1000}.250`, 'epoch-s.3:quoted', noon + 250],
    [`${noon}000000`, 'epoch-ns:quoted', noon],
    ['2026-11-24T12:00:00.000Z', 'iso.3Z', noon],
    ['2026-11-24T12:00:00Z', 'isoZ', noon],
    ['2026-11-24T12:00:00', 'iso', noon],
    ['2026-11-24T13:00:00.5', 'iso.1@Europe/Oslo', noon + 500, { zone: 'Europe/Oslo' }],
    ['2026-11-24T13:00:00.123456+01:00', 'iso.6offset@+01:00', noon + 123],
    ['2026-11-24T12:00:00+00:00', 'isooffset', noon],
    ['2026-11-24 12:00:00', 'sql', noon],
    ['2026-11-24 12:00:00.250', 'sql.3', noon + 250],
    ['2026-11-24 06:30:00-05:30', 'sqloffset@-05:30', noon],
    ['24/Nov/2026:13:00:00 +0100', 'pattern@+01:00 %d/%b/%Y:%T %z', noon, { pattern: '%d/%b/%Y:%T %z' }],
    [
      '2026-11-24 13:00:00,250',
      'pattern.3@Europe/Oslo %F %T,%f',
      noon + 250,
      { pattern: '%F %T,%f', zone: 'Europe/Oslo' },
    ],
  ];
  for (const [sample, name, ms, options] of cases) {
    const form = formOf(sample, options);
    t.equal(formName(form), name);
    t.strictSame(formFromName(name), form, `${name} is read back`);
    t.equal(
      typeof sample === 'number' ? instantFromNumber(form, sample) : instantFromText(form, sample),
      ms,
      `instant of ${sample}`,
    );
    if (typeof sample === 'string') t.equal(fromBytes(form, sample), ms, `instant of the bytes of ${sample}`);
    const spelled = spellInstant(form)(ms);
    if (!name.startsWith('iso.6')) t.equal(spelled, sample, `${sample} is spelled as it came`);
  }
  t.end();
});

t.test('what looks like no time has no form', (t) => {
  for (const sample of [
    '',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '2026-02-29 00:00:00',
    '24/Nov/2026',
    '1e9',
    ' 5',
  ]) {
    t.equal(detectForm(sample), undefined, JSON.stringify(sample));
  }
  t.equal(detectForm(Number.NaN), undefined);
  t.equal(detectForm(5, { pattern: '%s' }), undefined, 'a pattern asks for a text');
  t.equal(detectForm('x', { pattern: '%Y' }), undefined, 'a text that the pattern does not fit');
  t.end();
});

t.test('a value of another form is not an instant', (t) => {
  const iso = formOf('2026-11-24T12:00:00Z');
  const number = formOf(noon);
  const quoted = formOf(String(noon));
  t.ok(Number.isNaN(instantFromNumber(iso, noon)));
  t.ok(Number.isNaN(instantFromText(number, String(noon))));
  t.ok(Number.isNaN(instantFromNumber(quoted, noon)));
  t.ok(Number.isNaN(instantFromText(iso, '2026-11-24 12:00:00Z')), 'a space where T was');
  t.ok(Number.isNaN(instantFromText(formOf('2026-11-24 12:00:00'), '2026-11-24T12:00:00')));
  t.ok(Number.isNaN(instantFromDigits(quoted, Buffer.from('5'), 0, 1)));
  t.end();
});

t.test('ISO texts that are not quite right are refused', (t) => {
  const form = formOf('2026-11-24T12:00:00.000Z');
  const bad = [
    '2026-11-24T12:00:00.000z0',
    '2026-11-24T12:00:60.000Z',
    '2026-11-24T24:00:00.000Z',
    '2026-11-24T12:60:00.000Z',
    '2026-11-31T12:00:00.000Z',
    '2026-00-24T12:00:00.000Z',
    '2026-11-00T12:00:00.000Z',
    '2025-02-29T12:00:00.000Z',
    '1900-02-29T12:00:00.000Z',
    '2026-11-24T12:00:00.00:Z',
    '2026-11-24T12:00:00./00Z',
    '2026-11-24T12:00:00.Z',
    '2026-11-24T12:00:00.1234567890Z',
    '2026/11-24T12:00:00.000Z',
    '2026-11-24T12.00:00.000Z',
    '2026-11-24T12:00.00.000Z',
    '2026-11-24T12:0',
    '2026-11-24T12:00:0',
    '2026-11-24T12:00:00+',
    '2026-11-24T12:00:00+1',
    '2026-11-24T12:00:00+24:00',
    '2026-11-24T12:00:00+01:60',
    '2026-11-24T12:00:00+01-00',
    '2026-11-24T',
    '2026-11-2',
    '+2026-11-24T12:00:00Z',
    '2026-11-24T12:00:00 Z',
  ];
  for (const text of bad) t.ok(Number.isNaN(fromBytes(form, text)), text);
  const good: ReadonlyArray<readonly [string, number]> = [
    ['2026-11-24T12:00', noon],
    ['2026-11-24', noon - 12 * 3_600_000],
    ['2026-11-24t12:00:00z', noon],
    ['2026-11-24t12:00:00.500Z', noon + 500],
    ['2026-11-24T12:00:00.500Z', noon + 500],
    ['2026-11-24T12:01:00.500Z', noon + 60_500],
    ['2026-11-24T12:00:00,5Z', noon + 500],
    ['2026-11-24T12:00:00.999999999Z', noon + 999],
    ['2026-11-24T13:00+01', noon],
    ['2026-11-24T13:00:00+0100', noon],
    ['0000-01-01T00:00:00.000Z', -62_167_219_200_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['2000-02-29T00:00:00.000Z', Date.UTC(2000, 1, 29)],
  ];
  for (const [text, ms] of good) t.equal(fromBytes(form, text), ms, text);
  t.end();
});

t.test('finer than a millisecond is cut off, never rounded', (t) => {
  const digits = (kind: TimeForm['kind'], text: string): number => {
    const form: TimeForm = { kind, quoted: false, fractionDigits: 0, suffix: '' };
    return instantFromDigits(form, Buffer.from(text), 0, text.length);
  };
  t.equal(digits('epoch-ns', '1432108800123999999'), 1432108800123);
  t.equal(digits('epoch-ns', '1432108800123000000'), 1432108800123);
  t.equal(digits('epoch-ns', '-1'), -1);
  t.equal(digits('epoch-us', '-1000'), -1);
  t.equal(digits('epoch-us', '-1001'), -2);
  t.equal(digits('epoch-s', '1432108800.1239999'), 1432108800123);
  t.equal(digits('epoch-s', '-0.0001'), -1);
  t.equal(digits('epoch-s', '1.5e3'), 1_500_000, 'an exponent goes by the double');
  t.equal(digits('epoch-ms', '12.9'), 12);
  t.ok(Object.is(digits('epoch-ms', '-0'), 0));
  t.ok(Number.isNaN(digits('epoch-s', '99999999999999')), 'out of range');
  const ns: TimeForm = { kind: 'epoch-ns', quoted: false, fractionDigits: 0, suffix: '' };
  t.equal(
    instantFromNumber(ns, 1432108800123e6),
    1432108800123,
    'although the nearest double lies elsewhere',
  );
  t.end();
});

t.test('milliseconds of a window bound are never lost', (t) => {
  t.equal(spellInstant(formOf('2026-11-24T12:00:00Z'))(noon + 5), '2026-11-24T12:00:00.005Z');
  t.equal(spellInstant(formOf('2026-11-24T12:00:00.0Z'))(noon + 500), '2026-11-24T12:00:00.5Z');
  t.equal(spellInstant(formOf('2026-11-24T12:00:00.0Z'))(noon + 50), '2026-11-24T12:00:00.050Z');
  t.equal(spellInstant(formOf('2026-11-24T12:00:00.000000Z'))(noon), '2026-11-24T12:00:00.000000Z');
  t.equal(spellInstant(formOf('1.5'))(1001), '1.001');
  t.equal(spellInstant(formOf('1.50'))(-1500), '-1.500');
  t.equal(spellInstant(formOf('1'))(2000), '2');
  t.end();
});

t.test('a form that is not understood is a problem of the control line', (t) => {
  for (const name of ['', 'epoch', 'iso.33Z', 'pattern', 'epoch-ms %Y', 'isoX']) {
    try {
      formFromName(name);
      t.fail(`${name} was taken`);
    } catch (error) {
      t.ok(isProblem(error) && error.details.code === 'control-line', name);
    }
  }
  t.end();
});
