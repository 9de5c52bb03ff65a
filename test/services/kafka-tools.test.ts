/** `leat kafka` on a real cluster: topics, offsets, groups and lag, for people and for programs; nothing is changed by it. */
import kafkajs from 'kafkajs';
import t, { type Test } from 'tap';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { runShell, temporaryFolder } from '../harness/shell.js';

t.setTimeout(600_000);
const folder = temporaryFolder();

const kafkaOf = ({ address }: Broker) =>
  new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });

/** Writes so many messages into a partition. */
async function produce(broker: Broker, topic: string, partition: number, count: number): Promise<void> {
  const producer = kafkaOf(broker).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({ partition, value: `{"n":${n}}` }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Commits offsets for a group without members. */
const commit = (
  broker: Broker,
  groupId: string,
  topic: string,
  offsets: readonly string[],
): Promise<unknown> =>
  broker.withAdmin((admin) =>
    admin.setOffsets({
      groupId,
      topic,
      partitions: offsets.map((offset, partition) => ({ partition, offset })),
    }),
  );

async function printed(t: Test, broker: Broker, words: string): Promise<string> {
  const { status, stdout, stderr } = await runShell(`leat kafka ${words}`, {
    cwd: folder,
    env: { K: `kafka://${broker.address}` },
    deadlineMs: 120_000,
  });
  t.equal(status, 0, `${words}: ${stderr}`);
  return stdout;
}

async function recordsOf(t: Test, broker: Broker, words: string): Promise<Record<string, unknown>[]> {
  const lines = (await printed(t, broker, `${words} --json`)).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

t.test('a look around', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t);
  await broker.createTopic('clicks', 2);
  await broker.createTopic('empty');
  await produce(broker, 'clicks', 0, 5);
  await produce(broker, 'clicks', 1, 7);
  await broker.withAdmin(async (admin) => {
    // It wants to have heard of the topic before.
    await admin.fetchTopicOffsets('clicks');
    await admin.deleteTopicRecords({ topic: 'clicks', partitions: [{ partition: 1, offset: '3' }] });
  });
  await commit(broker, 'billing', 'clicks', ['2', '7']);
  await commit(broker, 'old', 'empty', ['0']);

  t.test('topics', async (t) => {
    const table = await printed(t, broker, 'topics "$K"');
    t.match(table, /topic +partitions +replicas +records\n(.*\n)*clicks +2 +1 +9\nempty +1 +1 +0\n/);
    t.notMatch(table, /__consumer_offsets/);
    const clicks = { topic: 'clicks', internal: false, partitions: 2, replicas: 1, records: 9 };
    t.same(await recordsOf(t, broker, 'topics "$K/clicks"'), [clicks]);
    const all = await recordsOf(t, broker, 'topics "$K" --internal');
    t.ok(all.some(({ topic, internal }) => topic === '__consumer_offsets' && internal === true));
  });

  t.test('offsets', async (t) => {
    const leader = broker.address;
    t.same(await recordsOf(t, broker, 'offsets "$K/clicks"'), [
      { topic: 'clicks', partition: 0, leader, earliest: 0, latest: 5, records: 5 },
      { topic: 'clicks', partition: 1, leader, earliest: 3, latest: 7, records: 4 },
    ]);
    t.equal((await recordsOf(t, broker, 'offsets "$K"')).length, 3);
    t.match(await printed(t, broker, 'offsets "$K/empty"'), /empty +0 +\S+ +0 +0 +0\n/);
  });

  t.test('groups and their lag', async (t) => {
    const groups = await recordsOf(t, broker, 'groups "$K"');
    t.same(
      groups.map(({ group, state, members }) => [group, state, members]),
      [
        ['billing', 'empty', 0],
        ['old', 'empty', 0],
      ],
    );
    t.same(await recordsOf(t, broker, 'lag "$K" billing'), [
      { group: 'billing', topic: 'clicks', partition: 0, committed: 2, latest: 5, lag: 3 },
      { group: 'billing', topic: 'clicks', partition: 1, committed: 7, latest: 7, lag: 0 },
    ]);
    t.match(
      await printed(t, broker, 'lag "$K"'),
      /billing +clicks +0 +2 +5 +3\n[\s\S]*old +empty +0 +0 +0 +0\n/,
    );
    await broker.deleteTopic('empty');
    const [gone] = await recordsOf(t, broker, 'lag "$K" old');
    t.notOk(gone !== undefined && 'lag' in gone, 'what a deleted topic had has no lag');
  });

  t.test('what is not there is told with what is', async (t) => {
    const env = { K: `kafka://${broker.address}` };
    const topic = await runShell('leat kafka offsets "$K/click"', { cwd: folder, env });
    t.match(topic.stderr, /there is no topic click at [\s\S]*did you mean clicks\?/);
    t.equal(topic.status, 1);
    const group = await runShell('leat kafka lag "$K" bilings', { cwd: folder, env });
    t.match(group.stderr, /there is no group bilings at [\s\S]*did you mean billing\?/);
    t.equal(group.status, 1);
    const about = await runShell('leat kafka groups "$K/clicks"', { cwd: folder, env });
    t.match(about.stderr, /kafka groups is not about a topic/);
    t.equal(about.status, 2);
    const word = await runShell('leat kafka topics "$K?star=earliest"', { cwd: folder, env });
    t.match(word.stderr, /star says nothing here/);
    t.equal(word.status, 2);
    const none = await runShell('leat kafka topics localhost:9092', { cwd: folder, env });
    t.match(none.stderr, /is not an address of Kafka[\s\S]*kafka:\/\/host:port/);
    t.equal(none.status, 2);
  });
});
