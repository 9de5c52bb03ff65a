/**
 * A real Kafka broker of one node for tests: free ports on 127.0.0.1 and a temporary data folder. It can be stopped,
 * killed and started again on the same ports with the same data. Whatever ends the process that started it, a guard kills
 * the broker and removes the folder: the guard waits for the end of a pipe that only this process holds.
 */
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import kafkajs from 'kafkajs';
import { fetchJars } from './jars.mjs';

const readyWithinMs = 60_000;

/** Folders to be removed at the end of the process, at the latest: those of brokers that stopped or never came up. */
const folders = new Set();
process.once('exit', () => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether nothing listens on a port of 127.0.0.1. */
function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * A free port below those that systems give to outgoing connections: while a broker is down, nobody else is given its
 * port by chance.
 */
async function freePort(taken) {
  for (;;) {
    const port = 12_000 + crypto.randomInt(18_000);
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
}

/** Names of listeners are those of their protocols; PLAINTEXT is always there, for brokers and administration. */
async function choosePorts(protocols, plaintextPort) {
  const taken = new Set();
  if (plaintextPort !== undefined) taken.add(plaintextPort);
  const ports = { PLAINTEXT: plaintextPort ?? (await freePort(taken)) };
  for (const protocol of protocols) if (protocol !== 'PLAINTEXT') ports[protocol] = await freePort(taken);
  return { ports, controllerPort: await freePort(taken) };
}

function serverProperties({ scripts, folder, ports, controllerPort, properties }) {
  const template = fs.readFileSync(path.join(scripts, 'server.properties'), 'utf8');
  const known = template
    .replaceAll('@controllerPort@', String(controllerPort))
    .replaceAll('@data@', path.join(folder, 'data'));
  const listeners = Object.entries(ports).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const more = {
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map': [
      ...Object.keys(ports).map((name) => `${name}:${name}`),
      'CONTROLLER:PLAINTEXT',
    ].join(','),
    ...properties,
  };
  // A backslash and a newline mean something in a properties file.
  const escaped = (text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return (
    known +
    Object.entries(more)
      .map(([name, value]) => `${name}=${escaped(String(value))}\n`)
      .join('')
  );
}

/** Gives the data folder its cluster and, for SCRAM, its users. */
function format({ folder, jars, scramUsers }) {
  const users = Object.entries(scramUsers).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((way) => [
      '--add-scram',
      `${way}=[name=${name},password=${password}]`,
    ]),
  );
  const words = ['-cp', `${jars}/*`, '-XX:TieredStopAtLevel=1', 'kafka.tools.StorageTool', 'format'];
  const cluster = crypto.randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const { status, stdout, stderr } = spawnSync(
    'java',
    [...words, '-t', cluster, '-c', path.join(folder, 'server.properties'), ...users],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the data folder of Kafka cannot be made: ${stdout}${stderr}`);
}

/** Waits until the broker answers as a member of its cluster. */
async function untilReady({ address, java, log }) {
  const client = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  const deadline = Date.now() + readyWithinMs;
  try {
    for (;;) {
      try {
        await admin.connect();
        if ((await admin.describeCluster()).brokers.length > 0) return;
      } catch {
        // Not yet.
      }
      const ended = java.exitCode !== null || java.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new Error(`Kafka did not start: ${fs.readFileSync(log, 'utf8').slice(-4000)}`);
      }
      await pause(50);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Starts Java and its guard; both let this process end. */
async function launch({ scripts, folder, jars, heap, address }) {
  const log = path.join(folder, 'broker.log');
  const output = fs.openSync(log, 'a');
  const options = [
    `-Xmx${heap}`,
    '-XX:+UseSerialGC',
    `-Dlog4j2.configurationFile=${path.join(scripts, 'log4j2.properties')}`,
  ];
  const words = [...options, '-cp', `${jars}/*`, 'kafka.Kafka', path.join(folder, 'server.properties')];
  const java = spawn('java', words, { stdio: ['ignore', output, output], detached: true });
  fs.closeSync(output);
  java.unref();
  const guard = spawn('sh', ['-c', 'read -r line; kill -9 "$0"; rm -rf "$1"', String(java.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.unref();
  await untilReady({ address, java, log });
  return { java, guard };
}

/** Ends Java by a signal, and its guard with it. */
async function end({ java, guard }, signal) {
  guard.kill('SIGKILL');
  guard.stdin.destroy();
  if (java.exitCode !== null || java.signalCode !== null) return;
  java.ref();
  const closed = once(java, 'exit');
  java.kill(signal);
  await closed;
}

/**
 * Starts a broker. `protocols` are those of its listeners besides PLAINTEXT, `properties` go into server.properties as
 * they are, `scramUsers` are names and passwords. `scripts` is the folder of this file.
 */
export async function startBrokerProcess({
  scripts = import.meta.dirname,
  port,
  protocols = [],
  properties = {},
  scramUsers = {},
  heap = '256m',
} = {}) {
  const jars = fetchJars(scripts);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-kafka-'));
  folders.add(folder);
  const { ports, controllerPort } = await choosePorts(protocols, port);
  const settings = { scripts, folder, ports, controllerPort, properties };
  fs.writeFileSync(path.join(folder, 'server.properties'), serverProperties(settings), { mode: 0o600 });
  format({ folder, jars, scramUsers });
  const addresses = Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [name, `127.0.0.1:${port}`]),
  );
  const again = () => launch({ scripts, folder, jars, heap, address: addresses.PLAINTEXT });
  let running = await again();
  return {
    folder,
    addresses,
    pid: () => running.java.pid,
    log: () => fs.readFileSync(path.join(folder, 'broker.log'), 'utf8'),
    kill: () => end(running, 'SIGKILL'),
    stop: () => end(running, 'SIGTERM'),
    restart: async (signal = 'SIGTERM') => {
      await end(running, signal);
      running = await again();
    },
    remove: async () => {
      await end(running, 'SIGKILL');
      fs.rmSync(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
}
