/**
 * A real broker for tests, with the listeners and users that a test asks for. Where Java or Maven is missing its tests are
 * skipped, except under CI=true, where they fail. Topics are made by kafkajs's own administration, never by leat, so that
 * what is tested does not prepare its own test.
 */
import path from 'node:path';
import kafkajs, { type AclEntry, type AclPermissionTypes, type Admin } from 'kafkajs';
import type { Test } from 'tap';
import {
  type BrokerProcess,
  type BrokerProcessOptions,
  type ListenerProtocol,
  startBrokerProcess,
} from '../../scripts/kafka/broker.mjs';
import { missingForBroker } from '../../scripts/kafka/jars.mjs';
import { type Certificate, makeCertificate } from './kafka-certificates.js';
import { root } from './shell.js';

export interface BrokerOptions {
  /** Listeners besides the plain one. */
  readonly protocols?: readonly ListenerProtocol[];
  /** Names and passwords, known to PLAIN and SCRAM. */
  readonly users?: Readonly<Record<string, string>>;
  /** Days from now at which the broker's certificate ends. */
  readonly certificateDays?: number;
  /** Whether clients of the SSL listener must show a certificate of the same authority. */
  readonly clientCertificates?: boolean;
  /** Whether ACLs are kept: what has none is open to all, and the plain listener may do anything. */
  readonly authorizer?: boolean;
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly heap?: string;
}

export interface Broker extends Omit<BrokerProcess, 'remove'> {
  /** `host:port` of the plain listener. */
  readonly address: string;
  /** Has signed the certificate of the broker. */
  readonly authority: Certificate;
  createTopic(name: string, partitions?: number, config?: Readonly<Record<string, string>>): Promise<void>;
  deleteTopic(name: string): Promise<void>;
  /** Denies a user everything on a topic. */
  deny(user: string, topic: string): Promise<void>;
  /** Hands out kafkajs's administration, connected by the plain listener. */
  withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
}

/** Skips a test where no broker can be started, with the reason; fails it under CI. Says whether to go on. */
export function needsBroker(t: Test): boolean {
  const missing = missingForBroker();
  if (missing === undefined) return true;
  if (process.env['CI'] === 'true') t.fail(`a Kafka broker is needed: ${missing}`);
  else t.pass(`skipped: ${missing}`, { skip: missing });
  return false;
}

const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule';
const bearerModule = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
const bearerCallbacks = 'org.apache.kafka.common.security.oauthbearer.internals.unsecured';

function saslProperties(protocol: ListenerProtocol, users: Readonly<Record<string, string>>) {
  const listener = `listener.name.${protocol.toLowerCase()}`;
  const known = Object.entries(users).map(
    ([name, password]) => `user_${name}="${password.replace(/[\\"]/g, '\\$&')}"`,
  );
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${listener}.plain.sasl.jaas.config`]: `${plainModule} required ${known.join(' ')};`,
    [`${listener}.scram-sha-256.sasl.jaas.config`]: `${scramModule} required;`,
    [`${listener}.scram-sha-512.sasl.jaas.config`]: `${scramModule} required;`,
    [`${listener}.oauthbearer.sasl.jaas.config`]: `${bearerModule} required unsecuredLoginStringClaim_sub="broker";`,
    [`${listener}.oauthbearer.sasl.server.callback.handler.class`]: `${bearerCallbacks}.OAuthBearerUnsecuredValidatorCallbackHandler`,
  };
}

function tlsProperties(authority: Certificate, own: Certificate, clientCertificates: boolean) {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': own.key,
    'ssl.keystore.certificate.chain': own.certificate,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': authority.certificate,
    'listener.name.ssl.ssl.client.auth': clientCertificates ? 'required' : 'none',
  };
}

const aclProperties = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': 'true',
};

function processOptions(options: BrokerOptions, authority: Certificate): BrokerProcessOptions {
  const { protocols = [], users = {}, certificateDays, clientCertificates = false } = options;
  const days = certificateDays === undefined ? {} : { days: certificateDays };
  const own = makeCertificate({ name: 'broker', by: authority, ...days });
  const sasl = protocols.filter((protocol) => protocol.startsWith('SASL'));
  const tls = protocols.some((protocol) => protocol.endsWith('SSL'));
  return {
    scripts: path.join(root, 'scripts/kafka'),
    protocols,
    scramUsers: users,
    properties: {
      ...Object.assign({}, ...sasl.map((protocol) => saslProperties(protocol, users))),
      ...(tls ? tlsProperties(authority, own, clientCertificates) : {}),
      ...(options.authorizer === true ? aclProperties : {}),
      ...options.properties,
    },
    ...(options.heap === undefined ? {} : { heap: options.heap }),
  };
}

async function withAdminOf<T>(address: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

function accessRule(topic: string, user: string, permissionType: AclPermissionTypes): AclEntry {
  return {
    resourceType: kafkajs.AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: kafkajs.AclOperationTypes.ALL,
    permissionType,
  };
}

/** kafkajs gives up when a broker does not know a new topic for a moment. */
async function untilThere(admin: Admin, topic: string): Promise<void> {
  const endMs = performance.now() + 30_000;
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      if (topics[0]!.partitions.every(({ leader }) => leader >= 0)) return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
  }
}

/** Starts a broker; it ends with the test, at the latest with the process. */
export async function startBroker(t: Test, options: BrokerOptions = {}): Promise<Broker> {
  const authority = makeCertificate({ name: 'leat test authority' });
  const { remove, ...running } = await startBrokerProcess(processOptions(options, authority));
  t.teardown(remove);
  const address = running.addresses.PLAINTEXT;
  const withAdmin = <T>(work: (admin: Admin) => Promise<T>) => withAdminOf(address, work);
  return {
    ...running,
    address,
    authority,
    withAdmin,
    createTopic: (topic, partitions = 1, config = {}) =>
      withAdmin(async (admin) => {
        const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
        await admin.createTopics({
          waitForLeaders: false,
          topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
        });
        await untilThere(admin, topic);
      }),
    deleteTopic: (topic) => withAdmin((admin) => admin.deleteTopics({ topics: [topic] })),
    deny: (user, topic) =>
      withAdmin(async (admin) => {
        // A topic with any ACL is closed to all whom none lets in.
        const allow = accessRule(topic, '*', kafkajs.AclPermissionTypes.ALLOW);
        await admin.createAcls({ acl: [allow, accessRule(topic, user, kafkajs.AclPermissionTypes.DENY)] });
      }),
  };
}
