/**
 * What errors become: real ones, of connections to servers that are not there, speak otherwise or show a wrong certificate,
 * and those of the protocol by name. A cluster is not needed for any of them.
 */
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import kafkajs, { type KafkaConfig } from 'kafkajs';
import t, { type Test } from 'tap';
import { exitStatusOf, isProblem, problem, renderProblem } from '../../../src/diagnostics/index.js';
import { isRetriable, kafkaProblem } from '../../../src/kafka/index.js';
import { type Certificate, makeCertificate } from '../../harness/kafka-certificates.js';

const authority = makeCertificate({ name: 'authority' });
const trusting = { ssl: { ca: authority.certificate } };

/** The error of connecting, as kafkajs throws it. */
async function errorOf(broker: string, config: Partial<KafkaConfig> = {}): Promise<unknown> {
  const client = new kafkajs.Kafka({
    brokers: [broker],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 20_000,
    ...config,
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } catch (error) {
    return error;
  } finally {
    await admin.disconnect();
  }
}

/** Listens on a free port until the test ends; connections are cut then. */
async function listen(t: Test, server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket.on('error', () => {})));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const secured = (t: Test, { certificate, key }: Certificate, more: tls.TlsOptions = {}) =>
  listen(
    t,
    tls.createServer({ cert: certificate, key, ...more }, (socket) => socket.on('error', () => {})),
  );

/** Checks what is said of an error, and that it ends a run with status 1. */
function saysOf(
  t: Test,
  error: unknown,
  broker: string,
  message: RegExp,
  hint: RegExp,
  passes: boolean,
): void {
  const said = kafkaProblem(error, { brokers: [broker] });
  if (!isProblem(said)) throw said;
  t.match(said.details.message, message);
  t.match(said.details.hint, hint);
  t.equal(exitStatusOf(said.details), 1);
  t.equal(isRetriable(error), passes, `${said.message}: ${passes ? 'passes' : 'does not pass'}`);
}

t.test('a broker that is not there', async (t) => {
  saysOf(
    t,
    await errorOf('127.0.0.1:1'),
    '127.0.0.1:1',
    /no broker at 127\.0\.0\.1:1: nobody listens/,
    /host and port/,
    true,
  );
  const nowhere = 'no-such-host.invalid:9092';
  saysOf(
    t,
    await errorOf(nowhere),
    nowhere,
    /no broker at no-such-host\.invalid:9092: /,
    /host and port/,
    true,
  );
});

t.test('an IPv6 address is the one that was named', (t) => {
  const error = { name: 'KafkaJSConnectionError', message: '', code: 'ECONNREFUSED', broker: '::1:9092' };
  saysOf(t, error, '[::1]:9092', /no broker at ::1:9092: nobody listens/, /host and port/, true);
  t.end();
});

t.test('a broker that the cluster names and nobody finds', (t) => {
  const error = {
    name: 'KafkaJSConnectionError',
    message: 'Connection error: ',
    code: 'ENOTFOUND',
    broker: 'inner:9092',
  };
  saysOf(
    t,
    error,
    'outer:9092',
    /the cluster names a broker at inner:9092, and there is no host/,
    /advertised\.listeners/,
    true,
  );
  t.end();
});

t.test('certificates', async (t) => {
  const expired = await secured(t, makeCertificate({ name: 'broker', by: authority, days: -1 }));
  saysOf(
    t,
    await errorOf(expired, trusting),
    expired,
    new RegExp(`the certificate of ${expired} has expired`),
    /needs a new one/,
    false,
  );
  const good = await secured(t, makeCertificate({ name: 'broker', by: authority }));
  saysOf(
    t,
    await errorOf(good, { ssl: true }),
    good,
    /signed by an authority that is not trusted/,
    /ssl\.truststore\.location/,
    false,
  );
  const itself = await secured(t, authority);
  saysOf(t, await errorOf(itself, { ssl: true }), itself, /not trusted/, /ssl\.truststore\.location/, false);
  const other = await errorOf(good, { ssl: { ...trusting.ssl, servername: 'other.example.org' } });
  saysOf(
    t,
    other,
    good,
    /is for another name: .*(127\.0\.0\.1|localhost)/,
    /connect by a name that is in it/,
    false,
  );
});

t.test('a client certificate that is missing', async (t) => {
  const own = makeCertificate({ name: 'broker', by: authority });
  const broker = await secured(t, own, {
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  saysOf(
    t,
    await errorOf(broker, trusting),
    broker,
    /client certificate|closes the connection|cut the connection/,
    /ssl|SSL/,
    false,
  );
});

t.test('one side speaks TLS and the other does not', async (t) => {
  const cuts = net.createServer((socket) => socket.once('data', () => socket.destroy()));
  const plain = await listen(t, cuts);
  saysOf(
    t,
    await errorOf(plain, trusting),
    plain,
    /does not speak TLS/,
    /security\.protocol without SSL/,
    false,
  );
  const good = await secured(t, makeCertificate({ name: 'broker', by: authority }));
  saysOf(
    t,
    await errorOf(good),
    good,
    /closes the connection|cut the connection/,
    /security\.protocol has to be/,
    true,
  );
});

t.test('answers of the protocol', (t) => {
  const error = (type: string, retriable: boolean) => ({
    name: 'KafkaJSProtocolError',
    message: 'in their words',
    type,
    retriable,
  });
  const said = (type: string, retriable = false) => {
    const found = kafkaProblem(error(type, retriable), { brokers: ['b:1', 'c:2'], topic: 'clicks' });
    if (!isProblem(found)) throw found;
    t.equal(exitStatusOf(found.details), 1);
    return renderProblem(found.details);
  };
  t.match(
    said('UNKNOWN_TOPIC_OR_PARTITION'),
    /no topic clicks at b:1,c:2[\s\S]*leat kafka topics kafka:\/\/b:1,c:2/,
  );
  t.match(said('TOPIC_AUTHORIZATION_FAILED'), /may not use the topic clicks[\s\S]*kafka-acls/);
  t.match(said('SASL_AUTHENTICATION_FAILED'), /does not accept the login[\s\S]*sasl\.jaas\.config/);
  t.match(said('INVALID_PRODUCER_EPOCH'), /another run of this job/);
  t.match(said('SOMETHING_NEW'), /b:1,c:2: in their words \(topic clicks\)[\s\S]*SOMETHING_NEW/);
  t.equal(isRetriable(error('NOT_LEADER_FOR_PARTITION', true)), true);
  t.equal(isRetriable(error('CONCURRENT_TRANSACTIONS', false)), true);
  t.equal(isRetriable(error('TOPIC_AUTHORIZATION_FAILED', false)), false);
  t.end();
});

t.test('a login that is refused', (t) => {
  const error = {
    name: 'KafkaJSSASLAuthenticationError',
    message: 'SASL PLAIN authentication failed: no',
    retriable: false,
  };
  saysOf(t, error, 'b:1', /b:1 does not accept the login: SASL PLAIN/, /sasl\.jaas\.config/, false);
  const unknown = { ...error, message: 'SASL PLAIN mechanism is not supported by the server' };
  saysOf(t, unknown, 'b:1', /does not know the login PLAIN/, /sasl\.mechanism/, false);
  t.end();
});

t.test('what is a problem already, or a defect, stays what it is', (t) => {
  const known = problem({ code: 'input', message: 'told' });
  t.equal(kafkaProblem(known, { brokers: [] }), known);
  t.equal(isRetriable(known), false);
  const defect = new TypeError('undefined is not a function');
  t.equal(kafkaProblem(defect, { brokers: [] }), defect);
  t.equal(isRetriable(defect), false);
  t.end();
});
