/**
 * Rates of programs that take turns: each is started anew in every round, so that what else the machine does meets all
 * alike. The time is that of the whole process; what a program says of itself, without its start, stands beside it.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { median } from '../measure.mjs';
import { seconds, table, times } from '../table.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Runs a line of shell; the seconds, and the records a second that it printed if it did. */
export function run(command) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, PATH: `${root}/bin:${process.env.PATH}` },
  });
  const taken = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`status ${status} of ${command}\n${stderr.slice(-2000)}`);
  return { seconds: taken, stdout };
}

/** A round is not begun when it would probably end later than this, so that a busy machine is not kept for long. */
const budgetSeconds = 80;

/**
 * Rounds of all contenders, as many as asked for if there is time. Each has a name, a command, and `own` if its own figure can be read from what it prints;
 * `before` and `after` are called around each run and are not in its
 * time; a command that is a function is given what `before` returned.
 */
export async function compete(contenders, { rounds, before, after }) {
  const results = contenders.map(({ name }) => ({ name, seconds: [], own: [] }));
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    const elapsed = (performance.now() - began) / 1000;
    if (round > 0 && elapsed + elapsed / round > budgetSeconds) break;
    for (const [index, contender] of contenders.entries()) {
      const topic = await before?.();
      const { command } = contender;
      const { seconds: taken, stdout } = run(typeof command === 'string' ? command : command(topic));
      await after?.(contender.name, topic);
      results[index].seconds.push(taken);
      if (contender.own !== undefined) results[index].own.push(contender.own(stdout));
    }
  }
  return results;
}

const thousands = (rate) => `${Math.round(rate / 1000)} K`;

/** A table of rates; the first contender is the measure of the others. */
export function rateTable(results, records) {
  const rateOf = (result) => records / Math.min(...result.seconds);
  const rows = results.map((result) => {
    const own = result.own.length === 0 ? undefined : Math.max(...result.own);
    return [
      result.name,
      seconds(Math.min(...result.seconds)),
      seconds(median(result.seconds)),
      thousands(rateOf(result)),
      times(rateOf(result) / rateOf(results[0])),
      own === undefined ? '-' : thousands(own),
    ];
  });
  const header = [
    'program',
    `best of ${results[0].seconds.length}`,
    'median',
    'records a second',
    'times the first',
    'by its own figure',
  ];
  return table(header, rows);
}
