import t from 'tap';
import { scanText } from './scan-text.js';

const clock = { nowMs: Date.UTC(2026, 10, 24, 12) };
const scan = (text: string, paths: readonly (readonly string[])[] = []) =>
  scanText({ name: 'syslog' }, text, { clock, paths });

t.test('RFC 3164 with its priority, tag and process', (t) => {
  const { records } = scan("<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed\n");
  t.strictSame(records, [
    {
      time: '2026-10-11T22:14:15.000Z',
      facility: 'auth',
      severity: 'crit',
      hostname: 'mymachine',
      app: 'su',
      procid: 12,
      msgid: null,
      structured_data: null,
      message: "'su root' failed",
    },
  ]);
  t.end();
});

t.test('lines of files: no priority, no tag, an ISO time', (t) => {
  const { records } = scan(
    [
      'Nov  4 10:00:00 host kernel: [ 12.3] up',
      'Nov 24 10:00:00 host -- MARK --',
      '2026-11-24T10:00:00.123456+01:00 host app[7]: x',
      'Nov 24 10:00:00 host app[]:',
    ].join('\n'),
  );
  t.strictSame(
    records.map(({ time, facility, app, procid, message }) => [time, facility, app, procid, message]),
    [
      ['2026-11-04T10:00:00.000Z', null, 'kernel', null, '[ 12.3] up'],
      ['2026-11-24T10:00:00.000Z', null, null, null, '-- MARK --'],
      ['2026-11-24T09:00:00.123Z', null, 'app', 7, 'x'],
      ['2026-11-24T10:00:00.000Z', null, 'app', null, ''],
    ],
  );
  t.end();
});

t.test('the year of a time without one is the latest that is not ahead', (t) => {
  const { records } = scan(['Nov 30', 'Dec 24', 'Feb 29'].map((day) => `${day} 00:00:00 h a: m\n`).join(''));
  t.strictSame(
    records.map(({ time }) => String(time).slice(0, 10)),
    ['2026-11-30', '2025-12-24', '2024-02-29'],
  );
  const given = scanText({ name: 'syslog' }, 'Dec 24 00:00:00 h a: m\n', { clock: { nowMs: 0, year: 1999 } });
  t.equal(given.records[0]!['time'], '1999-12-24T00:00:00.000Z');
  t.end();
});

t.test('RFC 5424 with structured data as a nested object', (t) => {
  const text =
    '<165>1 2003-10-11T22:14:15.003Z m.example.com evntslog - ID47 [a@1 iut="3" src="App\\]\\"l C:\\n" iut="4"][b] \ufeffAn entry\n';
  const { records, columns } = scan(text, [
    ['structured_data', 'a@1', 'src'],
    ['structured_data', 'a@1'],
    ['structured_data', 'zzz'],
    ['severity'],
  ]);
  t.match(records[0], {
    time: '2003-10-11T22:14:15.003Z',
    facility: 'local4',
    severity: 'notice',
    procid: null,
    msgid: 'ID47',
    structured_data: { 'a@1': { iut: ['3', '4'], src: 'App]"l C:\\n' }, b: {} },
    message: 'An entry',
  });
  t.strictSame(columns[0], ['App]"l C:\\n', { iut: ['3', '4'], src: 'App]"l C:\\n' }, null, 'notice']);
  t.end();
});

t.test('RFC 5424 without time, data and message', (t) => {
  const { records } = scan('<0>1 - - - - - -\n');
  t.strictSame(Object.values(records[0]!), [null, 'kern', 'emerg', null, null, null, null, null, null]);
  t.end();
});

t.test('what is no syslog is refused', (t) => {
  const { refused } = scan(
    [
      '<999>Oct 11 22:14:15 h a: m',
      'hello',
      '<1>1 yesterday h a - - -',
      '<1>1 - h a',
      '<1>1 - h a - - [x y]',
      '<1>1 - h a - - [x y="',
      'Oct 11 22:14:15',
    ].join('\n'),
  );
  t.strictSame(
    refused.map(({ reason }) => reason),
    [
      'malformed priority at column 1',
      'expected a time at column 1',
      'expected a time at column 6',
      'the line ends before procid',
      'malformed structured data at column 20',
      'malformed structured data at column 22',
      'expected a host name at column 17',
    ],
  );
  t.end();
});
