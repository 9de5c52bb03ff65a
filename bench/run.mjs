/**
 * `npm run bench`: leat beside DuckDB, jq, Miller, awk and a split2 program, on the same files in the same run. Makes the
 * data with `leat gen`, checks that all answers are the same, prints tables and keeps them under bench/results.
 *
 *   --lines N      lines of data (2000000)        --runs N    runs of each program, the best and the median count (3)
 *   --only a,b     of: country, user, project, lookup, failures, startup, memory, latency
 *   --programs t   only contenders whose name contains one of these texts, separated by commas; leat is always there
 *   --no-store     print only
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checksum, latenciesMs, median, runOnce, startUpsMs } from './measure.mjs';
import { questions } from './questions.mjs';
import { mebibytes, milliseconds, seconds, table, times } from './table.mjs';

const root = path.resolve(import.meta.dirname, '..');
const leat = path.join(root, 'bin/leat');
const dataFolder = path.join(root, 'bench/data');

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    programs: { type: 'string' },
    'no-store': { type: 'boolean', default: false },
  },
});
const lineCount = Number(options.lines);
const runCount = Number(options.runs);
const chosen = options.only?.split(',');
const wanted = (id) => chosen === undefined || chosen.includes(id);

/** The version of a program, or undefined when it is not installed. */
function versionOf(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) return undefined;
  return /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown version';
}

const versions = {
  leat: versionOf(leat, '--version'),
  node: versionOf(process.execPath, '--version'),
  duckdb: versionOf(process.execPath, path.join(root, 'bench/programs/duckdb.mjs'), '--version'),
  mlr: versionOf('mlr', '--version'),
  jq: versionOf('jq', '--version'),
  gawk: versionOf('gawk', '--version'),
  mawk: versionOf('mawk', '-W', 'version'),
};

/** The data set's file; made when it is not there yet. */
function dataFile(dataset, lines) {
  const file = path.join(dataFolder, `${dataset}-${lines}.${dataset === 'clicks' ? 'ndjson' : 'log'}`);
  if (!fs.existsSync(file)) {
    console.log(`making ${path.relative(root, file)}`);
    runOnce(`${leat} gen ${dataset} --count ${lines} --seed 1 > ${file}.new && mv ${file}.new ${file}`);
  }
  runOnce(`cat ${file} > /dev/null`); // so that the file cache is warm for the first program too
  return file;
}

/** The table of users; made when it is not there yet. */
function tableFile(rows) {
  const file = path.join(dataFolder, `users-${rows}.ndjson`);
  if (!fs.existsSync(file)) {
    const program = path.join(root, 'bench/programs/users.mjs');
    runOnce(`${process.execPath} ${program} ${rows} > ${file}.new && mv ${file}.new ${file}`);
  }
  return file;
}

const sections = [];
const results = [];

function show(title, notes, header, rows) {
  const text = [`### ${title}`, ...notes, '', table(header, rows)].join('\n');
  sections.push(text);
  console.log(`\n${text}`);
}

async function compare(question) {
  const input = dataFile(question.data, lineCount);
  const table = question.table && tableFile(question.table);
  const measured = [];
  const absent = [];
  for (const { name, needs, command } of question.contenders) {
    const picked = options.programs?.split(',').some((text) => name.includes(text)) ?? true;
    if (needs !== 'leat' && !picked) continue;
    if (versions[needs] === undefined) {
      absent.push(name);
      continue;
    }
    const output = path.join(dataFolder, `answer-${question.id}.ndjson`);
    fs.rmSync(output, { force: true });
    const line = command({ input, output, table });
    const runs = [];
    let answer;
    try {
      for (let run = 0; run < runCount; run++) {
        runs.push(runOnce(line));
        answer ??= await checksum(output, question.row);
      }
    } catch (error) {
      console.error(`${name} failed: ${error.message}`);
      absent.push(`${name} (failed)`);
      continue;
    }
    const best = Math.min(...runs.map((run) => run.seconds));
    const middle = median(runs.map((run) => run.seconds));
    const memory = runs[0].mebibytes && Math.max(...runs.map((run) => run.mebibytes));
    measured.push({
      question: question.id,
      name,
      best,
      median: middle,
      mebibytes: memory,
      answer,
      command: line.replaceAll(`${root}/`, ''),
    });
    console.error(`${question.id}: ${name} ${seconds(best)}`);
  }
  results.push(...measured);
  const own = measured[0];
  const notes = [`${lineCount} lines, ${Math.round(fs.statSync(input).size / 1e6)} MB.`];
  const different = measured.filter(({ answer }) => answer !== own.answer);
  if (different.length === 0) notes.push(`All answers are the same: ${own.answer}.`);
  else {
    process.exitCode = 1;
    for (const { name, answer } of different)
      notes.push(`DIFFERENT ANSWER of ${name}: ${answer}, leat ${own.answer}.`);
  }
  if (absent.length > 0) notes.push(`Not measured: ${absent.join(', ')}.`);
  show(
    question.title,
    notes,
    ['program', 'best', 'median', 'times leat', 'memory'],
    measured.map((one) => [
      one.name,
      seconds(one.best),
      seconds(one.median),
      times(one.median / own.median),
      mebibytes(one.mebibytes),
    ]),
  );
}

function startUp() {
  const programs = [
    { name: 'node -e 0', words: [process.execPath, '-e', '0'] },
    { name: 'leat --version', words: [leat, '--version'] },
    {
      name: "leat filter 'status >= 500', one line",
      words: [leat, 'filter', 'status >= 500'],
      input: '{"status":500}\n',
    },
    {
      name: 'leat window and aggregate, one line',
      words: [leat, 'run', 'window tumble 1m --time ts | aggregate count(*)'],
      input: '{"ts":1793491200000}\n',
    },
  ];
  const taken = startUpsMs(programs);
  const figures = programs.map(({ name }, index) => {
    return { name, best: Math.min(...taken[index]), ms: median(taken[index]) };
  });
  const [node] = figures;
  results.push(...figures.map((one) => ({ question: 'startup', ...one })));
  show(
    'start-up',
    ['41 starts of each in turn, the whole process.'],
    ['command', 'best', 'over node', 'median', 'over node', 'times node'],
    figures.map(({ name, best, ms }) => [
      name,
      milliseconds(best),
      milliseconds(best - node.best),
      milliseconds(ms),
      milliseconds(ms - node.ms),
      times(ms / node.ms),
    ]),
  );
}

function memory() {
  const sizes = [Math.round(lineCount / 4), lineCount];
  const clicks = sizes.map((lines) => dataFile('clicks', lines));
  const logs = sizes.map((lines) => dataFile('access-log', lines));
  const commands = [
    ['leat filter', (file) => `${leat} filter 'status >= 400' < ${file}`, clicks],
    ['leat select', (file) => `${leat} select 'ts, user, bytes / 1024 as kib' < ${file}`, clicks],
    ['leat parse nginx', (file) => `${leat} parse nginx < ${file}`, logs],
    [
      'window of 10 s by country',
      (file) =>
        `${leat} run "window tumble 10s --time ts --delay 3s | aggregate count(*) --by country" < ${file}`,
      clicks,
    ],
    [
      'window of 1 minute by user',
      (file) =>
        `${leat} run "window tumble 1m --time ts --delay 3s | aggregate count(*) --by user" < ${file}`,
      clicks,
    ],
  ];
  const rows = commands.map(([name, command, files]) => {
    const peaks = files.map((file) => runOnce(`${command(file)} > /dev/null`).mebibytes);
    results.push({ question: 'memory', name, lines: sizes, mebibytes: peaks });
    return [name, ...peaks.map(mebibytes)];
  });
  show(
    'memory',
    ['Resident memory at its highest.'],
    ['command', ...sizes.map((lines) => `${lines} lines`)],
    rows,
  );
}

async function latency() {
  const through = [
    ['one stage', `${leat} filter 'a >= 0'`],
    ['three stages', `${leat} filter 'a >= 0' | ${leat} select '*, a * 2 as b' | ${leat} filter 'b >= 0'`],
  ];
  const lines = Array.from({ length: 11 }, (_, a) => JSON.stringify({ ts: 1793491200000 + a * 1000, a }));
  const rows = [];
  for (const [name, command] of through) {
    const rounds = [];
    for (let round = 0; round < 7; round++) rounds.push(await latenciesMs(command, lines, 100));
    const figures = [rounds.map(([first]) => first), rounds.flatMap(([, ...later]) => later)];
    const cells = figures.flatMap((taken) => [median(taken), Math.max(...taken)]);
    rows.push([name, ...cells.map(milliseconds)]);
    const [firstMs, firstMostMs, medianMs, mostMs] = cells;
    results.push({ question: 'latency', name, firstMs, firstMostMs, medianMs, mostMs });
  }
  show(
    'latency of a record',
    [
      'Ten records a second, from in to out, seven times. The stages are started two seconds before the first one.',
    ],
    ['pipe', 'first, median', 'most', 'later, median', 'most'],
    rows,
  );
}

if (versions.leat === undefined) throw new Error('leat does not start; npm run build makes it');
fs.mkdirSync(dataFolder, { recursive: true });
const date = new Date().toISOString().slice(0, 10);
const machine = `${os.cpus().length} cores of ${os.cpus()[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`;
const programs = Object.entries(versions)
  .map(([name, version]) => `${name} ${version ?? 'not installed'}`)
  .join(', ');
sections.push(`# Benchmarks of ${date}`, `${machine}. ${programs}.`);
console.log(sections.join('\n\n'));

for (const question of questions) if (wanted(question.id)) await compare(question);
if (wanted('startup')) startUp();
if (wanted('memory')) memory();
if (wanted('latency')) await latency();

if (!options['no-store']) {
  const stem = path.join(root, 'bench/results', date);
  fs.mkdirSync(path.dirname(stem), { recursive: true });
  fs.writeFileSync(`${stem}.md`, `${sections.join('\n\n')}\n`);
  fs.writeFileSync(
    `${stem}.json`,
    `${JSON.stringify({ date, machine, versions, lineCount, runCount, results }, null, 2)}\n`,
  );
  console.log(`\nkept in bench/results/${date}.md`);
}
