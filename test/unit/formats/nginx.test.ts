import t from 'tap';
import { describeFormat, formatFieldNames } from '../../../src/formats/index.js';
import { Tag } from '../../../src/record/index.js';
import { problemOf } from './problem-of.js';
import { scanText } from './scan-text.js';

const line = (request: string, rest = '200 12 "-" "curl"'): string =>
  `203.0.113.7 - - [24/Nov/2026:10:00:00 +0100] "${request}" ${rest}\n`;

t.test('a combined line becomes a record', (t) => {
  const text =
    '203.0.113.7 - bob [24/Nov/2026:10:00:00 +0100] "GET /a/b?x=1&y=2 HTTP/1.1" 404 153 "https://e.com/" "Mozilla/5.0"\n';
  const { texts, refused } = scanText({ name: 'nginx' }, text);
  t.strictSame(refused, []);
  t.strictSame(texts, [
    '{"time":"2026-11-24T09:00:00.000Z","remote_addr":"203.0.113.7","remote_user":"bob",' +
      '"time_local":"24/Nov/2026:10:00:00 +0100","request":"GET /a/b?x=1&y=2 HTTP/1.1","method":"GET","path":"/a/b",' +
      '"query":"x=1&y=2","protocol":"HTTP/1.1","status":404,"body_bytes_sent":153,"http_referer":"https://e.com/",' +
      '"http_user_agent":"Mozilla/5.0"}',
  ]);
  t.end();
});

t.test('columns are numbers, plain text, nulls and instants, without a detour over text', (t) => {
  const { columns, tags } = scanText({ name: 'nginx' }, line('GET /x HTTP/1.1'), {
    paths: [['status'], ['path'], ['http_referer'], ['time'], ['nothing'], ['status', 'deeper'], ['query']],
  });
  t.strictSame(tags, [[Tag.number, Tag.text, Tag.null, Tag.instant, Tag.missing, Tag.missing, Tag.null]]);
  t.strictSame(columns, [[200, '/x', null, '2026-11-24T09:00:00.000Z', null, null, null]]);
  t.end();
});

t.test('the presets have the fields of their variables', (t) => {
  t.strictSame(formatFieldNames({ name: 'nginx', pattern: 'common' })?.at(-1), 'body_bytes_sent');
  t.strictSame(formatFieldNames({ name: 'nginx', pattern: 'main' })?.at(-1), 'http_x_forwarded_for');
  t.strictSame(formatFieldNames({ name: 'nginx', pattern: 'vhost_combined' })?.slice(0, 4), [
    'time',
    'server_name',
    'server_port',
    'remote_addr',
  ]);
  t.equal(describeFormat({ name: 'nginx' }), 'nginx combined');
  t.equal(describeFormat({ name: 'nginx', pattern: '$status $request' }), "nginx '$status $request'");
  t.end();
});

t.test('request lines that are none have no parts and are kept', (t) => {
  const requests = ['GET /', '-', '', 'GET', 'hello world', 'GET  HTTP/1.1', 'GET /a b HTTP/1.1', 'GET /?'];
  const { records, refused } = scanText({ name: 'nginx' }, requests.map((one) => line(one)).join(''));
  t.strictSame(refused, []);
  t.strictSame(
    records.map(({ request, method, path, query, protocol }) => [request, method, path, query, protocol]),
    [
      ['GET /', 'GET', '/', null, null],
      [null, null, null, null, null],
      ['', null, null, null, null],
      ['GET', null, null, null, null],
      ['hello world', null, null, null, null],
      ['GET  HTTP/1.1', 'GET', ' HTTP/1.1', null, null],
      ['GET /a b HTTP/1.1', 'GET', '/a b', null, 'HTTP/1.1'],
      ['GET /?', 'GET', '/', '', null],
    ],
  );
  t.end();
});

t.test('nginx escapes are decoded, unless what they spell is not UTF-8', (t) => {
  const { records } = scanText(
    { name: 'nginx' },
    line('GET /sm\\xC3\\xB8r?q=\\x22x\\x5C HTTP/1.1') + line('\\x16\\x03\\x01\\xEE'),
  );
  t.equal(records[0]!['path'], '/smør');
  t.equal(records[0]!['query'], 'q="x\\');
  t.equal(records[1]!['request'], '\\x16\\x03\\x01\\xEE');
  t.end();
});

t.test('escape=none leaves backslashes alone, escape=json decodes as JSON does', (t) => {
  const format = (kind: string): string => `log_format one escape=${kind} '"$request" $status';`;
  const none = scanText({ name: 'nginx', pattern: format('none') }, '"GET /a\\x22" 200\n');
  t.equal(none.records[0]!['path'], '/a\\x22');
  const json = scanText({ name: 'nginx', pattern: format('json') }, '"GET /\\u00e6\\"\\ud83d\\ude00" 200\n');
  t.equal(json.records[0]!['path'], '/æ"😀');
  t.end();
});

t.test('a directive as it stands in nginx.conf is a pattern', (t) => {
  const pattern = `log_format timed '$remote_addr [$time_iso8601] '
    '"\${request}" $request_time $upstream_response_time $status';`;
  const text = '::1 [2026-11-24T10:00:00+01:00] "GET / HTTP/2.0" 0.005 0.1, 0.2 : 0.3 000\n';
  const { records, refused } = scanText({ name: 'nginx', pattern }, text);
  t.strictSame(refused, []);
  t.match(records[0], {
    time: '2026-11-24T09:00:00.000Z',
    request_time: 0.005,
    upstream_response_time: '0.1, 0.2 : 0.3',
    status: 0,
  });
  t.end();
});

t.test('the finest clock of a pattern gives the time', (t) => {
  const pattern = '[$time_local] $msec';
  const { records } = scanText({ name: 'nginx', pattern }, '[24/Nov/2026:10:00:00 +0000] 1795514400.987\n');
  t.equal(records[0]!['time'], new Date(1795514400987).toISOString());
  t.equal(records[0]!['msec'], 1795514400.987);
  t.end();
});

t.test('a clock that cannot be read is a null time', (t) => {
  const clocks = [
    '31/Feb/2026:10:00:00 +0000',
    '24/Foo/2026:10:00:00 +0000',
    '24/Nov/2026:24:00:00 +0000',
    'x',
    '24/Nov/2026:10:00:00 -0130',
    '29/Feb/2024:23:59:60 +0000',
  ];
  const { records } = scanText(
    { name: 'nginx', pattern: '[$time_local]' },
    clocks.map((one) => `[${one}]\n`).join(''),
  );
  t.strictSame(
    records.map(({ time }) => time),
    [null, null, null, null, '2026-11-24T11:30:00.000Z', '2024-03-01T00:00:00.000Z'],
  );
  t.end();
});

t.test('a line that does not match says where and after which variable', (t) => {
  const { refused } = scanText(
    { name: 'nginx' },
    ['garbage\n', '\n', line('GET / HTTP/1.1', '200 1 "-" "curl'), line('GET /', '200 1 "-" "x" more')].join(
      '',
    ),
  );
  t.strictSame(
    refused.map(({ line, reason }) => [line, reason]),
    [
      [1, "expected ' - ' after $remote_addr, which begins at column 1"],
      [3, "expected '\"' after $http_user_agent, which begins at column 74"],
      [4, 'expected the end of the line after $http_user_agent at column 67'],
    ],
  );
  t.end();
});

t.test('a pattern that cannot be read is refused with its place', (t) => {
  const read = (pattern: string) => () => formatFieldNames({ name: 'nginx', pattern });
  t.match(problemOf(read('$a$b')), { code: 'syntax', message: 'nothing separates $a from $b' });
  t.match(problemOf(read('combinde')), { code: 'syntax', hint: /combined/ });
  t.end();
});
