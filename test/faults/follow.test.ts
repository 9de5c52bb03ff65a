/**
 * A follower that is a real process, killed with SIGKILL at random moments and typed again, while its files are written,
 * renamed, copied and cut, and compressed, also when nobody follows. In the end every line is in the output once.
 * LEAT_KILL_ROUNDS says how many kills (default 10), LEAT_SEED which schedule; a failure prints the seed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { createRandom, type Random } from '../harness/disk/random.js';
import { compareLines, createRotatingWriter, type RotatingWriter } from '../harness/rotating-writer.js';
import { killShell, startShell, temporaryFolder } from '../harness/shell.js';
import { hasProcesses, isGone, kill, stagesOf } from '../harness/stages.js';

const rounds = Number(process.env['LEAT_KILL_ROUNDS'] ?? 10);
const seed = Number(process.env['LEAT_SEED'] ?? Date.now() % 1_000_000);
const mostMs = 30_000;

const commands: Readonly<Record<string, string>> = {
  'from | select >> file':
    "leat from 'logs/*' --follow --checkpoint 100ms --state state | leat select '*' >> out.ndjson",
  'run >> file':
    'exec leat run "from \'logs/*\' --follow | select *" --checkpoint 100ms --state state >> out.ndjson',
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the command; it is not expected to end by itself. */
function start(command: string, cwd: string) {
  const shell = startShell(command, { cwd });
  let stderr = '';
  shell.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  shell.stdout!.resume();
  const ended = new Promise<number>((resolve) =>
    shell.on('close', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal!])),
  );
  return { shell, ended, stderr: () => stderr };
}

type Run = ReturnType<typeof start>;

/** Writes, at random distances, until something holds. */
async function writeUntil(holds: () => boolean, writer: RotatingWriter, random: Random): Promise<void> {
  const endMs = performance.now() + mostMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited ${mostMs} ms in vain`);
    writer.step();
    await pause(random.next() * 40);
  }
}

/** The follower itself, or now and then one stage or all of the pipe. */
function killSome({ shell }: Run, random: Random): void {
  const stages = stagesOf(shell);
  if (stages.length === 0 || random.next() < 0.4) killShell(shell);
  else kill(stages[random.below(stages.length)]!);
}

/** The status with which a run ends; one that does not end is killed when the deadline comes. */
async function ending({ shell, ended }: Run): Promise<number> {
  const deadline = setTimeout(() => killShell(shell), mostMs);
  return await ended.finally(() => clearTimeout(deadline));
}

const linesOf = (file: string): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

/** Leaves nothing behind. */
function killAll(runs: readonly Run[]): void {
  for (const { shell } of runs) if (!isGone(shell)) killShell(shell);
}

/** Waits until every line has arrived; false when the deadline, or the end of the run, was faster. */
async function arrival(run: Run, wanted: readonly string[], output: string): Promise<boolean> {
  const endMs = performance.now() + mostMs;
  while (performance.now() < endMs && !isGone(run.shell)) {
    if (compareLines(wanted, linesOf(output)).missing.length === 0) return true;
    await pause(50);
  }
  return false;
}

for (const [index, [name, command]] of Object.entries(commands).entries()) {
  t.test(name, { timeout: 600_000, skip: !hasProcesses && 'needs /proc' }, async (t) => {
    const folder = temporaryFolder();
    const logs = path.join(folder, 'logs');
    fs.mkdirSync(logs);
    const random = createRandom(seed + index);
    const spell = (log: string, generation: number, n: number, padding: string): string =>
      JSON.stringify({ log, generation, n, padding });
    const writer = createRotatingWriter(logs, random.below, spell);
    const runs: Run[] = [];
    t.teardown(() => killAll(runs));
    for (let round = 0; round < rounds; round++) {
      const run = start(command, folder);
      runs.push(run);
      const killMs = performance.now() + 50 + random.next() * 1000;
      await writeUntil(() => performance.now() > killMs || isGone(run.shell), writer, random);
      if (isGone(run.shell)) throw new Error(`it ended by itself: ${run.stderr()} (seed ${seed})`);
      killSome(run, random);
      await writeUntil(() => isGone(run.shell), writer, random);
      for (let step = random.below(10); step > 0; step--) writer.step();
    }
    const last = start(command, folder);
    runs.push(last);
    writer.endLines();
    const output = path.join(folder, 'out.ndjson');
    const arrived = await arrival(last, writer.lines, output);
    // A command that took the place of its shell is the one process.
    const stages = stagesOf(last.shell);
    for (const pid of stages.length > 0 ? stages : [last.shell.pid!]) kill(pid, 'SIGTERM');
    const status = await ending(last);
    const outcome = compareLines(writer.lines, linesOf(output));
    t.same(outcome, { missing: [], doubled: [], foreign: [] }, `every line once (seed ${seed})`);
    t.ok(arrived, 'the last lines arrived while nothing more was written');
    t.equal(status, 143, `the follower ended by the signal: ${last.stderr()}`);
    t.ok(writer.lines.length > 100, 'there was something to follow');
  });
}
