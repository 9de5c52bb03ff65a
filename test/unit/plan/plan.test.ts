import t from 'tap';
import { isProblem, type ProblemDetails } from '../../../src/diagnostics/index.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import {
  checkPlan,
  explainPlan,
  physicalSteps,
  planFromJson,
  planToJson,
  whatGrows,
  whatStalls,
} from '../../../src/plan/index.js';

const nginxFields = ['remote_addr', 'status', 'path', 'body_bytes_sent', 'time'];

function problemsOf(text: string): readonly ProblemDetails[] {
  const formatFields = ({ name }: { name: string }) => (name === 'nginx' ? nginxFields : undefined);
  return checkPlan(parsePipeline(text), { formatFields }).map(({ details }) => details);
}

function messages(text: string): string[] {
  return problemsOf(text).map(({ message }) => message);
}

t.test('an operator that begins anew with time is told that it does not know of idleness', (t) => {
  const told = (text: string) => whatStalls(parsePipeline(text));
  const from = 'from app.log --follow --time t --idle 5s';
  const window = 'window tumble 10s --time t';
  t.match(told(`${from} | filter v > 0 | ${window} | aggregate count(*)`), [
    /^3-window says --time itself.*--idle/,
  ]);
  t.match(told(`${from} | sort --time t`), [/^2-sort says/]);
  t.same(told(`${from} | ${window} --idle 5s | aggregate count(*)`), []);
  t.same(told(`${from} | window tumble 10s | aggregate count(*)`), []);
  t.same(told(`from app.log --follow --time t | ${window} | aggregate count(*)`), []);
  t.end();
});

t.test('plans that can be answered have no problems', (t) => {
  for (const text of [
    'filter a',
    'from x | window tumble 1m | aggregate count(*) --by a',
    'from x --format nginx | filter status >= 500 | window tumble 1m | aggregate count(*) --by path',
    'from x | parse nginx | window tumble 1m | aggregate p95(body_bytes_sent)',
    'from x | aggregate count(*) as n --by a | filter n > 3 | select a, n',
    'from x | window tumble 1m | select *, b as c --drop d | aggregate sum(c) --by window_start',
    'from x | window tumble 1m | aggregate count(*) as n | window tumble 1h | aggregate max(n)',
    'gen clicks | window tumble 1m --time ts | aggregate count(*)',
    'gen clicks --count 5 | aggregate count(*)',
    'gen access-log --count 3',
    'gen access-log | parse nginx | filter status = 500',
    'aggregate rate(*) --by a',
    'filter a | aggregate count(*) as n | filter country = 1',
    'from x | select a, b | flatten b --as item | filter item > a',
  ]) {
    t.strictSame(messages(text), [], text);
  }
  t.end();
});

t.test('a column that certainly is not there is shown with the nearest one', (t) => {
  const nearest = (text: string) => problemsOf(text).map(({ code, hint }) => `${code}: ${hint}`);
  t.strictSame(nearest('from x --format nginx | filter statsu = 500'), [
    'unknown-name: did you mean status?',
  ]);
  t.strictSame(nearest('from x | select ts, page | filter pgae = 1'), ['unknown-name: did you mean page?']);
  t.match(nearest('from x | aggregate count(*) as hits --by page | filter hist > 1')[0], 'hits');
  t.equal(messages('from x | select * --drop a | filter a = 1').length, 1);
  t.equal(messages('from x | select a, b | aggregate sum(c) filter (where d) --by e').length, 3);
  t.match(messages('from x --format nginx | select path | window tumble 1m')[0], 'no field time');
  t.end();
});

t.test('questions without an answer are refused', (t) => {
  t.match(messages('gen clicks | aggregate count(*)')[0], 'never ends');
  t.match(messages('from a.log --follow | aggregate count(*)')[0], 'never ends');
  t.same(messages('from a.log --follow --time ts | window tumble 1m | aggregate count(*)'), []);
  t.match(messages('from x | aggregate rate(*)')[0], 'rate is per second of a window');
  t.match(messages('from x | window tumble 1m | window tumble 1h')[0], 'in a window already');
  t.match(
    messages('from x | window tumble 1m | select a | aggregate count(*)')[0],
    'dropped window_start and window_end',
  );
  t.match(messages('from x | keyby page as n | aggregate count(*) as n')[0], 'would be called n');
  t.match(messages('from x | window tumble 1m --by a as window_end')[0], 'cannot be called window_end');
  t.match(messages('from x --zone Europe/Olso --time a')[0], 'Europe/Olso');
  t.match(messages('gen access-log | filter a')[0], 'lines of text');
  t.match(messages('from x | filter a | parse nginx')[0], 'parse');
  t.match(messages('from x --format csv | parse nginx')[0], 'already read as csv');
  t.match(messages('from x | filter a | filter upperr(b)')[0], '3-filter: ');
  t.end();
});

t.test('dedup needs a key, a time for --within, and an end', (t) => {
  t.match(messages('from x | dedup')[0], 'nothing says which records belong together');
  t.same(messages('dedup'), [], 'a stage before may have said the key');
  t.same(messages('from x | keyby a | dedup'), []);
  t.match(messages('gen clicks | dedup --by user --last')[0], 'never ends');
  t.match(messages('gen clicks | sort --by user')[0], 'never ends');
  t.match(messages('from x --time t | window tumble 1m | sort')[0], 'in windows');
  t.match(messages('from x | select a | sort')[0], 'no field time');
  t.strictSame(messages('gen clicks | sort --time ts | window tumble 1m'), []);
  t.same(messages('gen clicks | dedup --by user --last --within 1m --time ts'), []);
  t.match(messages('from x --format nginx | select path | dedup --by path --within 1m')[0], 'no field time');
  t.match(messages('from x | window tumble 1m | dedup --by a --within 1m')[0], 'in windows');
  t.match(messages('from x | window tumble 1m | select a | dedup --by a')[0], 'dropped window_start');
  t.match(messages('from x --format nginx | dedup --by statsu')[0], 'statsu');
  t.end();
});

t.test('what dedup remembers and when it gives it is explained, and said where it grows', (t) => {
  const explained = (text: string) => explainPlan(parsePipeline(text)).split('\n').slice(0, 3);
  t.strictSame(explained('from x | dedup --by a, b'), [
    '2-dedup: keeps the first record by a, b',
    '     remembers every key for ever',
    '└─ 1-from: reads x as NDJSON',
  ]);
  t.match(explained('from x --time t --delay 2s | dedup --by a --last --within 1m'), [
    '2-dedup: keeps the last record by a within 1m',
    '     event time: t, delay 1m2s',
  ]);
  t.match(
    explained('from x | dedup --by a --last')[0],
    'keeps the last record by a, at the end of the input',
  );
  t.match(explained('from x | window tumble 1m | dedup --by a'), [
    '3-dedup: keeps the first record by a of each window',
    '     event time: window_end, delay 0s',
  ]);
  t.match(whatGrows(parsePipeline('gen clicks | dedup --by user'))[0], '2-dedup remembers every key');
  t.same(whatGrows(parsePipeline('gen clicks | dedup --by user --max-keys 9')), []);
  t.same(whatGrows(parsePipeline('gen clicks --time ts | dedup --by user --within 1m')), []);
  t.same(whatGrows(parsePipeline('from x | dedup --by user')), []);
  t.end();
});

t.test('top needs something to compare by, and an end or windows', (t) => {
  t.match(messages('gen clicks | top 3 --by bytes')[0], 'never ends');
  t.match(messages('gen clicks --time ts | window tumble 1m | top 3 --by bytes --overall')[0], 'never ends');
  t.same(messages('gen clicks --time ts | window tumble 1m | top 3 --by bytes'), []);
  t.same(messages('gen clicks --time ts | window tumble 1m | aggregate count(*) as n | top 3 --by n'), []);
  t.match(messages('from x --format nginx | top 3 --by statsu')[0], 'statsu');
  t.throws(() => parsePipeline('from x | top 3'), /has to know what to compare/);
  t.throws(() => parsePipeline('from x | top many --by v'), /many is none/);
  t.throws(() => parsePipeline('from x | top 0 --by v'), /0 is none/);
  const sentence = (text: string) => explainPlan(parsePipeline(text)).split('\n')[0];
  t.match(
    sentence('from x | top 3 --by v * 2 --per a'),
    '3 records with the greatest v * 2, per a, at the end',
  );
  t.match(
    sentence('from x | window tumble 1m | aggregate count(*) as n | top 1 --by n --asc'),
    'the record with the least n, of each window',
  );
  t.end();
});

t.test('over needs event time and names of its own, and says what it remembers', (t) => {
  t.match(messages('from x | select a | over sum(a)')[0], 'no field time');
  t.match(messages('from x --time t | window tumble 1m | over sum(a)')[0], 'in windows');
  t.match(messages('from x --time t | over max(a) as t')[0], 'take the place of t');
  t.match(messages('from x --time t | keyby k | over max(a) as k')[0], 'take the place of k');
  t.match(messages('from x --time t | over rate(*)')[0], 'rate is per second of a window');
  t.match(messages('from x --time t | over lag(a) filter (where b)')[0], 'no FILTER');
  t.match(messages('from x --time t | select t, a | over sum(b)')[0], 'b');
  t.strictSame(messages('gen clicks | over sum(bytes) as s --time ts | window tumble 1m'), []);
  t.throws(() => parsePipeline('from x | aggregate lag(a)'), /unknown aggregate function lag/);
  t.throws(() => parsePipeline('from x | over sum(a) --rows 3 --range 1m'), /exclude each other/);
  t.throws(() => parsePipeline('from x | over sum(a) --rows none'), /--rows cannot be none/);
  t.throws(() => parsePipeline('from x | over sum(a) --range 0s'), /longer than nothing/);
  const explained = (text: string) => explainPlan(parsePipeline(text)).split('\n').slice(0, 5);
  t.strictSame(explained('from x --time t | over sum(a), lag(a) as before --by k --rows 3 --max-keys 9'), [
    '2-over: adds to each record, over the last 3 records up to it of its k',
    '     sum_a = sum(a)',
    '     before = lag(a)',
    '     late records: counted and left out',
    '     at most 9 keys',
  ]);
  t.match(explained('from x --time t | over sum(a) --range 5m')[0], 'the records from 5m before its time');
  t.match(explained('from x --time t | over sum(a)')[0], 'the records up to its time');
  t.match(explained('from x --time t | over sum(a) --rows unbounded')[0], 'it and the records before it');
  t.match(whatGrows(parsePipeline('gen clicks | over sum(bytes) --time ts')), [/--range 1h lets it forget/]);
  t.strictSame(whatGrows(parsePipeline('gen clicks | over sum(bytes) --time ts --range 1h')), []);
  t.end();
});

t.test('fill needs a time and a key that records show', (t) => {
  t.match(messages('from x | select a | fill --every 1m')[0], 'no field time');
  t.match(messages('from x --time t | window tumble 1m | fill')[0], 'in windows');
  t.match(messages('from x | fill --every 1m --by lower(a)')[0], 'LOWER(a) is no field');
  t.match(messages('from x --format nginx | fill --every 1m --time tiem')[0], 'tiem');
  t.strictSame(messages('from x | window tumble 1m | aggregate count(*) --by k | fill --by k'), []);
  t.throws(() => parsePipeline('from x | fill --every 0s'), /longer than nothing/);
  t.throws(() => parsePipeline('from x | fill --with nothing'), /cannot be nothing/);
  const explained = (text: string) => explainPlan(parsePipeline(text)).split('\n').slice(0, 3);
  t.strictSame(explained('from x | fill --every 5m --by k --with linear --max-gap 1h'), [
    '2-fill: puts records in where a k has none for longer than 5m, with numbers on a line',
    '     gaps of more than 1h stay',
    '     remembers every key for ever',
  ]);
  t.match(explained('from x | fill --max-keys 9')[1], /at most 9 keys/);
  t.match(whatGrows(parsePipeline('gen clicks | fill --every 1m --by user --time ts')), [/every key/]);
  t.end();
});

t.test('head-by-key needs a key, and says what it remembers', (t) => {
  t.match(messages('from x | head-by-key 3')[0], 'nothing says which records belong together');
  t.match(messages('from x | window tumble 1m | select a | head-by-key 3 --by a')[0], 'dropped window_start');
  t.throws(() => parsePipeline('from x | head-by-key few --by a'), /few is none/);
  const explained = (text: string) => explainPlan(parsePipeline(text)).split('\n').slice(0, 2);
  t.match(explained('from x | head-by-key 3 --by a'), [/first 3 records of each a$/, /every key for ever/]);
  t.match(explained('from x | window tumble 1m | head-by-key 1 --by a'), [
    /first record of each a and window$/,
  ]);
  t.match(explained('from x | head-by-key 3 --by a --max-keys 9'), [/./, /at most 9 keys/]);
  t.match(
    whatGrows(parsePipeline('gen clicks | head-by-key 3 --by user'))[0],
    '2-head-by-key remembers every key',
  );
  t.end();
});

t.test('a sample is a share or a number, which needs an end', (t) => {
  t.match(messages('gen clicks | sample 100')[0], 'never ends');
  t.same(messages('gen clicks | sample 1%'), []);
  t.same(messages('gen clicks --time ts | window tumble 1m | sample 100'), []);
  for (const wrong of ['0%', '101%', '0', '1.5', 'some', '-1']) {
    t.throws(() => parsePipeline(`from x | sample ${wrong}`), /is no/, wrong);
  }
  t.throws(() => parsePipeline('from x | sample 5 --by a'), /a share of the keys/);
  const sentence = (text: string) => explainPlan(parsePipeline(text)).split('\n')[0];
  t.match(sentence('from x | sample 2.5% --seed 7'), 'draws 2.5 % of the records, seed 7');
  t.match(sentence('from x | sample 10% --by a'), 'draws 10 % of the keys a, seed 1');
  t.match(sentence('from x | sample 5'), 'draws 5 records, at the end of the input, seed 1');
  t.match(sentence('from x | window tumble 1m | sample 5'), 'draws 5 records of each window, seed 1');
  t.end();
});

t.test('a changelog goes only where its records can be taken back', (t) => {
  const changes = 'from x | aggregate sum(v) as s --by k --emit changes';
  for (const text of [
    `${changes} | filter s > 1 | select op, s | to out.ndjson --changelog debezium`,
    `${changes} | select *, s + 1 as t | keyby k`,
    `${changes} | select op as change, * --drop op | top 1 --by s`,
    'gen clicks | aggregate count(*) as n --emit changes',
    'to --changelog debezium',
  ]) {
    t.strictSame(messages(text), [], text);
  }
  for (const stage of ['top 1 --by s', 'aggregate count(*)', 'dedup --by k', 'sort --by s', 'sample 3']) {
    const [found] = problemsOf(`${changes} | ${stage}`);
    t.match(found?.message, `is a changelog, whose records may be taken back, and ${stage.split(' ')[0]}`);
    t.match(found?.hint, 'select op as change, *');
  }
  for (const select of ['select s', 'select * --drop op', "select *, 'x' as op"]) {
    t.match(messages(`${changes} | ${select}`)[0], 'without its field op', select);
  }
  t.match(messages('from x | select op as kind | to --changelog debezium')[0], 'no changes');
  t.match(messages(`${changes} | to out/ --changelog debezium`)[0], 'envelopes are NDJSON');
  t.match(messages('aggregate count(*) as op --emit changes')[0], 'two fields of the result');
  t.match(
    whatGrows(parsePipeline('gen clicks | aggregate count(*) --by user --emit changes'))[0],
    'remembers every key',
  );
  t.match(explainPlan(parsePipeline(changes)), 'results: every change');
  t.end();
});

t.test('copies go to a file of their own', (t) => {
  const sentence = (text: string) => explainPlan(parsePipeline(text)).split('\n')[0];
  t.match(
    sentence('tee a.ndjson --when x > 1'),
    'copies records for which x > 1 to a.ndjson, and passes all of them on',
  );
  t.same(messages('tee a.ndjson | tee b.ndjson | to c.ndjson'), []);
  t.match(messages('tee a.ndjson | filter x > 1 | tee a.ndjson')[0], '2-tee: 4-tee writes a.ndjson as well');
  t.match(messages('tee a.ndjson | to a.ndjson')[0], 'writes a.ndjson as well');
  t.match(messages('tee l.ndjson | window tumble 1m --late l.ndjson')[0], 'writes l.ndjson as well');
  t.match(messages('tee -')[0], 'stdout is where the records go on');
  t.match(messages('tee out/')[0], 'is a folder');
  t.match(messages('process p.mjs --side a=x.ndjson | to x.ndjson')[0], 'writes x.ndjson as well');
  t.match(sentence('process p.mjs --by a'), 'runs the program p.mjs, with state by a');
  t.throws(() => parsePipeline('process p.mjs --side a'), /gives no output a file/);
  t.match(messages('from x.csv | select a | tee b.ndjson --when c > 1')[0], 'c');
  t.throws(() => parsePipeline('tee'), /tee needs a file/);
  t.end();
});

t.test('a program of others can stand where everything goes through it', (t) => {
  const sentence = (text: string) => explainPlan(parsePipeline(text)).split('\n')[0];
  t.match(sentence('from x | via -- jq -c .a'), 'sends the records through jq -c .a');
  t.same(messages('from x --time t | via -- cat | window tumble 1m | aggregate count(*)'), []);
  t.match(sentence('from x | via --settle count -- cat'), 'sends the records through cat');
  t.match(messages('from x | via -- cat | parse nginx')[0], 'no lines of text to parse');
  t.same(messages('from x | union y | via -- cat'), []);
  t.match(messages('from x | via -- cat | union y')[0], 'in one of several branches');
  t.match(messages('a = from x | via -- cat\nfrom y | union a')[0], 'in one of several branches');
  t.throws(() => parsePipeline('from x | via --settle never -- cat'), /cannot be never/);
  t.throws(() => parsePipeline('from x | via --'), /needs a command/);
  t.match(sentence('from x | exec -- jq .a'), 'runs jq .a for each record');
  t.match(messages('from x.ndjson | exec --per window -- cat')[0], 'no windows to run the command for');
  t.same(messages('exec --per window -- cat'), [], 'another process may have said them');
  t.same(messages('from x --time t | window tumble 1m | exec --per window -- echo {window_end}'), []);
  t.match(
    messages('from x --time t | window tumble 1m | exec --per window -- echo {a}')[0],
    '{a} has a value in each',
  );
  t.match(messages('window tumble 1m --time t | exec --per window --as a -- cat')[0], 'a window has many');
  t.throws(() => parsePipeline('exec --jobs 0 -- cat'), /at least 1/);
  t.end();
});

t.test('windows of time can be asked for more than results once, and only aggregates give it', (t) => {
  const back = 'aggregate count(*) as n';
  for (const text of [
    `window tumble 10s --emit early 5s --allowed-lateness 1m --fill zero | ${back}`,
    `window hop 20s 10s --at-most 5 | filter a > 1 | ${back} | top 1 --by n`,
    `window tumble 10s --processing-time --emit changes | ${back}`,
    `window tumble 10s --fill zero | ${back} --emit early 2s`,
    `from x --time t | window tumble 10s --fill zero | ${back} | window tumble 1m | aggregate max(n)`,
    `window session 5s --emit early 1s --allowed-lateness 1m | select *, a + 1 as b | ${back}`,
  ]) {
    t.strictSame(messages(text), [], text);
  }
  for (const [text, wanted] of [
    [`window session 5s --fill zero | ${back}`, 'no row of it is empty'],
    [`window session 5s --at-most 3 | ${back}`, 'or final before'],
    [`window session 5s | ${back} --emit changes`, 'are asked for at the window'],
    [`window session 5s --emit changes | filter a > 1 | ${back}`, 'filter does not pass on every record'],
    ['window session 5s --emit changes | aggregate max(window_end) as e', 'are not known at its records'],
    [`window count 5 | ${back} --emit changes`, 'a count window has no bounds in time'],
    [`window tumble 10s --processing-time --fill zero | ${back}`, 'nothing is late'],
    [`window tumble 10s --at-most 5 --fill zero | ${back}`, 'begin anew'],
    [`window tumble 10s --emit changes | ${back} --emit early 2s`, 'has said already'],
    [`from x | ${back} --emit early 2s`, 'no window, whose results could come early'],
    ['window tumble 10s --allowed-lateness 1m | top 1 --by a', 'corrected for 1m, which top cannot give'],
    ['window tumble 10s --emit changes | aggregate count(*) as n | top 1 --by n', 'is a changelog'],
  ] as const) {
    t.match(messages(text)[0], wanted, text);
  }
  for (const emit of [
    '--emit early',
    '--emit soon',
    '--emit early 0s',
    '--allowed-lateness 0s',
    '--at-most 0',
  ]) {
    t.throws(() => parsePipeline(`window tumble 10s ${emit} | ${back}`), /--/, emit);
  }
  const filled = `gen clicks --time ts | window tumble 10s --fill zero | ${back}`;
  t.match(whatGrows(parsePipeline(filled))[0], 'remembers every key');
  t.same(whatGrows(parsePipeline(`${filled} --max-groups 5`)), []);
  t.match(
    messages('from x --time t | window tumble 10s --fill zero | to out.ndjson')[0],
    'which to cannot give',
  );
  const explained = explainPlan(parsePipeline(`window tumble 10s --emit early 5s --fill zero | ${back}`));
  t.match(explained, 'results: early every 5s, zero for keys without records');
  t.end();
});

t.test('late records have a file where a record can be late', (t) => {
  for (const text of [
    'from x --time t | dedup --by a --within 5s --late late.ndjson',
    'dedup --by a --late late.ndjson',
    'from x --time t | window tumble 5s | aggregate count(*) as n --by k | top 1 --by n --late late.ndjson',
    'top 1 --by n --late fail',
  ]) {
    t.strictSame(messages(text), [], text);
  }
  t.match(messages('from x | dedup --by a --late late.ndjson')[0], 'nothing is late here');
  t.match(messages('top 1 --by n --overall --late late.ndjson')[0], 'nothing is late here');
  t.match(explainPlan(parsePipeline('top 1 --by n --late fail')), 'late records: fail');
  t.end();
});

t.test('a plan from a file is held against the table of aggregates', (t) => {
  const plan = parsePipeline('from x | aggregate sum(a)');
  const change = (from: string, to: string) =>
    checkPlan(planFromJson(planToJson(plan).replace(from, to))).map(({ details }) => details);
  t.strictSame(change('"sum"', '"sum"'), []);
  t.match(change('"sum"', '"smu"'), [{ code: 'unknown-name', hint: 'did you mean sum?' }]);
  t.match(change('"sum"', '"quantile"'), [{ code: 'type' }]);
  t.match(change('"a"', '"a +"'), [{ code: 'syntax' }]);
  t.end();
});

t.test('a plan survives its file', (t) => {
  const emitting = parsePipeline(
    'window tumble 1m --emit early 5s --allowed-lateness 1m --fill zero | aggregate sum(v)',
  );
  t.same(planFromJson(planToJson(emitting)), emitting);
  const text = `from a.log b.log --format nginx:combined --max-skew 1h --idle 30s | filter status = 500 |
    select *, path as p --drop status | flatten items --index i --keep-empty | keyby p |
    window hop 5m 1m --offset -1s --zone Europe/Oslo --late late.ndjson --time time --delay 2s |
    aggregate count(*), p95(ms) filter (where ms > 0) --by p --max-groups 100 | to out.csv`;
  for (const question of [
    text,
    'gen nexmark --count 5 --rate 2.5 --seed 3 | window count 10 5',
    'window session 5m --late fail',
    'top 3 --by a + 1 --per b, lower(c) --asc --overall --uid best',
    'head-by-key 3 --by a, lower(b) --max-keys 5 --uid heads',
    'sample 2.5% --seed 7 --by a --uid some',
    'exec --per window --jobs 4 --retries 2 --ok 0,1 --uid each -- sort -u',
    'tee a.ndjson --when x > 1',
    'tee a.ndjson',
    'process p.mjs --by a, lower(b) --side x=x.ndjson, y=y.ndjson --uid mine',
    'exec --as out -- expr {a} + 1',
    'via --settle mark --ok 0,1 --untimed -- jq -c .a',
    'sample 100',
    'dedup --by a, lower(b) --last --within 1m --time t --delay 2s --max-keys 5 --uid same',
  ]) {
    const plan = parsePipeline(question);
    t.strictSame(planFromJson(planToJson(plan)), plan);
  }
  t.end();
});

t.test('a plan file that is wrong is refused with the member that is wrong', (t) => {
  const why = (text: string) => {
    try {
      planFromJson(text);
    } catch (error) {
      if (isProblem(error)) return `${error.details.message}; ${error.details.hint}`;
      throw error;
    }
    throw new Error('accepted');
  };
  const source = { kind: 'from', id: '1', inputs: [], uris: ['-'], format: { name: 'json' } };
  const file = (...nodes: unknown[]) => JSON.stringify({ version: 1, nodes });
  t.match(why('{'), 'not JSON');
  t.match(why('[]'), 'the plan must be an object');
  t.match(why('{"version":2,"nodes":[]}'), 'has version 2');
  t.match(why('{"version":"1","nodes":[]}'), 'version must be 1');
  t.match(why(file()), 'a list of at least 1');
  t.match(why(file({ ...source, kind: 'form' })), /nodes\[0\]\.kind must be one of .*did you mean from/);
  t.match(why(file({ ...source, uris: '-' })), 'nodes[0].uris must be a list');
  t.match(why(file({ ...source, uris: [7] })), 'nodes[0].uris[0] must be a text');
  t.match(why(file({ ...source, tme: 1 })), 'has no member tme; did you mean time');
  t.match(why(file({ ...source, time: { field: 'a', delayMs: -1 } })), 'nodes[0].time.delayMs must be');
  t.match(why(file({ ...source, inputs: ['0'] })), 'nodes[0].inputs');
  t.match(why(file(source, source)), 'two nodes have the id 1');
  const filter = { kind: 'filter', id: '2', inputs: ['3'], condition: 'a' };
  t.match(why(file(source, filter)), 'does not stand before it');
  t.match(why(file(source, { ...filter, condition: undefined })), 'nodes[1].condition must be there');
  t.match(why(file(source, { ...filter, inputs: [] })), 'nodes[1].inputs must be a list of at least 1');
  t.end();
});

t.test('parse becomes the format of its source', (t) => {
  const steps = physicalSteps(parsePipeline('from x --time time | parse nginx:common | filter a'));
  t.strictSame(
    steps.map(({ id, inputs }) => [id, ...inputs]),
    [['1-from'], ['3-filter', '1-from']],
  );
  t.match(steps[0], { format: { name: 'nginx', pattern: 'common' }, time: { field: 'time' } });
  t.match(physicalSteps(parsePipeline('gen access-log | parse nginx'))[0], {
    kind: 'gen',
    format: { name: 'nginx' },
  });
  t.end();
});

t.test('a window and the aggregate right behind it are one step', (t) => {
  const kinds = (text: string) => physicalSteps(parsePipeline(text)).map(({ kind }) => kind);
  t.strictSame(kinds('window tumble 1m | aggregate count(*) | to x'), ['from', 'windowed-aggregate', 'to']);
  t.match(physicalSteps(parsePipeline('window tumble 1m | aggregate count(*)'))[1], {
    id: '3-aggregate',
    inputs: ['1-from'],
    window: { id: '2-window' },
    aggregate: { id: '3-aggregate' },
  });
  t.strictSame(kinds('window tumble 1m | filter a | aggregate count(*)'), [
    'from',
    'window',
    'filter',
    'aggregate',
  ]);
  t.strictSame(kinds('window tumble 1m | aggregate min(window_start) as m'), ['from', 'window', 'aggregate']);
  t.strictSame(kinds('window tumble 1m | aggregate count(*) --by window_end'), [
    'from',
    'window',
    'aggregate',
  ]);
  t.strictSame(kinds("window tumble 1m | aggregate count(*) --by 'window_end'"), [
    'from',
    'window',
    'aggregate',
  ]);
  t.end();
});

t.test('explain shows the plan from the output back to the source', (t) => {
  const plan = parsePipeline(
    'from access.log --format nginx --time time --delay 2s | filter status >= 500 | window hop 5m 1m --late late.ndjson | aggregate count(*) as n, p95(ms) --by path, lower(host) as host | to out.csv',
  );
  t.equal(
    explainPlan(plan),
    `5-to: writes out.csv as csv
└─ 4-aggregate: aggregates by window and path, host = LOWER(host)
        n = count(*)
        p95_ms = quantile(ms, 0.95)
   └─ 3-window: windows of 5m every 1m
           late records: kept in late.ndjson
      └─ 2-filter: keeps records where status >= 500
         └─ 1-from: reads access.log as nginx
                 event time: time, delay 2s`,
  );
  t.match(
    explainPlan(parsePipeline('aggregate count(distinct user) as users')),
    'users = count(distinct user)',
  );
  t.match(explainPlan(parsePipeline('window tumble 1m')), 'event time: said upstream, else time');
  t.end();
});

t.test('a union is drawn with its inputs, and refused where they do not go together', (t) => {
  t.equal(
    explainPlan(parsePipeline('from a --time ts --delay 2s | filter v | union b | to c')),
    [
      '5-to: writes c as NDJSON',
      '└─ 4-union: joins records of several inputs, in the order of ts',
      '   │    event time: ts, delay 2s',
      '   ├─ 2-filter: keeps records where v',
      '   │  └─ 1-from: reads a as NDJSON',
      '   │          event time: ts, delay 2s',
      '   └─ 3-from: reads b as NDJSON',
      '           event time: ts, delay 2s',
    ].join('\n'),
  );
  t.match(messages('from a --time ts | union b --time at'), [/in different fields: ts and at/]);
  t.match(messages('from a | union b --time at'), [/one input has event time, in at, and another has none/]);
  t.match(messages('from a --time ts | window tumble 1m | union b'), [/are in windows/]);
  t.match(messages('from a | union b | window tumble 1m --time ts'), [/united without event time/]);
  t.same(messages('union b | window tumble 1m --time ts'), [], 'a stage before may have said the time');
  t.same(messages('a = from a --time at | select at as ts, v\nfrom b --time ts | union a'), []);
  const one = { id: '1', kind: 'from', uris: ['a'], format: { name: 'json' }, inputs: [] } as const;
  const reads = (id: string, kind: string, inputs: string[]) =>
    ({ id, kind, inputs, ...(kind === 'filter' ? { condition: 'a' } : {}) }) as unknown as typeof one;
  const plan = (...nodes: (typeof one)[]) =>
    checkPlan({ version: 1, nodes }).map(({ details }) => details.message);
  t.match(plan(one, reads('2', 'filter', ['1']), reads('3', 'union', ['1', '2'])), [
    /1 is read by 2 and by 3/,
  ]);
  t.match(plan(one, reads('2', 'filter', ['1', '1'])).join(), 'reads one input');
  t.end();
});

t.test('a join says what it joins, and needs two inputs with event time', (t) => {
  t.match(
    explainPlan(
      parsePipeline('from a --time ts | join b --on user = id, shop --between -5m..1h --kind left'),
    ),
    /^3-join: joins \(left\) where user = id and shop = shop\n[ │]+the right record from -5m to \+1h of the left one\n/,
  );
  t.match(messages('from a --time ts | join b --time at --on x --within 1m'), []);
  t.match(messages('from a | join b --on x --within 1m'), [/left input has no event time/, /right input/]);
  t.match(messages('from a --time ts | window tumble 1m | join b --on x --within 1m'), [
    /left input are in windows/,
  ]);
  t.match(messages('b = from b --time ts | select y, ts\nfrom a --time ts | join b --on x --within 1m'), [
    /\bx\b/,
  ]);
  const refusal = (text: string): unknown => {
    try {
      return parsePipeline(text);
    } catch (error) {
      return isProblem(error) ? error.details.message : error;
    }
  };
  t.match(refusal('from a | join b --within 1m'), 'needs --on');
  t.match(refusal('from a | join b --on x'), 'how its records go together');
  t.match(refusal('from a | join b --on x --within 1m --between 0s..1m'), 'one of --within and --between');
  t.match(refusal('from a | join b --on x --window session 1m'), 'no session windows');
  t.match(refusal('from a | join b --on x --within 1m --offset 1s'), 'has no --offset');
  t.match(messages('from a --time ts | join b --on x --temporal --kind full'), [/inner or left/]);
  t.match(refusal('from a | join b --on x --window tumble 1m --late fail --between 0s..1m'), 'one of');
  t.match(refusal('from a | join b --on x --between 5m'), 'from when to when');
  t.match(refusal('from a | join b --on x --between 5m..1m'), 'ends before it begins');
  t.end();
});
