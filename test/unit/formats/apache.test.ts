import t from 'tap';
import { formatFieldNames } from '../../../src/formats/index.js';
import { problemOf } from './problem-of.js';
import { scanText } from './scan-text.js';

t.test('a combined line has the names of nginx variables', (t) => {
  const text =
    '203.0.113.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /a\\"b HTTP/1.0" 200 2326 "-" "M\\\\4 \\xc3\\xa6"\r\n';
  const { records, refused } = scanText({ name: 'apache' }, text);
  t.strictSame(refused, []);
  t.strictSame(records, [
    {
      time: '2000-10-10T20:55:36.000Z',
      remote_addr: '203.0.113.7',
      remote_logname: null,
      remote_user: 'frank',
      time_local: '10/Oct/2000:13:55:36 -0700',
      request: 'GET /a"b HTTP/1.0',
      method: 'GET',
      path: '/a"b',
      query: null,
      protocol: 'HTTP/1.0',
      status: 200,
      body_bytes_sent: 2326,
      http_referer: null,
      http_user_agent: 'M\\4 æ',
    },
  ]);
  t.end();
});

t.test('directives have units, prefixes, modifiers', (t) => {
  const pattern =
    '%a %D %{ms}T|%T %q %{X-Request-Id}i %{Set-Cookie}o %!200,304{Foo}e %{SSL_PROTOCOL}x %{usec}t %% %U';
  const text = '::1 1234567 250|3 ?a=b id-1 - x TLSv1.3 1795514400987654 % /p\n';
  const { records, refused } = scanText({ name: 'apache', pattern }, text);
  t.strictSame(refused, []);
  t.strictSame(records, [
    {
      time: new Date(1795514400987).toISOString(),
      remote_addr: '::1',
      request_time: 1.234567,
      args: 'a=b',
      http_x_request_id: 'id-1',
      sent_http_set_cookie: null,
      env_foo: 'x',
      ssl_protocol: 'TLSv1.3',
      time_usec: 1795514400987654,
      uri: '/p',
    },
  ]);
  t.end();
});

t.test('a clock in a format of its own is read where it is known, and is text where not', (t) => {
  const known = scanText(
    { name: 'apache', pattern: '[%{%d/%b/%Y:%T %z}t]' },
    '[10/Oct/2000:13:55:36 -0700]\n',
  );
  t.equal(known.records[0]!['time'], '2000-10-10T20:55:36.000Z');
  const other = scanText({ name: 'apache', pattern: '[%{%H o clock}t]' }, '[13 o clock]\n');
  t.strictSame(other.records, [{ time_text: '13 o clock' }]);
  t.end();
});

t.test('a LogFormat line is a pattern; presets are as shipped', (t) => {
  const names = formatFieldNames({ name: 'apache', pattern: 'LogFormat "%h \\"%r\\" %>s" short' });
  t.strictSame(names, ['remote_addr', 'request', 'method', 'path', 'query', 'protocol', 'status']);
  t.ok(formatFieldNames({ name: 'apache', pattern: 'vhost_combined' })?.includes('bytes_sent'));
  t.end();
});

t.test('an unknown directive is refused with its place', (t) => {
  t.match(
    problemOf(() => formatFieldNames({ name: 'apache', pattern: '%h %Z' })),
    { code: 'syntax', message: 'unknown directive %Z', place: { start: 3, end: 5 } },
  );
  t.match(
    problemOf(() => formatFieldNames({ name: 'apache', pattern: 'nothing' })),
    { code: 'syntax' },
  );
  t.end();
});
