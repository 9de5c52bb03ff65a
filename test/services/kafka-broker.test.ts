/**
 * The broker that other tests stand on, seen by kafkajs alone: topics, every listener and mechanism, ACLs, and that
 * data and ports survive a kill.
 */
import fs from 'node:fs';
import kafkajs, { type KafkaConfig, type SASLOptions } from 'kafkajs';
import t from 'tap';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { makeCertificate } from '../harness/kafka-certificates.js';

const users = { alice: 'wonder-land' };

/** Topics as a client sees them, or the message of the error. */
async function topicsSeen(
  address: string,
  config: Partial<KafkaConfig> = {},
): Promise<readonly string[] | string> {
  const client = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
    ...config,
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return (await admin.listTopics()).sort();
  } catch (error) {
    return String(error);
  } finally {
    await admin.disconnect();
  }
}

/** A token that Kafka's unsecured validator takes: not signed by anybody. */
function unsecuredToken(subject: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 3600 })}.`;
}

async function send(broker: Broker, topic: string, values: readonly string[]): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    // Else what was written and not answered in time is written again.
    idempotent: true,
  });
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}

t.test('topics and records outlive a kill, at the same address', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t);
  await broker.createTopic('clicks', 3, { 'retention.ms': '86400000' });
  t.same(await topicsSeen(broker.address), ['clicks']);
  await send(broker, 'clicks', ['a', 'b', 'c', 'd']);
  const first = broker.pid();
  await broker.kill();
  t.match(await topicsSeen(broker.address), /ECONNREFUSED/);
  await broker.restart();
  t.not(broker.pid(), first);
  const offsets = await broker.withAdmin((admin) => admin.fetchTopicOffsets('clicks'));
  t.equal(offsets.length, 3);
  t.equal(
    offsets.reduce((sum, { high }) => sum + Number(high), 0),
    4,
  );
  await broker.deleteTopic('clicks');
  t.same(await topicsSeen(broker.address), []);
  await broker.stop();
});

t.test('every listener and mechanism lets in who is known', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t, {
    protocols: ['SASL_PLAINTEXT', 'SASL_SSL', 'SSL'],
    users,
    clientCertificates: true,
    authorizer: true,
  });
  for (const topic of ['open', 'closed']) await broker.createTopic(topic);
  await broker.deny('alice', 'closed');
  const { addresses, authority } = broker;
  const ssl = { ca: authority.certificate };
  const password = { username: 'alice', password: users.alice };
  const token = async () => ({ value: unsecuredToken('alice') });
  const mechanisms: readonly SASLOptions[] = [
    { mechanism: 'plain', ...password },
    { mechanism: 'scram-sha-256', ...password },
    { mechanism: 'scram-sha-512', ...password },
    { mechanism: 'oauthbearer', oauthBearerProvider: token },
  ];
  for (const sasl of mechanisms) {
    t.same(await topicsSeen(addresses.SASL_PLAINTEXT, { sasl }), ['open'], sasl.mechanism);
    t.same(await topicsSeen(addresses.SASL_SSL, { sasl, ssl }), ['open'], `${sasl.mechanism} over TLS`);
  }
  const wrong = { mechanism: 'plain', username: 'alice', password: 'not it' } as const;
  t.match(await topicsSeen(addresses.SASL_PLAINTEXT, { sasl: wrong }), /Authentication failed/);
  const bob = makeCertificate({ name: 'bob', by: authority });
  t.same(await topicsSeen(addresses.SSL, { ssl: { ...ssl, cert: bob.certificate, key: bob.key } }), [
    'closed',
    'open',
  ]);
  t.type(await topicsSeen(addresses.SSL, { ssl }), 'string', 'a client without a certificate is turned away');
  t.match(await topicsSeen(addresses.SASL_SSL, { ssl: true, sasl: wrong }), /unable to verify|self.signed/);
});

t.test('the folder of a broker goes with the test', async (t) => {
  if (!needsBroker(t)) return;
  let folder = '';
  await t.test('one that starts a broker', async (t) => {
    folder = (await startBroker(t)).folder;
    t.ok(fs.existsSync(folder));
  });
  t.notOk(fs.existsSync(folder));
});
