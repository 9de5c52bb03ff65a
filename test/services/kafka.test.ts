/**
 * Topics of a real broker as input and output of real commands: where reading begins and ends, what comes along with a
 * record, tombstones, transactions, gaps; keys, headers, topics from the data, epochs that appear once.
 */
import fs from 'node:fs';
import path from 'node:path';
import kafkajs, { type Message } from 'kafkajs';
import t, { type Test } from 'tap';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { startRegistry } from '../harness/schema-registry.js';
import { killShell, runShell, startShell, temporaryFolder, until } from '../harness/shell.js';

const folder = temporaryFolder();
t.setTimeout(900_000);

const kafkaOf = (broker: Broker) =>
  new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });

/** Writes messages by kafkajs, each to the partition that it names. */
async function produce(
  broker: Broker,
  topic: string,
  messages: Message[],
  transactional?: 'commit' | 'abort',
) {
  const id = transactional === undefined ? {} : { transactionalId: `t-${topic}`, maxInFlightRequests: 1 };
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  const producer = kafkaOf(broker).producer({
    createPartitioner,
    idempotent: transactional !== undefined,
    ...id,
  });
  await producer.connect();
  if (transactional === undefined) await producer.send({ topic, messages });
  else {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages });
    await (transactional === 'commit' ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
}

const numbers = (from: number, to: number, partition: number): Message[] =>
  Array.from({ length: to - from }, (_, index) => ({
    partition,
    timestamp: String(1_790_000_000_000 + (from + index) * 1000),
    value: JSON.stringify({ n: from + index }),
  }));

/** Runs a script that must succeed, and returns the lines of its stdout. */
async function lines(t: Test, script: string, env: Record<string, string> = {}): Promise<string[]> {
  const { status, stdout, stderr } = await runShell(script, { cwd: folder, env, deadlineMs: 120_000 });
  if (status !== 0) t.fail(`${script}: status ${status}\n${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

const ns = (all: readonly string[]): number[] =>
  all.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);

t.test('topics', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t, { properties: { 'log.retention.hours': '-1' } });
  const env = { K: `kafka://${broker.address}` };
  const run = (t: Test, script: string) => lines(t, script, env);

  t.test('where reading begins and ends', async (t) => {
    await broker.createTopic('bounds', 2);
    await produce(broker, 'bounds', [...numbers(0, 10, 0), ...numbers(10, 20, 1)]);
    const asked: readonly (readonly [string, number[]])[] = [
      ['end=latest', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]],
      ['end=latest&start=latest', []],
      ['end=latest&start=7', [7, 8, 9, 17, 18, 19]],
      ['end=latest&start=0:8,1:9', [8, 9, 19]],
      ['end=latest&partitions=1&start=8', [18, 19]],
      ['end=3', [0, 1, 2, 10, 11, 12]],
      ['end=0:2,1:1', [0, 1, 10]],
      ['start=2026-09-21T14:13:38Z&end=latest', [18, 19]],
      ['start=2026-09-21T14:13:25Z&end=2026-09-21T14:13:32Z', [5, 6, 7, 8, 9, 10, 11]],
    ];
    for (const [words, expected] of asked) {
      t.same(ns(await run(t, `leat from "$K/bounds?${words}"`)), expected, words);
    }
  });

  t.test('what comes along with a record, and tombstones', async (t) => {
    await broker.createTopic('meta');
    await produce(broker, 'meta', [
      { key: 'a', value: '{"x": 1}', headers: { h: 'one' }, timestamp: '1790000000000' },
      { key: 'b', value: null, timestamp: '1790000000001' },
      { value: ' { }', timestamp: '1790000000002' },
      { key: 'c', value: '{"long":\n  true}', timestamp: '1790000000003' },
    ]);
    const all = await run(
      t,
      'leat from "$K/meta?end=latest&tombstones=keep" --meta key,partition,offset,timestamp,headers,topic',
    );
    const at = (offset: number) =>
      `"$partition":0,"$offset":${offset},"$timestamp":${1_790_000_000_000 + offset}`;
    t.same(all, [
      `{"$key":"a",${at(0)},"$headers":{"h":"one"},"$topic":"meta","x": 1}`,
      `{"$key":"b",${at(1)},"$headers":{},"$topic":"meta","$tombstone":true}`,
      `{"$key":null,${at(2)},"$headers":{},"$topic":"meta" }`,
      `{"$key":"c",${at(3)},"$headers":{},"$topic":"meta","long":   true}`,
    ]);
    t.same(
      await run(t, `leat run "from $K/meta?end=latest | filter \\$offset > 2 | select \\$key as k, long"`),
      ['{"k":"c","long":true}'],
    );
    const { stderr, stdout } = await runShell('leat from "$K/meta?end=latest"', { cwd: folder, env });
    t.equal(stdout, '{"x": 1}\n{ }\n{"long":   true}\n');
    t.match(stderr, /1 tombstone/);
  });

  t.test('patterns name topics, and a new one is found', async (t) => {
    await broker.createTopic('logs-a');
    await broker.createTopic('logs-b');
    await produce(broker, 'logs-a', numbers(0, 2, 0));
    await produce(broker, 'logs-b', numbers(2, 4, 0));
    t.same(ns(await run(t, 'leat from "$K/logs-*?end=latest"')), [0, 1, 2, 3]);
    const child = startShell('leat from "$K/logs-*?discover=200ms"', { cwd: folder, env });
    t.teardown(() => killShell(child));
    let out = '';
    child.stdout!.on('data', (chunk) => (out += chunk));
    await until('four records', () => out.split('\n').length > 4, 60_000);
    await broker.createTopic('logs-c');
    await produce(broker, 'logs-c', numbers(4, 6, 0));
    await until('six records', () => out.split('\n').length > 6, 60_000);
    t.same(ns(out.trim().split('\n')), [0, 1, 2, 3, 4, 5]);
    child.kill('SIGTERM');
  });

  t.test('transactions that were given up are not read', async (t) => {
    await broker.createTopic('decided');
    await produce(broker, 'decided', numbers(0, 3, 0), 'commit');
    await produce(broker, 'decided', numbers(3, 6, 0), 'abort');
    await produce(broker, 'decided', numbers(6, 8, 0), 'commit');
    t.same(ns(await run(t, 'leat from "$K/decided?end=latest"')), [0, 1, 2, 6, 7]);
    const all = await run(t, 'leat from "$K/decided?end=latest&isolation=read_uncommitted"');
    t.same(ns(all), [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  t.test('offsets that are gone are an error, or said', async (t) => {
    await broker.createTopic('gone');
    await produce(broker, 'gone', numbers(0, 10, 0));
    await broker.withAdmin(async (admin) => {
      // Has it ask who leads the topic, which it does not do by itself before it deletes.
      await admin.fetchTopicOffsets('gone');
      await admin.deleteTopicRecords({ topic: 'gone', partitions: [{ partition: 0, offset: '6' }] });
    });
    const failed = await runShell('leat from "$K/gone?start=2&end=latest"', { cwd: folder, env });
    t.equal(failed.status, 1);
    t.match(failed.stderr, /4 offsets of gone\[0\] are gone, 2 to 5[\s\S]*--on-gap report/);
    const said = await runShell('leat from "$K/gone?start=2&end=latest" --on-gap report', {
      cwd: folder,
      env,
    });
    t.same(ns(said.stdout.trim().split('\n')), [6, 7, 8, 9]);
    t.match(said.stderr, /going on at offset 6/);
    t.equal(said.status, 0);
  });

  t.test('the watermark is the lowest of the partitions', async (t) => {
    await broker.createTopic('apart', 2);
    // One partition is an hour behind the other: nothing of it is late.
    const at = (second: number, partition: number): Message => ({
      partition,
      value: JSON.stringify({ t: 1_790_000_000 + second, p: partition }),
    });
    const messages = Array.from({ length: 50 }, (_, index) => [at(3600 + index, 0), at(index, 1)]).flat();
    await produce(broker, 'apart', messages);
    const asked = [
      'leat run "from $K/apart?end=latest --time t | window tumble 10s | aggregate count(*) as n --by p"',
      'leat from "$K/apart?end=latest" --time t | leat window tumble 10s --by p | leat aggregate "count(*) as n"',
      'leat from "$K/apart?end=latest" --time t | leat filter "t > 0" | leat select "t, p" | leat window tumble 10s --by p | leat aggregate "count(*) as n"',
      'leat from "$K/apart?end=latest" --time t | leat union none.ndjson --time t | leat window tumble 10s --by p | leat aggregate "count(*) as n"',
      'leat run "from none.ndjson --time t | union $K/apart?end=latest --time t | window tumble 10s | aggregate count(*) as n --by p"',
    ];
    fs.writeFileSync(path.join(folder, 'none.ndjson'), '');
    for (const script of asked) {
      const windows = await run(t, script);
      t.equal(windows.length, 10, script);
      t.ok(
        windows.every((line) => line.endsWith('"n":10}')),
        script,
      );
    }
  });

  t.test('keys, headers, times, topics from the data, and topics that are made', async (t) => {
    const input = `printf '%s\\n' '{"t":1790000000,"u":"a","c":"NO"}' '{"t":1790000001,"u":null,"c":"SE"}' '{"t":1790000002,"c":"../x"}'`;
    const made = await runShell(
      `${input} | leat run "from - --time t | to $K/made?create=3,retention.ms:100000 --key u --headers 'c, upper(u) as big'"`,
      { cwd: folder, env },
    );
    t.equal(made.status, 2, 'a wrong word is wrong usage');
    const good = await runShell(
      `${input} | leat run "from - --time t | to $K/made?create=partitions:3,retention.ms:100000 --key u --headers 'c, upper(u) as big'"`,
      { cwd: folder, env },
    );
    t.equal(good.status, 0, good.stderr);
    t.match(good.stderr, /made the topic made/);
    const all = await run(
      t,
      'leat from "$K/made?end=latest" --meta key,timestamp,headers | leat select "\\$key as k, \\$timestamp as at, \\$headers as h" | sort',
    );
    t.same(all, [
      '{"k":"a","at":1790000000000,"h":{"c":"NO","big":"A"}}',
      '{"k":null,"at":1790000001000,"h":{"c":"SE"}}',
      '{"k":null,"at":1790000002000,"h":{"c":"../x"}}',
    ]);
    await broker.createTopic('of-NO');
    await broker.createTopic('of-SE');
    const routed = await runShell(`${input} | leat to "$K/of-{c}"`, { cwd: folder, env });
    t.equal(routed.status, 3, routed.stderr);
    t.match(routed.stderr, /no topic can be called "of-\.\.\/x"/);
    t.equal((await run(t, 'leat from "$K/of-NO?end=latest"')).length, 1);
    t.equal((await run(t, 'leat from "$K/of-SE?end=latest"')).length, 1);
  });

  t.test('compressed by each codec, and read back', async (t) => {
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      await broker.createTopic(`packed-${codec}`);
      const script = `leat gen clicks --count 3000 --seed 5 | tee plain | leat to "$K/packed-${codec}?compression=${codec}" && leat from "$K/packed-${codec}?end=latest" | cmp - plain`;
      t.same(await run(t, script), [], codec);
    }
  });

  t.test('values of other formats, both ways, and those that are not of theirs', async (t) => {
    await broker.createTopic('changes');
    const change = (op: string, before: object | null, after: object | null): Message => ({
      value: JSON.stringify({ op, before, after }),
    });
    await produce(broker, 'changes', [
      change('c', null, { id: 1, v: 'a' }),
      change('u', { id: 1, v: 'a' }, { id: 1, v: 'b' }),
      { value: 'no envelope' },
      change('d', { id: 1, v: 'b' }, null),
    ]);
    const { stdout, stderr, status } = await runShell(
      'leat from "$K/changes?end=latest&format=debezium" --meta offset',
      {
        cwd: folder,
        env,
      },
    );
    t.same(stdout.trim().split('\n'), [
      '{"$offset":0,"op":"+I","id":1,"v":"a"}',
      '{"$offset":1,"op":"-U","id":1,"v":"a"}',
      '{"$offset":1,"op":"+U","id":1,"v":"b"}',
      '{"$offset":3,"op":"-D","id":1,"v":"b"}',
    ]);
    t.equal(status, 3);
    t.match(stderr, /changes\[0\]:\d+: .*not JSON[\s\S]*1 record refused/);

    const registry = await startRegistry();
    t.teardown(() => registry.close());
    const schema = {
      type: 'record',
      name: 'Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'note', type: ['null', 'string'], default: null },
      ],
    };
    registry.add('orders-value', { schema: JSON.stringify(schema) });
    await broker.createTopic('orders');
    const words = `format=avro&registry=${registry.url}`;
    const input = `printf '%s\\n' '{"id":9007199254740993,"note":"x"}' '{"id":"no number"}' '{"id":2}'`;
    const written = await runShell(`${input} | leat to "$K/orders?${words}" --key id`, { cwd: folder, env });
    t.equal(written.status, 3, written.stderr);
    t.match(written.stderr, /id[\s\S]*1 record refused/);
    t.same(await run(t, `leat from "$K/orders?end=latest&${words}" --meta key`), [
      '{"$key":"9007199254740993","id":9007199254740993,"note":"x"}',
      '{"$key":"2","id":2,"note":null}',
    ]);
  });

  t.test('a job goes on from its offsets, and its epochs appear once', async (t) => {
    await broker.createTopic('in', 3);
    await broker.createTopic('counts');
    const job = `leat run "from $K/in?start=earliest --time n | window tumble 10s | aggregate count(*) as n | to $K/counts" --checkpoint 100ms --state state`;
    const each = (from: number, to: number) => [0, 1, 2].flatMap((partition) => numbers(from, to, partition));
    await produce(broker, 'in', each(0, 35));
    const first = startShell(job, { cwd: folder, env });
    t.teardown(() => killShell(first));
    /** Asks the topic again and again, which takes time enough between two looks. */
    const whenCounted = async (wanted: number): Promise<void> => {
      const endMs = performance.now() + 60_000;
      while ((await run(t, 'leat from "$K/counts?end=latest"')).length < wanted) {
        if (performance.now() > endMs) throw new Error(`waited in vain for ${wanted} counts`);
      }
    };
    await whenCounted(3);
    killShell(first);
    await produce(broker, 'in', each(35, 65));
    const second = startShell(job, { cwd: folder, env });
    t.teardown(() => killShell(second));
    await whenCounted(6);
    second.kill('SIGTERM');
    await new Promise<void>((resolve) => second.on('close', () => resolve()));
    const [status] = await run(t, 'leat job status --state state --json');
    t.equal((JSON.parse(status!) as { lag: number }).lag, 0);
    const counts = await run(t, 'leat from "$K/counts?end=latest"');
    t.same(
      counts.map((line) => (JSON.parse(line) as { n: number }).n),
      [30, 30, 30, 30, 30, 30],
    );
  });
});
