/**
 * A job from a topic to a topic, disturbed in every way that happens: killed with SIGKILL at random moments, the broker killed
 * and started again under it, a run that is frozen while another takes over and wakes up then. A reader of committed records
 * must find in the topic exactly what the same question gives on the same records in a file. LEAT_KILL_ROUNDS says how
 * many kills (default 25), LEAT_SEED which moments.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import kafkajs from 'kafkajs';
import t, { type Test } from 'tap';
import { createRandom } from '../harness/disk/random.js';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { killShell, root, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';
import { hasProcesses, isGone } from '../harness/stages.js';

const rounds = Number(process.env['LEAT_KILL_ROUNDS'] ?? 25);
const records = Number(process.env['LEAT_KILL_RECORDS'] ?? 1_000_000);
const seed = Number(process.env['LEAT_SEED'] ?? Date.now() % 1_000_000);
const leat = path.join(root, 'bin/leat');

t.setTimeout(2_400_000);

/** Cuts a file of lines into so many files of about the same length. */
function cutLines(file: string, count: number, folder: string): string[] {
  const bytes = fs.readFileSync(file);
  const ends = Array.from({ length: count }, (_, index) => {
    const near = Math.floor((bytes.length * (index + 1)) / count);
    return index === count - 1 ? bytes.length : bytes.indexOf(10, near) + 1;
  });
  return ends.map((end, index) => {
    const piece = `${path.join(folder, path.basename(file, '.ndjson'))}-${index}.ndjson`;
    fs.writeFileSync(piece, bytes.subarray(ends[index - 1] ?? 0, end));
    return piece;
  });
}

/** Reads a topic to its end as kafkajs does: committed records only. */
async function readCommitted(broker: Broker, topic: string): Promise<string[]> {
  const kafka = new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });
  const ends = await broker.withAdmin((admin) => admin.fetchTopicOffsets(topic));
  const open = new Map(
    ends.flatMap(({ partition, high }) => (high === '0' ? [] : [[partition, BigInt(high)]])),
  );
  const consumer = kafka.consumer({ groupId: `reader-${Date.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    // The end of a transaction has an offset of its own, so the end of a batch says more than its last record.
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      const end = open.get(payload.partition);
      if (end !== undefined && BigInt(payload.lastOffset) + 1n >= end - 1n) open.delete(payload.partition);
      if (open.size === 0) resolve();
    });
    void consumer.run({
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) lines.push(value!.toString());
      },
    });
  });
  await consumer.disconnect();
  return lines.sort();
}

/** A run of the job as a process of its own. */
function startRun(t: Test, script: string, folder: string) {
  const shell = startShell(script, { cwd: folder });
  t.teardown(() => killShell(shell));
  let stderr = '';
  shell.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  shell.stdout!.resume();
  const ended = new Promise<number>((resolve) => shell.on('close', (code) => resolve(code ?? 128)));
  return { shell, ended, stderr: () => stderr };
}

/** The newest checkpoint of a store; 0 for none. */
const checkpointOf = (state: string): number =>
  !fs.existsSync(`${state}/checkpoints`)
    ? 0
    : Math.max(0, ...fs.readdirSync(`${state}/checkpoints`).map((name) => Number.parseInt(name, 10)));

async function killRun({ shell, ended }: ReturnType<typeof startRun>): Promise<void> {
  killShell(shell);
  await Promise.race([ended, until('the run ends', () => isGone(shell), 30_000)]);
  await until('all of it is gone', () => isGone(shell), 30_000);
}

async function disturbed(t: Test, broker: Broker): Promise<void> {
  const folder = temporaryFolder();
  const { next: random } = createRandom(seed);
  const all = path.join(folder, 'all.ndjson');
  const out = fs.openSync(all, 'w');
  execFileSync(leat, ['gen', 'clicks', '--count', String(records), '--seed', '11'], {
    stdio: ['ignore', out, 'inherit'],
  });
  const question =
    'window tumble 10s | aggregate count(*) as n, sum(bytes) as bytes, max(ms) as worst --by country';
  const calm = await runShell(`leat run "from all.ndjson --time ts --delay 2s | ${question}"`, {
    cwd: folder,
    deadlineMs: 300_000,
  });
  t.equal(calm.status, 0, calm.stderr);
  const expected = calm.stdout.trim().split('\n').sort();
  t.ok(expected.length > 100, 'the undisturbed run has an answer');

  await broker.createTopic('in', 4);
  await broker.createTopic('out', 2);
  const cluster = `kafka://${broker.address}`;
  const job = (more: string, words = ''): string =>
    `leat run "from ${cluster}/in?retry=forever${words} --time ts --delay 2s | ${question} | tee copies.ndjson | to ${cluster}/out?retry=forever --key country"` +
    ` --checkpoint 100ms --state state ${more}`;
  const state = path.join(folder, 'state');
  const slices = cutLines(all, rounds, folder);
  const restartsAt = new Set([0.2, 0.5, 0.8].map((part) => Math.floor(rounds * part)));
  const frozenAt = Math.floor(rounds * 0.65);

  const produce = async (file: string): Promise<void> => {
    const script = `leat from ${file} | leat to '${cluster}/in?retry=forever' --key user`;
    const { status, stderr } = await runShell(script, { cwd: folder, deadlineMs: 300_000 });
    if (status !== 0) t.fail(`${file} was not written: ${stderr}`);
  };

  for (let round = 0; round < rounds; round++) {
    const [slice, more] = cutLines(slices[round]!, 2, folder) as [string, string];
    const produced = restartsAt.has(round) ? produce(slice) : produce(slice).then(() => produce(more));
    const run = startRun(t, job(''), folder);
    const before = checkpointOf(state);
    if (round === frozenAt) {
      await until('the run works', () => checkpointOf(state) > before, 60_000);
      process.kill(-run.shell.pid!, 'SIGSTOP');
      const successor = startRun(t, job('--take-over'), folder);
      const taken = checkpointOf(state);
      await until('the successor works', () => checkpointOf(state) > taken, 120_000);
      process.kill(-run.shell.pid!, 'SIGCONT');
      await until('the frozen run gives up', () => isGone(run.shell), 120_000).catch((error: Error) =>
        t.fail(`${error.message}: ${run.stderr()}`),
      );
      const status = await run.ended;
      t.not(status, 0, `a run that was frozen gives up: ${run.stderr()}`);
      await killRun(successor);
    } else if (restartsAt.has(round)) {
      await until('the run works', () => checkpointOf(state) > before, 60_000);
      await broker.restart('SIGKILL');
      await produced;
      const restarted = checkpointOf(state);
      await produce(more);
      await until(
        'it goes on with the new broker',
        () => checkpointOf(state) > restarted || isGone(run.shell),
        120_000,
      ).catch((error: Error) => t.fail(`${error.message}: ${run.stderr()}`));
      await killRun(run);
    } else {
      await new Promise((resolve) => setTimeout(resolve, 300 + random() * 1500));
      await killRun(run);
    }
    t.notMatch(run.stderr(), /defect|TypeError/);
    await produced;
  }
  const last = await runShell(job('', '&end=latest'), { cwd: folder, deadlineMs: 300_000 });
  t.equal(last.status, 0, last.stderr);
  const found = await readCommitted(broker, 'out');
  const copies = fs.readFileSync(path.join(folder, 'copies.ndjson'), 'utf8').trim().split('\n').sort();
  t.ok(
    copies.length === found.length && copies.every((line, index) => line === found[index]),
    `the file of the same job has the same records (seed ${seed})`,
  );
  const wanted = new Set(expected);
  const got = new Set(found);
  t.same(
    found.filter((line, index) => !wanted.has(line) || line === found[index - 1]),
    [],
    `nothing wrong and nothing twice (seed ${seed})`,
  );
  t.same(
    expected.filter((line) => !got.has(line)),
    [],
    `nothing is missing (seed ${seed})`,
  );
}

t.test('from a topic to a topic, disturbed', { skip: !hasProcesses && 'needs /proc' }, async (t) => {
  if (!needsBroker(t)) return;
  await disturbed(t, await startBroker(t, { properties: { 'log.retention.hours': '-1' } }));
});
