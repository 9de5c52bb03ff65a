/**
 * A real pipe of processes, killed with SIGKILL at random moments: one stage or all of them, again and again, until the
 * job is complete. The output file must be, byte for byte, that of the same pipe left alone. LEAT_KILL_ROUNDS says
 * how many kills (default 30), LEAT_SEED which random moments; a failure prints the seed. LEAT_KILL_PIPE runs one pipe alone,
 * by a word of its name.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { createRandom } from '../harness/disk/random.js';
import { killShell, quoted, root, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';
import { hasProcesses, isGone, kill, stagesOf } from '../harness/stages.js';

const rounds = Number(process.env['LEAT_KILL_ROUNDS'] ?? 30);
const only = process.env['LEAT_KILL_PIPE'] ?? '';
const seed = Number(process.env['LEAT_SEED'] ?? Date.now() % 1_000_000);

interface Pipe {
  readonly name: string;
  /** The stages, given the folder of the state; the output file is the shell's. */
  stages(input: string, state: string, output: string): string;
}

const pipes: readonly Pipe[] = [
  {
    name: 'leat run >> file',
    stages: (input, state, output) =>
      `leat run "from ${input} ${input} --time ts --delay 2s | filter status < 500 | window tumble 1s --late drop` +
      ` | aggregate count(*) as n, sum(bytes) as bytes --by country" --checkpoint 40ms --state ${state} >> ${output}`,
  },
  {
    name: 'from | filter | window | aggregate >> file',
    stages: (input, state, output) =>
      `leat from ${input} --time ts --delay 2s --checkpoint 40ms --state ${state}` +
      ` | leat filter 'status < 500' | leat window tumble 1s --by country` +
      ` | leat aggregate 'count(*) as n, sum(bytes) as bytes, p95(ms)' >> ${output}`,
  },
  {
    name: 'cat | checkpoint | window session | aggregate | to file',
    stages: (input, state, output) =>
      `cat ${input} | leat checkpoint --every 40ms --state ${state}` +
      ` | leat window session 3s --time ts --delay 2s --by user` +
      ` | leat aggregate 'count(*) as n, list(page) as pages' | leat to ${output}`,
  },
  {
    name: 'from | window | aggregate >> file, groups on disk',
    stages: (input, state, output) =>
      `leat from ${input} --time ts --delay 2s --checkpoint 40ms --state ${state}` +
      ` --state-backend disk --state-memory 20k | leat window tumble 1m` +
      ` | leat aggregate 'count(*) as n, sum(bytes) as bytes, set(country) as countries' --by user >> ${output}`,
  },
  {
    name: 'from | union of a file | window | aggregate >> file',
    stages: (input, state, output) =>
      `leat from ${input} --time ts --delay 2s --checkpoint 40ms --state ${state}` +
      ` | leat union ${input} | leat window tumble 1s --by country` +
      ` | leat aggregate 'count(*) as n, sum(bytes) as bytes' >> ${output}`,
  },
  {
    name: 'from | union of another pipe of the job | window | aggregate >> file',
    stages: (input, state, output) =>
      `leat from ${input} --time ts --delay 2s --checkpoint 40ms --state ${state} --branches b` +
      ` | leat union <(leat from ${input} --time ts --delay 2s --state ${state} --branch b | leat filter 'status < 500')` +
      ` | leat window tumble 1s --by country | leat aggregate 'count(*) as n, sum(bytes) as bytes' >> ${output}`,
  },
];

/** Starts the pipe and kills a stage, or all, after a while. Returns the status if it was faster. */
async function disturb(
  script: string,
  { cwd, random, said }: { cwd: string; random: () => number; said(stderr: string): void },
): Promise<number | undefined> {
  const shell = startShell(script, { cwd });
  let stderr = '';
  shell.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  shell.stdout!.resume();
  const ended = new Promise<number>((resolve) => shell.on('close', (code) => resolve(code ?? 1)));
  const afterMs = 60 + random() * 900;
  const first = await Promise.race([
    ended,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), afterMs)),
  ]);
  if (first !== undefined) {
    if (first !== 0) throw new Error(`the pipe failed by itself with ${first}: ${stderr}`);
    said(stderr);
    return first;
  }
  const stages = stagesOf(shell);
  if (random() < 0.4) for (const pid of stages) kill(pid);
  else if (stages.length > 0) kill(stages[Math.floor(random() * stages.length)]!);
  await Promise.race([ended, until('the other stages end', () => isGone(shell), 30_000)]).finally(() => {
    if (!isGone(shell)) killShell(shell);
  });
  await until('all processes are gone', () => isGone(shell), 10_000);
  said(stderr);
  return undefined;
}

for (const [index, pipe] of pipes.entries()) {
  const skip = (!hasProcesses && 'needs /proc') || (!pipe.name.includes(only) && 'another pipe is asked for');
  t.test(pipe.name, { timeout: 1_800_000, skip }, async (t) => {
    const folder = temporaryFolder();
    const random = createRandom(seed + index).next;
    const input = path.join(folder, 'clicks.ndjson');
    const leat = path.join(root, 'bin/leat');
    fs.writeFileSync(
      input,
      execFileSync(leat, ['gen', 'clicks', '--count', '150000', '--seed', '7'], { maxBuffer: 1 << 28 }),
    );
    const scriptFor = (state: string, output: string) => pipe.stages(quoted(input), state, output);
    const calm = await runShell(scriptFor('calm-state', 'calm.ndjson'), { cwd: folder, deadlineMs: 120_000 });
    t.equal(calm.status, 0, calm.stderr);
    const expected = fs.readFileSync(path.join(folder, 'calm.ndjson'));
    t.ok(expected.length > 1000, 'the undisturbed pipe has an answer');
    let kills = 0;
    /** What readers see when the pipe has died is the beginning of the answer, and is never taken back. */
    const isSeenRight = (output: string): boolean => {
      const file = path.join(folder, output);
      const seen = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0);
      return expected.subarray(0, seen.length).equals(seen);
    };
    const said = (stderr: string): void => {
      if (stderr.includes('do not come again')) t.fail(`output came otherwise (seed ${seed}): ${stderr}`);
    };
    for (let job = 0; kills < rounds; job++) {
      const output = `out-${job}.ndjson`;
      const script = scriptFor(`state-${job}`, output);
      while ((await disturb(script, { cwd: folder, random, said })) === undefined && kills < rounds) {
        kills++;
        if (!isSeenRight(output)) t.fail(`job ${job} shows what is not in the answer (seed ${seed})`);
      }
      const last = await runShell(script, { cwd: folder, deadlineMs: 120_000 });
      t.equal(last.status, 0, `the last run of job ${job} is done: ${last.stderr}`);
      const same = expected.equals(fs.readFileSync(path.join(folder, output)));
      t.ok(same, `job ${job} has the output of the undisturbed pipe after ${kills} kills (seed ${seed})`);
      if (!same) return;
    }
  });
}
