import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { findCommand, parseArguments, parsePipeline, planOfCommand } from '../../../src/frontends/index.js';
import { physicalSteps } from '../../../src/plan/index.js';

function refusal(text: string) {
  try {
    parsePipeline(text);
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

/** The part of the pipeline that a problem points at. */
function pointedAt(text: string): string {
  const { place } = refusal(text);
  if (place?.kind !== 'text') throw new Error('the problem has no place in the text');
  t.equal(place.text, text, 'the place is in the whole pipeline');
  return text.slice(place.start, place.end);
}

async function shell(...words: string[]) {
  const spec = findCommand(words[0]!)!;
  const { args, options } = await parseArguments(spec, words.slice(1));
  return planOfCommand(spec, args, options);
}

const clicks = { kind: 'from', id: '1-from', inputs: [], uris: ['clicks.ndjson'], format: { name: 'json' } };

t.test('stages become nodes that read each other', (t) => {
  const plan = parsePipeline(
    "from clicks.ndjson --time ts --delay 2s | filter country='NO' | window tumble 10s | aggregate count(*) as n, sum(bytes) as bytes --by country",
  );
  t.strictSame(plan, {
    version: 1,
    nodes: [
      { ...clicks, time: { field: 'ts', delayMs: 2000 } },
      { kind: 'filter', id: '2-filter', inputs: ['1-from'], condition: "country = 'NO'" },
      {
        kind: 'window',
        id: '3-window',
        inputs: ['2-filter'],
        window: { shape: 'tumble', sizeMs: 10000, offsetMs: 0 },
        processingTime: false,
        by: [],
        late: { kind: 'drop' },
      },
      {
        kind: 'aggregate',
        id: '4-aggregate',
        inputs: ['3-window'],
        calls: [
          { name: 'n', function: 'count', arguments: [], distinct: false },
          { name: 'bytes', function: 'sum', arguments: ['bytes'], distinct: false },
        ],
        by: [{ name: 'country', expression: 'country' }],
      },
    ],
  });
  t.end();
});

t.test('a pipeline without a source reads stdin', (t) => {
  t.strictSame(parsePipeline('filter a').nodes, [
    { kind: 'from', id: '1-from', inputs: [], uris: ['-'], format: { name: 'json' } },
    { kind: 'filter', id: '2-filter', inputs: ['1-from'], condition: 'a' },
  ]);
  t.end();
});

t.test('a | inside strings, brackets or as part of || does not end a stage', (t) => {
  const conditions = (text: string) =>
    parsePipeline(text)
      .nodes.slice(1)
      .map((node) => 'condition' in node && node.condition);
  t.equal(conditions("filter a = 'x|y' | filter b").length, 2);
  t.equal(conditions('filter a || b = c | filter d').length, 2);
  t.equal(conditions('filter `a|b` = 1').length, 1);
  t.equal(conditions("filter (a = '|' or b)").length, 1);
  t.equal(conditions("filter a = 'it''s | here' | filter b").length, 2);
  t.end();
});

t.test('comments, line ends and a #! line are white space', (t) => {
  const text = `#!/usr/bin/env -S leat run
# don't count robots
from clicks.ndjson
| filter bot = false   # the log knows | them
| filter a = '# no comment'`;
  t.strictSame(
    parsePipeline(text),
    parsePipeline("from clicks.ndjson | filter bot = false | filter a = '# no comment'"),
  );
  t.end();
});

t.test('an argument wholly in quotes is taken without them', (t) => {
  t.strictSame(parsePipeline("filter 'status >= 500'"), parsePipeline('filter status >= 500'));
  t.strictSame(parsePipeline(`filter "a = 'x'"`), parsePipeline("filter a = 'x'"));
  t.strictSame(parsePipeline("filter 'a = ''x'''"), parsePipeline("filter a = 'x'"));
  t.strictSame(parsePipeline("from 'my clicks.ndjson'").nodes, [{ ...clicks, uris: ['my clicks.ndjson'] }]);
  t.strictSame(
    parsePipeline("aggregate 'count(*) as n' --by 'a, b'"),
    parsePipeline('aggregate count(*) as n --by a, b'),
  );
  t.match(parsePipeline("filter 'a' = b").nodes[1], { condition: "'a' = b" });
  t.end();
});

t.test('a list may stand in front of the arguments', (t) => {
  const behind = parsePipeline('aggregate count(*) as n --by country, lower(page) as page');
  t.strictSame(parsePipeline('aggregate --by country, lower(page) as page count(*) as n'), behind);
  t.strictSame(parsePipeline("aggregate --by 'country, lower(page) as page' count(*) as n"), behind);
  t.strictSame(parsePipeline('aggregate --max-groups 5 count(*) --by a').nodes[1], {
    kind: 'aggregate',
    id: '2-aggregate',
    inputs: ['1-from'],
    calls: [{ name: 'count', function: 'count', arguments: [], distinct: false }],
    by: [{ name: 'a', expression: 'a' }],
    maxGroups: 5,
  });
  t.end();
});

t.test('the shell form and the pipeline text give the same plan', async (t) => {
  const pairs: [string[], string][] = [
    [['filter', 'status', '>=', '500'], 'filter status >= 500'],
    [['filter', "status>=500 and page like '%|%'"], "filter status >= 500 AND page LIKE '%|%'"],
    [['select', '*, bytes / 1024 as kib', '--drop', 'ua,ref'], 'select *, bytes / 1024 as kib --drop ua,ref'],
    [['select', '--drop', 'ua'], 'select --drop ua'],
    [['flatten', 'items', '--as', 'item', '--keep-empty'], 'flatten items --as item --keep-empty'],
    [
      [
        'lookup',
        'users.csv.gz',
        '--on',
        'user = id, country',
        '--fields',
        'plan, address.city as city',
        '--kind',
        'left',
      ],
      'lookup users.csv.gz --on user = id, country = country --fields plan, address.city as city --kind left --prefix users_',
    ],
    [['keyby', 'country,', 'lower(page)', 'as', 'p'], 'keyby country, lower(page) as p'],
    [
      [
        'window',
        'hop',
        '5m',
        '1m',
        '--offset',
        '-30s',
        '--time',
        'ts',
        '--zone',
        'Europe/Oslo',
        '--late',
        'late.ndjson',
      ],
      'window hop 5m 1m --offset -30s --time ts --zone Europe/Oslo --late late.ndjson',
    ],
    [['window', 'session', '30m', '--by', 'user', '--late=fail'], 'window session 30m --by user --late=fail'],
    [['aggregate', 'count(*)', '--by', 'a'], 'aggregate count(*) --by a'],
    [['from', 'a.ndjson', 'b.ndjson', '--idle', '30s'], 'from a.ndjson b.ndjson --idle 30s'],
    [
      ['from', 'a.log', '--format', 'nginx', '--pattern', '$remote_addr "$request"'],
      `from a.log --format nginx --pattern '$remote_addr "$request"'`,
    ],
    [['gen', 'clicks', '--count', '10', '--time', 'ts'], 'gen clicks --count 10 --time ts'],
    [['parse', 'nginx:combined'], 'parse nginx:combined'],
    [['to', 'out.csv'], 'to out.csv'],
    [
      ['filter', 'a', '--from', 'x.log', '--format', 'nginx', '--to', 'y.tsv'],
      'from x.log --format nginx | filter a | to y.tsv',
    ],
    [['parse', 'csv', '--columns', 'a,b', '--from', 'x.csv'], 'from x.csv | parse csv --columns a,b'],
    [['to', '--format', 'csv', '--from', 'x'], 'from x | to --format csv'],
    [['run', 'from x | filter a'], 'from x | filter a'],
    [['run', 'filter a', '--from', 'x', '--from', 'y', '--to', 'z'], 'from x y | filter a | to z'],
  ];
  for (const [words, text] of pairs)
    t.strictSame(await shell(...words), parsePipeline(text), words.join(' '));
});

t.test('run reads a pipeline or a plan from a file', async (t) => {
  const spec = findCommand('run')!;
  const files: Record<string, string> = {
    'clicks.leat': '#!/usr/bin/env -S leat run\nfrom clicks.ndjson\n| filter a\n',
    'plan.json': JSON.stringify({ version: 1, nodes: [clicks] }),
  };
  const readText = (path: string) => files[path]!;
  t.strictSame(
    planOfCommand(spec, ['clicks.leat'], {}, { readText }),
    parsePipeline('from clicks.ndjson | filter a'),
  );
  t.strictSame(planOfCommand(spec, ['plan.json'], {}, { readText }), { version: 1, nodes: [clicks] });
  t.throws(() => planOfCommand(spec, ['plan.json'], { to: 'x' }, { readText }), { message: /plan file/ });
});

t.test('problems point at the part of the pipeline that is wrong', (t) => {
  t.equal(pointedAt('from x | flter a'), 'flter');
  t.equal(refusal('from x | flter a').hint, 'did you mean filter?');
  t.equal(refusal('from x | where a').hint, 'leat calls it filter');
  t.equal(pointedAt('from x | window tumble 1q | to y'), 'q');
  t.equal(pointedAt('from x --dleay 1s'), '--dleay');
  t.equal(refusal('from x --dleay 1s').hint, 'did you mean --delay?');
  t.equal(pointedAt("from x | filter a = 'b"), "'");
  t.equal(pointedAt('from x | filter (a'), '(');
  t.equal(pointedAt('filter a | from x'), 'from');
  t.equal(pointedAt('to x | filter a'), 'to');
  t.equal(pointedAt('filter a | run b'), 'run');
  t.equal(pointedAt('from x | leat filter a'), 'leat');
  t.equal(pointedAt('from x | aggregate count(*), coutn(x) --by a'), 'coutn');
  t.equal(pointedAt('# note\nfrom x | aggregate --by a, coutn(x)').trim(), 'aggregate --by a, coutn(x)');
  t.equal(pointedAt('from x | window sliding 5m'), 'sliding');
  t.match(refusal('from x | window sliding 5m').hint, 'window hop SIZE SLIDE'.slice(7));
  t.equal(pointedAt('from x | filter a --bad fail'), '--bad');
  t.match(refusal('from x | filter a --from y').hint, 'from ...');
  t.match(refusal('from x |').message, 'no stage');
  t.match(refusal('from x | | to y').message, 'no stage');
  t.match(refusal('  # nothing').message, 'empty');
  t.match(refusal('from x | window tumble').message, 'needs a size');
  t.match(refusal('from x | window tumble 1m 2m').message, 'takes 1 after it, not 2');
  t.match(refusal('from x | window hop 5m 2m').message, 'multiple');
  t.match(refusal('from x | select a --drop b').message, '--drop needs a *');
  t.match(refusal('from x | select a, b as a').message, 'two fields');
  t.match(refusal('from x --delay 1s --delay 2s').message, 'twice');
  t.match(refusal('from x --time').message, 'needs a value');
  t.match(refusal('from x --format ngnix').hint, 'nginx');
  t.match(refusal('from x --format nginx:common --pattern y').message, 'twice');
  t.match(refusal('window tumble 1m --processing-time --time ts').message, 'exclude');
  t.match(refusal('flatten a + b').message, 'flatten takes a field');
  t.match(refusal('to a b').message, 'does not know what to do with b');
  t.equal(refusal('sort bytes desc').hint, 'sort --by bytes --desc');
  t.equal(refusal('sort bytes asc').hint, 'sort --by bytes');
  t.equal(refusal("sort 'a + b'").hint, "sort --by 'a + b'");
  t.equal(refusal('dedup id').hint, 'dedup --by id');
  t.equal(refusal('top 3 bytes asc').hint, 'top 3 --by bytes --asc');
  t.equal(refusal('sort --by bytes desc').hint, 'sort --by bytes --desc');
  t.end();
});

t.test('a window that only says a delay takes the field said upstream', (t) => {
  const [, window] = parsePipeline('from x --time ts --zone Europe/Oslo | window tumble 1m --delay 5s').nodes;
  t.match(window, { time: { field: 'ts', zone: 'Europe/Oslo', delayMs: 5000 } });
  t.end();
});

t.test('a zone at a source is about event time, at a window about days', (t) => {
  const [source, window] = parsePipeline(
    'from x --zone Europe/Oslo | window tumble 1d --zone Europe/Oslo',
  ).nodes;
  t.match(source, { time: { field: 'time', zone: 'Europe/Oslo', delayMs: 0 } });
  t.match(window, { window: { zone: 'Europe/Oslo' } });
  t.notOk(window !== undefined && 'time' in window);
  t.end();
});

async function shellRefusal(...words: string[]) {
  try {
    await shell(...words);
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  throw new Error(`${words.join(' ')} was accepted`);
}

t.test('the shell form refuses what it does not know, with a hint', async (t) => {
  const unknown = await shellRefusal('filter', 'a', '--form', 'x');
  t.match(unknown.message, 'no option --form');
  t.match(unknown.hint, 'did you mean --from?');
  t.match((await shellRefusal('filter', '-x > 3')).hint, 'put -- before');
  const because = async (...words: string[]) => (await shellRefusal(...words)).message;
  t.match(await because('window', 'tumble', '1m', '--time'), 'needs a value');
  t.match(await because('window', 'tumble', '1m', '--time', 'a', '--time', 'b'), 'twice');
  t.match(await because('window', 'tumble', '1m', '--delay', '-1s'), 'cannot be negative');
  t.match(await because('gen', 'clicks', '--count', '1.5'), 'not a whole number');
  t.match(await because('to', '--format', 'cvs'), 'cannot be cvs');
  t.match(await because('filter'), 'needs a condition');
  t.match(await because('run', 'from x | to y', '--to', 'z'), 'ends with to');
  t.match(await because('run', 'from x', '--from', 'z'), 'source of its own');
});

t.test('the ending of a file says csv and tsv unless --format says another', async (t) => {
  const formatOf = (text: string) => {
    const [source] = parsePipeline(text).nodes;
    return source?.kind === 'from' ? source.format : undefined;
  };
  t.strictSame(formatOf('from a.csv'), { name: 'csv' });
  t.strictSame(formatOf('from a.TSV.gz b.tsv'), { name: 'tsv' });
  t.strictSame(formatOf('from *.csv --columns id'), { name: 'csv', columns: ['id'] });
  t.strictSame(formatOf('from a.csv --format json'), { name: 'json' });
  t.strictSame(formatOf('from csv'), { name: 'json' });
  t.match(refusal('from a.csv b.ndjson').message, 'end like different formats');
  t.match(parsePipeline('from a | union b.csv').nodes, [
    {},
    { uris: ['b.csv'], format: { name: 'csv' } },
    {},
  ]);
  t.strictSame(await shell('filter', 'a', '--from', 'x.csv'), parsePipeline('from x.csv | filter a'));
  const parsed = physicalSteps(parsePipeline('from a.csv | parse csv --columns id'));
  t.match(parsed, [{ kind: 'from', format: { name: 'csv', columns: ['id'] } }]);
  t.throws(() => physicalSteps(parsePipeline('from a.csv | parse nginx')), /already read as csv/);
});

t.test('global options are kept apart from those of the command', async (t) => {
  const words = ['a', '--bad', 'fail', '-v', '--marks', '--from', 'x'];
  const { args, options, globals } = await parseArguments(findCommand('filter')!, words);
  t.strictSame(globals, { bad: 'fail', marks: true, verbose: true });
  t.strictSame(options, { from: ['x'] });
  t.strictSame(args, ['a']);
});

t.test('streams are named on lines of their own', (t) => {
  const text = `# two inputs
a = from a.ndjson --time ts
  | filter v > 1
b =
  from b.ndjson --time ts
a | union b c.ndjson |
window tumble 1m
| aggregate count(*)`;
  const plan = parsePipeline(text);
  t.strictSame(
    plan.nodes.map(({ id, inputs }) => [id, ...inputs]),
    [
      ['1-from'],
      ['2-filter', '1-from'],
      ['3-from'],
      ['4-from'],
      ['5-union', '2-filter', '3-from', '4-from'],
      ['6-window', '5-union'],
      ['7-aggregate', '6-window'],
    ],
  );
  t.match(
    plan.nodes[3],
    { uris: ['c.ndjson'], time: { field: 'ts' } },
    'a path takes the time said before it',
  );
  t.strictSame(
    parsePipeline('a = from a\nfrom b | union a a').nodes.map(({ id }) => id),
    ['1-from', '2-from', '3-from', '4-union'],
    'a stream that is used twice is read twice',
  );
  t.end();
});

t.test('what is wrong with named streams is pointed at', (t) => {
  t.equal(pointedAt('a = from x'), 'a');
  t.match(refusal('a = from x').hint, 'a | to -');
  t.equal(pointedAt('a = from x\na = from y\na'), 'a');
  t.match(refusal('a = from x\na = from y\na').message, 'already');
  t.match(refusal('union = from x\nunion').message, 'is a command');
  t.match(refusal('a = from x\nb = from y\na').message, 'b is named and not used');
  t.match(refusal('a = filter x\na').message, 'begins with a source');
  t.match(refusal('a = from x | to y\na').message, 'is not written');
  t.match(refusal('a = from x\na | filter v\nb = from y').message, 'stands last');
  t.match(refusal('from x | a = from y').message, 'at the beginning of a line');
  t.match(refusal('a = from x\na | from y').message, 'stands first');
  t.match(refusal('from - | union -').message, 'both read stdin');
  t.end();
});
