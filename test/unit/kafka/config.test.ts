/**
 * The configuration from a file in Kafka's own names and from the environment: what it becomes, what is refused with which
 * remedy, and that no secret in it can be printed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { isProblem, renderProblem } from '../../../src/diagnostics/index.js';
import { ignoredNote, readKafkaConfig, securityOptions } from '../../../src/kafka/index.js';

const stores = path.join(process.env['LEAT_ROOT']!, 'test/unit/kafka/stores');
const store = (name: string) => path.join(stores, name);
const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const jaas = `${plainModule} required username="alice" password="hunter2";`;

type Environment = Readonly<Record<string, string>>;

function configOf(environment: Environment, file?: string) {
  return readKafkaConfig({ brokers: ['b:9092'], file, environment });
}

function refusal(environment: Environment, file?: string): string {
  try {
    configOf(environment, file);
  } catch (error) {
    if (isProblem(error)) return renderProblem(error.details);
    throw error;
  }
  return 'taken';
}

function propertiesFile(t: Test, text: string, mode = 0o600): string {
  const file = path.join(t.testdir({ 'client.properties': text }), 'client.properties');
  fs.chmodSync(file, mode);
  return file;
}

const tls = (more: Environment): Environment => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', ...more });
const sasl = (more: Environment): Environment => ({ KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', ...more });

t.test('without anything said, a plain connection', (t) => {
  const config = configOf({});
  t.same(config, { brokers: ['b:9092'], clientId: 'leat', ignored: [] });
  t.same(securityOptions(config), { ssl: null, sasl: null });
  t.equal(ignoredNote(config), undefined);
  t.end();
});

t.test('an existing client.properties', (t) => {
  const file = propertiesFile(
    t,
    [
      '# as the Java client reads it',
      'bootstrap.servers=one:9093, two:9093',
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\',
      '  username="alice" \\',
      '  password="hunter2";',
      `ssl.truststore.location=${store('trust-keytool.p12')}`,
      'ssl.truststore.password=trust-it',
      'client.id=clicks',
      'acks=all',
      'group.id=readers',
    ].join('\n'),
  );
  const config = readKafkaConfig({ brokers: [], environment: { LEAT_KAFKA_CONFIG: file } });
  t.same(config.brokers, ['one:9093', 'two:9093']);
  t.equal(config.clientId, 'clicks');
  t.equal(ignoredNote(config), `${file}: not used by leat: acks, group.id`);
  const { ssl, sasl } = securityOptions(config);
  t.same(ssl!.ca, [fs.readFileSync(store('authority.pem'), 'utf8')]);
  t.equal(ssl!.checkServerIdentity, undefined, 'names are checked');
  t.same(sasl, { mechanism: 'scram-sha-512', username: 'alice', password: 'hunter2' });
  t.end();
});

t.test('the environment goes before the file, and ?config= before LEAT_KAFKA_CONFIG', (t) => {
  const file = propertiesFile(
    t,
    `security.protocol=PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${jaas}\n`,
  );
  const config = configOf(
    {
      LEAT_KAFKA_CONFIG: '/does/not/exist',
      KAFKA_SECURITY_PROTOCOL: 'sasl_plaintext',
      KAFKA_CLIENT_ID: 'me',
    },
    file,
  );
  t.same(securityOptions(config).sasl, { mechanism: 'plain', username: 'alice', password: 'hunter2' });
  t.equal(config.clientId, 'me');
  const unused = configOf({ KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' }, file);
  t.equal(ignoredNote(unused), `${file}: not used by leat: sasl.mechanism, sasl.jaas.config`);
  t.match(refusal({ LEAT_KAFKA_CONFIG: '/does/not/exist' }), /^leat: \/does\/not\/exist: .* does not exist/);
  t.match(
    renderedNoBroker(),
    /no broker is said[\s\S]*kafka:\/\/host:port/,
    'neither the address nor the file says one',
  );
  t.end();
});

function renderedNoBroker(): string {
  try {
    readKafkaConfig({ brokers: [], environment: {} });
    return 'taken';
  } catch (error) {
    return isProblem(error) ? renderProblem(error.details) : String(error);
  }
}

t.test(
  'a file with a secret that others can read is refused',
  { skip: process.platform === 'win32' },
  (t) => {
    const secret = `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${jaas}\n`;
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      const file = propertiesFile(t, secret, mode);
      const said = refusal({}, file);
      t.match(said, `others can read this file (mode 0${mode.toString(8)})`);
      t.match(said, `hint: chmod 600 ${file}`);
      t.notMatch(said, /hunter2/);
    }
    t.equal(refusal({}, propertiesFile(t, secret, 0o400)), 'taken');
    t.equal(refusal({}, propertiesFile(t, 'client.id=me\n', 0o644)), 'taken', 'without a secret anybody may');
    t.end();
  },
);

t.test('trust stores of every form', (t) => {
  const pem = fs.readFileSync(store('authority.pem'), 'utf8');
  const location = (name: string, password?: string): Environment =>
    tls({
      KAFKA_SSL_TRUSTSTORE_LOCATION: store(name),
      ...(password === undefined ? {} : { KAFKA_SSL_TRUSTSTORE_PASSWORD: password }),
    });
  for (const environment of [
    location('authority.pem'),
    location('trust-keytool.p12', 'trust-it'),
    location('trust-plain.p12'),
    tls({ KAFKA_SSL_TRUSTSTORE_CERTIFICATES: pem }),
    tls({ KAFKA_SSL_TRUSTSTORE_CERTIFICATES: pem.replaceAll('\n', ' ') }),
  ]) {
    t.same(securityOptions(configOf(environment)).ssl!.ca, [pem]);
  }
  t.equal(securityOptions(configOf(tls({}))).ssl!.ca, undefined, 'without one, those that Node knows');
  t.match(
    refusal(location('trust-keytool.p12', 'wrong')),
    /does not open with the password that ssl\.truststore\.password/,
  );
  t.match(
    refusal(location('trust-keytool.p12')),
    /needs a password, and ssl\.truststore\.password is not said/,
  );
  t.match(
    refusal(location('trust.jks', 'trust-it')),
    /JKS[\s\S]*keytool -importkeystore -srckeystore \S+trust\.jks -destkeystore \S+trust\.p12 -deststoretype PKCS12/,
  );
  t.match(
    refusal(location('trust-old.p12', 'trust-it')),
    /40-bit RC2[\s\S]*-destkeystore \S+trust-old-new\.p12/,
  );
  t.match(refusal(location('README.md')), /neither PEM nor a PKCS #12 store/);
  t.match(refusal(location('key-encrypted.pem')), /no certificate in the trust store/);
  t.match(
    refusal(location('nowhere.pem')),
    /^leat: KAFKA_SSL_TRUSTSTORE_LOCATION: \S+nowhere\.pem does not exist/,
  );
  t.match(
    refusal(tls({ KAFKA_SSL_TRUSTSTORE_CERTIFICATES: pem.replace(/M[\s\S]{40}/, '') })),
    /certificate is damaged/,
  );
  t.match(
    refusal({ ...location('authority.pem'), KAFKA_SSL_TRUSTSTORE_CERTIFICATES: pem }),
    /cannot both be said/,
  );
  t.end();
});

t.test('key stores of every form give a certificate, its chain and a key that opens', (t) => {
  const chain = fs.readFileSync(store('client-chain.pem'), 'utf8');
  const encrypted = fs.readFileSync(store('key-encrypted.pem'), 'utf8');
  const file = path.join(t.testdir({ 'client.pem': chain + encrypted }), 'client.pem');
  for (const environment of [
    ...['key-keytool.p12', 'key-openssl.p12', 'key-3des.p12'].map((name) =>
      tls({ KAFKA_SSL_KEYSTORE_LOCATION: store(name), KAFKA_SSL_KEYSTORE_PASSWORD: 'key-it-well' }),
    ),
    tls({ KAFKA_SSL_KEYSTORE_LOCATION: file, KAFKA_SSL_KEY_PASSWORD: 'pem-it' }),
    tls({
      KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN: chain,
      KAFKA_SSL_KEYSTORE_KEY: encrypted.replaceAll('\n', ' '),
      KAFKA_SSL_KEY_PASSWORD: 'pem-it',
    }),
  ]) {
    const { ssl } = securityOptions(configOf(environment));
    t.equal(ssl!.cert, chain);
    t.match(ssl!.key, /BEGIN ENCRYPTED PRIVATE KEY/);
    t.ok(ssl!.passphrase);
  }
  t.match(
    refusal(tls({ KAFKA_SSL_KEYSTORE_LOCATION: file, KAFKA_SSL_KEY_PASSWORD: 'wrong' })),
    /private key in the key store cannot be opened[\s\S]*ssl\.key\.password/,
  );
  t.match(
    refusal(tls({ KAFKA_SSL_KEYSTORE_LOCATION: store('authority.pem') })),
    /no private key in the key store/,
  );
  t.match(refusal(tls({ KAFKA_SSL_KEYSTORE_KEY: encrypted })), /without ssl\.keystore\.certificate\.chain/);
  const authority = fs.readFileSync(store('authority.pem'), 'utf8');
  t.match(
    refusal(
      tls({
        KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN: authority,
        KAFKA_SSL_KEYSTORE_KEY: encrypted,
        KAFKA_SSL_KEY_PASSWORD: 'pem-it',
      }),
    ),
    /no certificate in the key store belongs to its private key/,
  );
  t.end();
});

t.test('how careful TLS is', (t) => {
  const options = (more: Environment) => securityOptions(configOf(tls(more))).ssl!;
  t.match(options({}), { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
  t.match(options({ KAFKA_SSL_ENABLED_PROTOCOLS: 'TLSv1.1, TLSv1.2' }), {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
  });
  t.match(refusal(tls({ KAFKA_SSL_ENABLED_PROTOCOLS: 'TLSv1' })), /neither TLSv1.2 nor TLSv1.3/);
  t.type(options({ KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: '' }).checkServerIdentity, 'function');
  t.equal(options({ KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: 'HTTPS' }).checkServerIdentity, undefined);
  t.match(refusal(tls({ KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: 'ldap' })), /does not know ldap/);
  t.end();
});

t.test('what is missing for a login, or is for Java only', (t) => {
  t.match(
    refusal({ KAFKA_SECURITY_PROTOCOL: 'TLS' }),
    /TLS is not known[\s\S]*PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL/,
  );
  t.match(refusal(sasl({})), /sasl\.mechanism is not said[\s\S]*KAFKA_SASL_MECHANISM/);
  t.match(refusal(sasl({ KAFKA_SASL_MECHANISM: 'GSSAPI' })), /GSSAPI is not known[\s\S]*SCRAM-SHA-512/);
  t.match(
    refusal(sasl({ KAFKA_SASL_MECHANISM: 'PLAIN' })),
    /sasl\.jaas\.config is not said[\s\S]*PlainLoginModule/,
  );
  t.match(
    refusal(sasl({ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256', KAFKA_SASL_JAAS_CONFIG: jaas })),
    /is for another mechanism: SCRAM-SHA-256 needs ScramLoginModule/,
  );
  t.match(
    refusal(
      sasl({
        KAFKA_SASL_MECHANISM: 'PLAIN',
        KAFKA_SASL_JAAS_CONFIG: 'PlainLoginModule required username="a";',
      }),
    ),
    /has no password/,
  );
  t.match(
    refusal(
      sasl({
        KAFKA_SASL_CLIENT_CALLBACK_HANDLER_CLASS: 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
      }),
    ),
    /names Java code, which leat cannot run/,
  );
  t.match(refusal({ KAFKA_CONFIG_PROVIDERS: 'file' }), /names Java code/);
  t.end();
});

t.test('where a bearer token comes from', (t) => {
  const bearer = (more: Environment): Environment => sasl({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', ...more });
  const module = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
  const endpoint = { KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://id.example.org/token' };
  const source = (more: Environment) => {
    const { sasl } = configOf(bearer(more));
    return sasl?.mechanism === 'OAUTHBEARER' ? sasl.source : undefined;
  };
  t.match(source({ KAFKA_OAUTHBEARER_TOKEN: 'abc' }), { kind: 'fixed' });
  t.same(source({ KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'file:///run/token' }), {
    kind: 'file',
    path: '/run/token',
  });
  const jaasConfig = `${module} required clientId="me" clientSecret="hunter2" scope="read" extension_logicalCluster="lkc-1";`;
  t.match(source({ ...endpoint, KAFKA_SASL_JAAS_CONFIG: jaasConfig }), {
    kind: 'endpoint',
    url: 'https://id.example.org/token',
    clientId: 'me',
    scope: 'read',
  });
  t.match(
    source({
      ...endpoint,
      KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID: 'me',
      KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET: 'hunter2',
    }),
    { kind: 'endpoint', clientId: 'me' },
  );
  t.match(refusal(bearer({})), /nothing says where the token comes from[\s\S]*KAFKA_OAUTHBEARER_TOKEN/);
  t.match(refusal(bearer(endpoint)), /no clientId for it/);
  const withPassword = {
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://me:hunter2@id.example.org/token',
  };
  t.match(refusal(bearer(withPassword)), /not the address of a token endpoint/);
  t.notMatch(refusal(bearer(withPassword)), /hunter2/);
  t.end();
});

t.test('a configuration can be printed', (t) => {
  const module = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
  const configs = [
    configOf(sasl({ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_JAAS_CONFIG: jaas })),
    configOf(
      tls({
        KAFKA_SSL_KEYSTORE_LOCATION: store('key-keytool.p12'),
        KAFKA_SSL_KEYSTORE_PASSWORD: 'key-it-well',
      }),
    ),
    configOf(sasl({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_OAUTHBEARER_TOKEN: 'hunter2' })),
    configOf(
      sasl({
        KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
        KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://id.example.org/token',
        KAFKA_SASL_JAAS_CONFIG: `${module} required clientId="me" clientSecret="hunter2";`,
      }),
    ),
  ];
  for (const config of configs) {
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config),
    ]) {
      t.notMatch(shown, /hunter2|key-it-well|PRIVATE KEY/);
    }
    t.match(JSON.stringify(config), /\(secret\)/, 'there was one to hide');
  }
  t.end();
});
