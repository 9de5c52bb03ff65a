/**
 * What a person sees when a cluster cannot be used as asked: a sentence that names what to mend and status 1, for reading,
 * writing and looking around alike; or patience until it can. And that no secret is seen anywhere.
 */
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import t, { type Test } from 'tap';
import { type Broker, needsBroker, startBroker } from '../harness/kafka-broker.js';
import {
  killShell,
  runShell,
  type ShellResult,
  startShell,
  temporaryFolder,
  until,
} from '../harness/shell.js';

t.setTimeout(900_000);

const password = 'wonderland-7';
const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule';

/** The same question asked by reading, by writing and by looking around. */
const questions = (address: string, topic: string): readonly string[] => [
  `leat from 'kafka://${address}/${topic}?end=latest'`,
  `echo '{"a":1}' | leat to 'kafka://${address}/${topic}'`,
  `leat kafka offsets 'kafka://${address}/${topic}'`,
];

type Environment = Readonly<Record<string, string>>;

const login = (secret: string): Environment => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_JAAS_CONFIG: `${plainModule} required username="alice" password="${secret}";`,
});

const run = (script: string, env: Environment = {}): Promise<ShellResult> =>
  runShell(script, { env, deadlineMs: 120_000 });

/** Asks in all three ways; each must fail with such a message. */
async function refuses(
  t: Test,
  address: string,
  topic: string,
  env: Environment,
  message: RegExp,
): Promise<void> {
  const asked = questions(address, topic).map(async (script) => ({ script, ...(await run(script, env)) }));
  for (const { script, status, stdout, stderr } of await Promise.all(asked)) {
    t.match(stderr, message, script);
    t.match(stderr, /hint: /);
    t.equal(status, 1, script);
    t.equal(stdout, '');
    t.notMatch(stderr, /wonderland|guessed|\n +at /, 'neither a secret nor a stack');
  }
}

t.test('no broker', async (t) => {
  await refuses(t, '127.0.0.1:1', 'clicks', {}, /no broker at 127\.0\.0\.1:1: nobody listens there/);
  await refuses(t, 'no-such-host.invalid', 'clicks', {}, /no broker at no-such-host\.invalid:9092: /);
});

t.test('somebody who takes the connection and says nothing', async (t) => {
  const server = net.createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await refuses(t, address, 'clicks', {}, /no broker at \S+: it does not answer/);
});

t.test('an address with a password', async (t) => {
  for (const script of [
    ...questions(`alice:${password}@127.0.0.1:9092`, 'clicks'),
    `leat explain "from kafka://alice:${password}@127.0.0.1:9092/clicks | filter a > 1"`,
    `leat explain --json "from kafka://alice:${password}@127.0.0.1:9092/clicks"`,
    `leat run "from - | to kafka://alice:${password}@127.0.0.1:9092/clicks" < /dev/null`,
  ]) {
    const { status, stdout, stderr } = await run(script);
    t.equal(status, 2, script);
    t.match(stderr, /can be read by others[\s\S]*LEAT_KAFKA_CONFIG/, script);
    t.notMatch(stdout + stderr, /wonderland/, script);
  }
});

t.test('a cluster that lets in who is known', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t, {
    protocols: ['SASL_PLAINTEXT', 'SSL'],
    users: { alice: password },
    certificateDays: -1,
    authorizer: true,
  });
  for (const topic of ['clicks', 'denied']) await broker.createTopic(topic);
  await broker.deny('alice', 'denied');
  const { addresses, authority } = broker;
  const known = addresses.SASL_PLAINTEXT;

  t.test('credentials that are wrong', (t) =>
    refuses(t, known, 'clicks', login('guessed'), /does not accept the login[\s\S]*sasl\.jaas\.config/),
  );
  t.test('a login that is not offered', (t) =>
    refuses(
      t,
      addresses.PLAINTEXT,
      'clicks',
      login(password),
      /login[\s\S]*security\.protocol|sasl\.mechanism/,
    ),
  );
  t.test('a topic that is denied', (t) =>
    refuses(t, known, 'denied', login(password), /may not use the topic denied[\s\S]*ACL/),
  );
  t.test('a topic that is not there', (t) =>
    refuses(t, known, 'click', login(password), /there is no topic click at/),
  );
  t.test('a certificate that has expired', (t) => {
    const env = {
      KAFKA_SECURITY_PROTOCOL: 'SSL',
      KAFKA_SSL_TRUSTSTORE_CERTIFICATES: authority.certificate,
    };
    return refuses(
      t,
      addresses.SSL,
      'clicks',
      env,
      /the certificate of \S+ has expired[\s\S]*needs a new one/,
    );
  });
  t.test('TLS where none is spoken, and the other way round', async (t) => {
    const tls = { KAFKA_SECURITY_PROTOCOL: 'SSL' };
    await refuses(
      t,
      addresses.PLAINTEXT,
      'clicks',
      tls,
      /does not speak TLS[\s\S]*security\.protocol without SSL/,
    );
    await refuses(t, addresses.SSL, 'clicks', {}, /closes the connection[\s\S]*security\.protocol has to be/);
    await refuses(t, known, 'clicks', {}, /closes the connection[\s\S]*security\.protocol has to be/);
  });
  t.test('a configuration that others can read', async (t) => {
    const file = path.join(t.testdir({}), 'client.properties');
    const lines = Object.entries(login(password)).map(([name, value]) => {
      return `${name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.')}=${value}\n`;
    });
    fs.writeFileSync(file, lines.join(''), { mode: 0o644 });
    await refuses(
      t,
      known,
      'clicks',
      { LEAT_KAFKA_CONFIG: file },
      /others can read this file[\s\S]*chmod 600/,
    );
    fs.chmodSync(file, 0o600);
    const read = await run(`leat kafka offsets 'kafka://${known}/clicks?config=${file}' --json`);
    t.match(read.stdout, /"topic":"clicks","partition":0/, read.stderr);
  });
  t.test('secrets are written nowhere', (t) => secretsStay(t, known));
});

/** Runs a job with everything that talks: messages, debugging, explain, a state with checkpoints, an output. */
async function secretsStay(t: Test, address: string): Promise<void> {
  const folder = temporaryFolder();
  const env = { ...login(password), LEAT_DEBUG: '1' };
  const uri = `kafka://${address}/clicks`;
  const written = await run(`echo '{"a":1}' | leat to '${uri}' -v`, env);
  t.equal(written.status, 0, written.stderr);
  const script = `cd ${folder} && leat run "from ${uri}?end=latest | to out.ndjson" --state state --job secret -v`;
  const job = await run(script, env);
  t.equal(job.status, 0, job.stderr);
  t.equal(fs.readFileSync(path.join(folder, 'out.ndjson'), 'utf8'), '{"a":1}\n');
  const explained = await run(`leat explain --json "from ${uri}" && leat explain "from ${uri}"`, env);
  const wrong = await run(`leat from '${uri}' --debug`, { ...env, ...login(`${password}x`) });
  for (const { stdout, stderr } of [written, job, explained, wrong])
    t.notMatch(stdout + stderr, /wonderland/);
  const { stdout } = await run(`grep -rl wonderland ${folder} | wc -l; find ${folder} -type f | wc -l`);
  const [found, files] = stdout.trim().split('\n').map(Number);
  t.equal(found, 0);
  t.ok(files! > 2, 'there is a state that could have held it');
}

/** Starts a script and gathers what it says. */
function follow(t: Test, script: string) {
  const child = startShell(script);
  t.teardown(() => killShell(child));
  const said = { out: '', err: '', status: undefined as number | null | undefined };
  child.stdout!.on('data', (chunk) => (said.out += chunk));
  child.stderr!.on('data', (chunk) => (said.err += chunk));
  child.on('close', (status) => (said.status = status));
  return { child, said };
}

async function send(broker: Broker, text: string): Promise<void> {
  const { status, stderr } = await run(`echo '${text}' | leat to kafka://${broker.address}/clicks`);
  if (status !== 0) throw new Error(stderr);
}

t.test('a broker that goes in the middle', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t);
  await broker.createTopic('clicks');
  await send(broker, '{"a":1}');
  const { said } = follow(t, `leat from kafka://${broker.address}/clicks`);
  await until('the first record', () => said.out.includes('{"a":1}'), 60_000);

  t.test('without --retry the run ends', async (t) => {
    await broker.kill();
    await until('the end', () => said.status !== undefined, 120_000);
    t.equal(said.status, 1);
    t.match(said.err, new RegExp(`no broker at ${broker.address}: nobody listens there[\\s\\S]*--retry`));
  });

  t.test('with --retry it waits for the broker', async (t) => {
    const patient = follow(t, `leat from 'kafka://${broker.address}/clicks?end=latest' --retry`);
    const looking = follow(t, `leat kafka topics kafka://${broker.address} --retry --json`);
    const waits = /no broker at \S+: nobody listens there; trying again/;
    for (const { said } of [patient, looking]) {
      await until('it waits', () => waits.test(said.err), 60_000);
      t.equal(said.status, undefined, 'and goes on');
    }
    await broker.restart();
    for (const { said } of [patient, looking]) {
      await until('the end', () => said.status !== undefined, 120_000);
      t.equal(said.status, 0, said.err);
    }
    t.equal(patient.said.out, '{"a":1}\n');
    t.match(looking.said.out, '"topic":"clicks"');
  });

  t.test('a run that was going on goes on', async (t) => {
    const { said, child } = follow(t, `leat from kafka://${broker.address}/clicks --retry`);
    await until('the first record', () => said.out.includes('{"a":1}'), 60_000);
    await broker.kill();
    await until('it waits', () => /trying again/.test(said.err), 120_000);
    await broker.restart();
    await send(broker, '{"a":2}');
    await until('the second record', () => said.out.includes('{"a":2}'), 120_000);
    t.equal(said.out, '{"a":1}\n{"a":2}\n');
    child.kill('SIGTERM');
  });
});
