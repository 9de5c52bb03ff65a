/** Entries of joins: rows of both sides by key, what comes of those that a job begins with, and what is refused. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { refusalOf, shownOf } from '../../harness/edited-entries.js';
import { editStore, exactLines } from '../../harness/edited-store.js';
import { runShell, temporaryFolder } from '../../harness/shell.js';
import { killedAtEveryBarrier, oneTurn } from '../../harness/simulation.js';

const matches = {
  interval: '--within 6s',
  window: "--window 'tumble 10s'",
  regular: '--retention 1h',
  temporal: '--temporal',
};
const textOf = (match: string, kind = 'left', on = 'k = id'): string =>
  `from in.ndjson --time t | join other.ndjson --on ${on} --kind ${kind} ${match} --uid it`;
const entry = (more: object): string => JSON.stringify({ operator: 'it', ...more });

t.test('rows come back as they went', async (t) => {
  const left = `[{"t":1,"k":"a","v":1.50},{"t":2,"k":"a","10":1,"2":0}]`;
  const row = (record: string, number: number, time: number, matched: string): string =>
    `{"number":${number},"time":${time}${matched},"record":${record}}`;
  const state = (name: string, matched: string): string => {
    const texts = [
      `"{\\"t\\":1,\\"k\\":\\"a\\",\\"v\\":1.50}"`,
      `"{\\"t\\":2,\\"k\\":\\"a\\",\\"10\\":1,\\"2\\":0}"`,
    ];
    const rows = [row(texts[0]!, 0, 1000, matched), row(texts[1]!, 7, 2000, matched)];
    return `{"left":[${rows.join(',')}],"${name}":[${row('{"t":3,"id":"a"}', 3, 3000, matched)}]}`;
  };
  for (const [by, match] of Object.entries(matches)) {
    const name = by === 'temporal' ? 'versions' : 'right';
    const matched = by === 'interval' || by === 'regular' ? ',"matched":true' : '';
    const line = `{"operator":"it","key":{"k":"a"},"value":{"left":${left},"${name}":[{"t":3,"id":"a"}]},"state":${state(name, matched)}}`;
    t.same(await shownOf(textOf(match), [line]), [line], by);
  }
});

t.test('rows without key, and parts of one name', async (t) => {
  const line = `{"operator":"it","key":{},"value":{"left":[{"t":1}],"right":[{"id":null}]},"state":{"left":[{"number":0,"time":1000,"matched":false,"record":{"t":1}}],"right":[{"number":1,"time":1000,"matched":false,"record":{"id":null}}]}}`;
  t.same(await shownOf(textOf(matches.interval, 'full'), [line]), [line]);
  const two = `{"operator":"it","key":{"k = id":1,"k = j":1,"LOWER(w)":"x"},"value":{"left":[{"k":1,"w":"X"}],"right":[]},"state":{"left":[{"number":0,"time":1000,"matched":false,"record":{"k":1,"w":"X"}}],"right":[]}}`;
  const on = 'k = id, k = j, lower(w) = w';
  t.same(await shownOf(textOf(matches.interval, 'left', on), [two]), [two]);
});

t.test('a job begins with rows that somebody wrote', async (t) => {
  const folder = temporaryFolder();
  const write = (name: string, lines: readonly string[]): void =>
    fs.writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
  write('in.ndjson', ['{"t":5,"k":"a"}', '{"t":6,"k":"b"}']);
  write('other.ndjson', ['{"t":30,"id":"a","n":9}']);
  write('entries', [
    entry({ key: { k: 'a' }, state: { right: [{ time: 4000, record: { t: 4, id: 'a', n: 1 } }] } }),
  ]);
  write('versions', [
    entry({ key: { k: 'a' }, state: { versions: [{ time: 4000, record: { t: 4, id: 'a', n: 1 } }] } }),
  ]);
  for (const [by, match] of Object.entries(matches)) {
    write('job.leat', [`${textOf(match, 'inner')} | select k, n | to ${by}.ndjson`]);
    const given = by === 'temporal' ? 'versions' : 'entries';
    const script = `leat state edit --plan job.leat --to ${by} < ${given} && leat run job.leat --state ${by}`;
    const { status, stderr } = await runShell(script, { cwd: folder, deadlineMs: 120_000 });
    t.equal(status, 0, stderr);
    const wanted = by === 'regular' ? '{"k":"a","n":1}\n{"k":"a","n":9}\n' : '{"k":"a","n":1}\n';
    t.equal(fs.readFileSync(path.join(folder, `${by}.ndjson`), 'utf8'), wanted, by);
  }
});

t.test('what does not fit is refused', async (t) => {
  const row = { time: 1000, record: { t: 1, k: 'a' } };
  const one = (rows: unknown, more: object = {}): string =>
    entry({ key: { k: 'a' }, ...more, state: { left: rows } });
  const cases: readonly (readonly [string, RegExp])[] = [
    [one([row], { key: { k: 'b' } }), /one of its records has another key \| a key and its records/],
    [one([row], { key: {} }), /one of its records has another key/],
    [one([{ ...row, record: { t: 1 } }]), /another key \| a record whose key is null in a part belongs to/],
    [one([row], { key: { id: 'a' } }), /its key has no k/],
    [one([]), /it has no rows/],
    [one(row), /state\.left is no list/],
    [one([7]), /one of its rows is no object/],
    [one([{ ...row, text: 'x' }]), /one of its rows has "text" \| a row has number, time, matched, record/],
    [one([{ ...row, matched: 1 }]), /matched is 1/],
    [one([{ ...row, record: 'x' }]), /"x" is no record \| write it as a JSON object/],
    [one([{ ...row, record: '[1]' }]), /is no record/],
    [one([{ record: row.record }]), /one of its records has no time \| time is in milliseconds/],
    [one([{ ...row, number: 1.5 }]), /1\.5 is not a number of the order/],
    [
      one([
        { ...row, number: 1 },
        { ...row, number: 1 },
      ]),
      /the number 1 is there twice/,
    ],
    [one([row], { value: { left: [], right: [] } }), /value\.left is \[\], but its state gives/],
    [one([row], { window_start: 1, window_end: 2 }), /has the bounds of a window/],
    [entry({ key: { k: 'a' }, state: { rows: [row] } }), /its state has "rows" \| .* has key, left, right/],
  ];
  for (const [line, wanted] of cases) {
    t.match(await refusalOf(textOf(matches.interval), [line]), wanted, line);
  }
  t.equal(await refusalOf(textOf(matches.interval), [one([row])]), 'taken');
  t.match(
    await refusalOf(textOf(matches.interval), [one([row]), one([row])]),
    /an entry of this key already/,
  );
  const versions = (...times: readonly number[]): string => {
    const state = { versions: times.map((time) => ({ time, record: { id: 'a' } })) };
    return entry({ key: { k: 'a' }, state });
  };
  t.equal(await refusalOf(textOf(matches.temporal), [versions(1000, 2000)]), 'taken');
  t.match(await refusalOf(textOf(matches.temporal), [versions(5, 5)]), /two versions of the time 5/);
  const without = entry({ key: {}, state: { versions: [{ time: 1, record: { id: null } }] } });
  t.match(await refusalOf(textOf(matches.temporal), [without]), /its versions have no key/);
  const keyless = entry({ key: {}, state: { left: [{ time: 1, record: {} }] } });
  t.match(await refusalOf(textOf(matches.regular), [keyless]), /its rows have no key/);
});

t.test('rows of a time that is over do not come back', async (t) => {
  const refusals: Readonly<Record<string, RegExp>> = {
    interval: /no partner of one of its rows can come any more/,
    window: /the windows of one of its rows have fired already/,
    regular: /one of its rows is kept no longer/,
    temporal: /one of its rows is behind the watermark/,
  };
  const linesOf = (name: string): string =>
    Array.from({ length: 20 }, (_, n) => `{"t":${1000 + n},"${name}":"a"}\n`).join('');
  for (const [by, match] of Object.entries(matches)) {
    const text = `from - --time t --delay 2s | join other.ndjson --on k = id --kind left ${match.replace('1h', '5s')} | to /out/r.ndjson`;
    const files = { 'other.ndjson': linesOf('id') };
    const question = { text, input: linesOf('k'), files, chunkBytes: 40, everyMs: 1, settled: oneTurn };
    const said: string[] = [];
    await killedAtEveryBarrier(
      parsePipeline(text),
      question,
      () => {},
      async ({ disk }) => {
        const lines = (await exactLines(disk, '/state')).map((line) =>
          line
            .replace(/"value":.*"state":/, '"state":')
            .replace(/("left":\[\{"number":\d+,"time":)\d+/, '$15000'),
        );
        await editStore(disk, '/state', '/changed', lines).catch((error: Error) => said.push(error.message));
        return '/state';
      },
    );
    t.ok(said.length > 3, by);
    t.ok(
      said.every((message) => refusals[by]!.test(message)),
      `${by}: ${said.find((message) => !refusals[by]!.test(message))}`,
    );
  }
});
