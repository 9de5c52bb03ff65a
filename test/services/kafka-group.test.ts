/**
 * Groups of a real broker: how far a reader has come is kept by the group, and the members of one share the partitions
 * of a topic. Members come and leave in order, and one is killed.
 */
import type { ChildProcess } from 'node:child_process';
import kafkajs from 'kafkajs';
import t, { type Test } from 'tap';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { killShell, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';

const folder = temporaryFolder();
t.setTimeout(600_000);

/** Writes { n } for each number, to the four partitions in turn. */
async function produce(broker: Broker, topic: string, from: number, to: number): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });
  // What it sends again must not come twice.
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ createPartitioner, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: to - from }, (_, index) => ({
    partition: (from + index) % 4,
    value: JSON.stringify({ n: from + index }),
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

interface Member {
  readonly child: ChildProcess;
  /** What it has written. */
  numbers(): number[];
  stderr(): string;
  ended(): number | undefined;
}

function start(t: Test, script: string, env: Record<string, string>): Member {
  // exec: a signal to the shell is one to leat.
  const child = startShell(`exec ${script}`, { cwd: folder, env });
  t.teardown(() => killShell(child));
  let out = '';
  let err = '';
  let status: number | undefined;
  child.stdout!.on('data', (chunk) => (out += chunk));
  child.stderr!.on('data', (chunk) => (err += chunk));
  child.on('close', (code) => (status = code ?? -1));
  return {
    child,
    numbers: () =>
      out
        .slice(0, out.lastIndexOf('\n') + 1)
        .split('\n')
        .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as { n: number }).n)),
    stderr: () => err,
    ended: () => status,
  };
}

async function stop(member: Member): Promise<void> {
  member.child.kill('SIGTERM');
  await until('the member has left', () => member.ended() !== undefined, 30_000);
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** What the group has committed, added up over the partitions. */
async function committed(broker: Broker, groupId: string, topic: string): Promise<number> {
  const found = await broker.withAdmin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  return found
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

async function untilCommitted(broker: Broker, group: string, topic: string, records: number): Promise<void> {
  const endMs = performance.now() + 30_000;
  for (let found = -1; found !== records; found = await committed(broker, group, topic)) {
    if (performance.now() > endMs) throw new Error(`the group has committed ${found}, not ${records}`);
  }
}

t.test('groups', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t, {
    properties: { 'group.min.session.timeout.ms': '500', 'log.retention.hours': '-1' },
  });
  const env = { K: `kafka://${broker.address}` };

  t.test('a run goes on where the one before has ended', async (t) => {
    await broker.createTopic('alone', 4);
    await produce(broker, 'alone', 0, 100);
    const first = await runShell('leat from "$K/alone?group=a&end=latest"', { cwd: folder, env });
    t.equal(first.status, 0, first.stderr);
    t.equal(first.stdout.trim().split('\n').length, 100);
    await produce(broker, 'alone', 100, 140);
    const second = start(t, 'leat from "$K/alone?group=a"', env);
    await until('the rest has come', () => second.numbers().length >= 40, 60_000);
    // Committed while it waits for more, without an end.
    await untilCommitted(broker, 'a', 'alone', 140);
    await produce(broker, 'alone', 140, 144);
    await until('some more has come', () => second.numbers().length >= 44, 60_000);
    await stop(second);
    t.same(sorted(second.numbers()), range(100, 144));
    t.equal(second.ended(), 143, second.stderr());
    t.equal(await committed(broker, 'a', 'alone'), 144);
    const third = await runShell('leat from "$K/alone?group=a&end=latest"', { cwd: folder, env });
    t.equal(third.stdout, '');
    const other = await runShell('leat from "$K/alone?group=b&end=latest" | wc -l', { cwd: folder, env });
    t.equal(Number(other.stdout), 144);
  });

  t.test('what only state knows is said to be lost', async (t) => {
    const asked = 'leat from "$K/alone?group=c&end=latest" | leat aggregate "count(*) as n"';
    t.notMatch((await runShell(asked, { cwd: folder, env })).stderr, /is lost/);
    const fused = 'leat run "from $K/alone?group=d&end=latest | aggregate count(*) as n"';
    const { stdout, stderr } = await runShell(fused, { cwd: folder, env });
    t.equal(stdout, '{"n":144}\n');
    t.match(stderr, /aggregate.* gathers is lost when this ends early.*--state keeps it/);
  });

  t.test('two inputs of one pipeline', async (t) => {
    await broker.createTopic('other', 4);
    await produce(broker, 'other', 200, 220);
    const file = 'a = from $K/alone?group=e&end=latest\nb = from $K/other?group=e&end=latest\na | union b';
    const first = await runShell(`leat run "${file}"`, { cwd: folder, env });
    t.equal(first.stdout.trim().split('\n').length, 164, first.stderr);
    t.equal(await committed(broker, 'e', 'alone'), 144);
    t.equal(await committed(broker, 'e', 'other'), 20);
  });

  t.test('a job shows how far it has come, and its checkpoints decide', async (t) => {
    const job = 'leat from "$K/alone?group=f&end=latest" --state job --checkpoint 100ms';
    const first = await runShell(`${job} > job.out`, { cwd: folder, env });
    t.equal(first.status, 0, first.stderr);
    t.equal(await committed(broker, 'f', 'alone'), 144);
    const shared = await runShell('leat from "$K/alone?group=g&share=yes" --state shared > shared.out', {
      cwd: folder,
      env,
    });
    t.equal(shared.status, 2, shared.stderr);
    t.match(shared.stderr, /partitions move between its members, and the state of a job does not/);
  });

  t.test('members that come and leave in order work on each record once', async (t) => {
    await broker.createTopic('shared', 4);
    const script = 'leat from "$K/shared?group=s&share=yes&session=10000"';
    const one = start(t, script, env);
    await produce(broker, 'shared', 0, 400);
    await until('one has all', () => one.numbers().length >= 400, 60_000);
    const two = start(t, script, env);
    let next = 400;
    // Records go on coming while the group deals anew.
    const endMs = performance.now() + 60_000;
    while (two.numbers().length === 0 && performance.now() < endMs) {
      await produce(broker, 'shared', next, next + 40);
      next += 40;
    }
    t.ok(two.numbers().length > 0, `two got nothing: ${two.stderr()}`);
    await stop(one);
    await produce(broker, 'shared', next, next + 80);
    next += 80;
    const total = next;
    await until('two has the rest', () => one.numbers().length + two.numbers().length >= total, 60_000);
    await stop(two);
    t.same(sorted([...one.numbers(), ...two.numbers()]), range(0, total), `${one.stderr()}${two.stderr()}`);
    t.equal(await committed(broker, 's', 'shared'), total);
  });

  t.test('what a killed member had is taken over', async (t) => {
    await broker.createTopic('killed', 4);
    const script = 'leat from "$K/killed?group=k&share=yes&session=1500"';
    const one = start(t, script, env);
    const two = start(t, script, env);
    let next = 0;
    const endMs = performance.now() + 60_000;
    while ((one.numbers().length === 0 || two.numbers().length === 0) && performance.now() < endMs) {
      await produce(broker, 'killed', next, next + 40);
      next += 40;
    }
    t.ok(one.numbers().length > 0 && two.numbers().length > 0, `${one.stderr()}${two.stderr()}`);
    killShell(one.child);
    await produce(broker, 'killed', next, next + 80);
    next += 80;
    const all = (): Set<number> => new Set([...one.numbers(), ...two.numbers()]);
    await until('all is there', () => all().size === next, 60_000);
    t.same(sorted([...all()]), range(0, next));
    await stop(two);
    t.equal(await committed(broker, 'k', 'killed'), next);
  });

  t.test('a broker that is gone does not hold the end up', async (t) => {
    const gone = await startBroker(t);
    await gone.createTopic('gone', 4);
    await produce(gone, 'gone', 0, 8);
    const one = start(t, 'leat from "$K/gone?group=x&share=yes&retry=forever"', {
      K: `kafka://${gone.address}`,
    });
    await until('it reads', () => one.numbers().length >= 8, 60_000);
    await gone.stop();
    await stop(one);
    t.equal(one.ended(), 143, one.stderr());
  });

  t.test('what cannot be is said', async (t) => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['share=yes', /needs the name of a group/],
      ['group=w&share=yes&end=latest', /has no end/],
      ['group=w&share=yes&partitions=1', /shares all partitions/],
      ['group=w&share=yes&start=latest', /begins where the group has committed/],
      ['group=w&share=yes&session=5', /group\.min\.session\.timeout\.ms/],
    ];
    for (const [words, said] of wrong) {
      const { status, stderr } = await runShell(`leat from "$K/alone?${words}"`, { cwd: folder, env });
      t.not(status, 0, words);
      t.match(stderr, said, words);
    }
    const member = start(t, 'leat from "$K/alone?group=m&share=yes"', env);
    await until('it reads', () => member.numbers().length >= 144, 60_000);
    const alone = await runShell('leat from "$K/alone?group=m&start=earliest"', { cwd: folder, env });
    t.equal(alone.status, 1);
    t.match(alone.stderr, /has members .* that share its topics[\s\S]*share=yes/);
    await stop(member);
  });
});
