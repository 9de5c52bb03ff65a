/**
 * Configurations as users have them against a real broker: every listener and mechanism, key stores that keytool made, and
 * what must not get in. The connections are kafkajs's, with the options that leat makes.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import kafkajs, { type SASLOptions } from 'kafkajs';
import t, { type Test } from 'tap';
import { readKafkaConfig, securityOptions } from '../../src/kafka/index.js';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import { makeCertificate } from '../harness/kafka-certificates.js';

/** With what needs care in a JAAS text and in a properties file. */
const password = 'won"der\\ land;';
const jaas = {
  plain: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  scram: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  bearer: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
};

/** Writes a client.properties and lists the topics by it; or says why that did not work. */
async function topicsBy(
  folder: string,
  address: string,
  properties: Readonly<Record<string, string>>,
): Promise<readonly string[] | string> {
  const file = path.join(folder, 'client.properties');
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value)}\n`);
  fs.writeFileSync(file, lines.join(''), { mode: 0o600 });
  const config = readKafkaConfig({ brokers: [address], file, environment: {} });
  const { ssl, sasl } = securityOptions(config);
  const client = new kafkajs.Kafka({
    brokers: [...config.brokers],
    clientId: config.clientId,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 20_000,
    ...(ssl === null ? {} : { ssl }),
    ...(sasl === null ? {} : { sasl: sasl as unknown as SASLOptions }),
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } catch (error) {
    return String(error);
  } finally {
    await admin.disconnect();
  }
}

/** A store as keytool makes it, which trusts the authority of a broker. */
function keytoolTrustStore(folder: string, { authority }: Broker): string {
  const [store, pem] = ['trust.p12', 'ca.pem'].map((name) => path.join(folder, name)) as [string, string];
  fs.writeFileSync(pem, authority.certificate);
  const words = ['-importcert', '-noprompt', '-alias', 'ca', '-file', pem, '-keystore', store];
  execFileSync('keytool', [...words, '-storetype', 'PKCS12', '-storepass', 'trust-it'], { stdio: 'pipe' });
  return store;
}

async function startSecured(t: Test): Promise<Broker> {
  const broker = await startBroker(t, {
    protocols: ['SASL_PLAINTEXT', 'SASL_SSL', 'SSL'],
    users: { alice: password },
    clientCertificates: true,
  });
  await broker.createTopic('clicks');
  return broker;
}

const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;

t.test('who is known gets in', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startSecured(t);
  const { addresses, authority } = broker;
  const folder = t.testdir({});
  const trust = keytoolTrustStore(folder, broker);
  const login = `username="alice" password=${quoted(password)};`;
  const bearer = `${jaas.bearer} required unsecuredLoginStringClaim_sub="alice";`;
  const mechanisms: readonly Readonly<Record<string, string>>[] = [
    { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${jaas.plain} required ${login}` },
    { 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': `${jaas.scram} required ${login}` },
    { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': `${jaas.scram} required ${login}` },
    { 'sasl.mechanism': 'OAUTHBEARER', 'sasl.jaas.config': bearer },
  ];
  for (const mechanism of mechanisms) {
    const name = mechanism['sasl.mechanism']!;
    const plain = { 'security.protocol': 'SASL_PLAINTEXT', ...mechanism };
    t.same(await topicsBy(folder, addresses.SASL_PLAINTEXT, plain), ['clicks'], name);
    const secured = {
      'security.protocol': 'SASL_SSL',
      'ssl.truststore.location': trust,
      'ssl.truststore.password': 'trust-it',
      ...mechanism,
    };
    t.same(await topicsBy(folder, addresses.SASL_SSL, secured), ['clicks'], `${name} over TLS`);
  }
  const alice = makeCertificate({ name: 'alice', by: authority });
  const shown = {
    'security.protocol': 'SSL',
    'ssl.truststore.certificates': authority.certificate,
    'ssl.keystore.certificate.chain': alice.certificate,
    'ssl.keystore.key': alice.key,
  };
  t.same(await topicsBy(folder, addresses.SSL, shown), ['clicks'], 'a client certificate');
});

t.test('who is not does not', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startSecured(t);
  const { addresses, authority } = broker;
  const folder = t.testdir({});
  const login = (module: string) => `${module} required username="alice" password="guessed";`;
  const refused: readonly (readonly [string, string])[] = [
    ['PLAIN', login(jaas.plain)],
    ['SCRAM-SHA-256', login(jaas.scram)],
    ['SCRAM-SHA-512', login(jaas.scram)],
  ];
  for (const [mechanism, config] of refused) {
    const said = await topicsBy(folder, addresses.SASL_PLAINTEXT, {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': mechanism,
      'sasl.jaas.config': config,
    });
    t.match(said, /authentication failed/i, mechanism);
    t.notMatch(said, /guessed/);
  }
  const token = path.join(folder, 'token');
  const stale = Buffer.from(JSON.stringify({ sub: 'alice', iat: 1, exp: 2 })).toString('base64url');
  fs.writeFileSync(token, `${Buffer.from('{"alg":"none"}').toString('base64url')}.${stale}.`);
  const expired = await topicsBy(folder, addresses.SASL_PLAINTEXT, {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': `file://${token}`,
  });
  t.match(expired, /SASL OAUTHBEARER authentication failed: invalid_token/, 'a token that has expired');
  const unknown = await topicsBy(folder, addresses.SSL, { 'security.protocol': 'SSL' });
  t.match(unknown, /unable to verify|self.signed/, 'a broker whose authority is not trusted');
  const nobody = await topicsBy(folder, addresses.SSL, {
    'security.protocol': 'SSL',
    'ssl.truststore.certificates': authority.certificate,
  });
  t.type(nobody, 'string', 'a client that shows no certificate');
});
