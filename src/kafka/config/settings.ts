/**
 * Kafka's own names with their values, from a properties file and from the environment, each with the place
 * where it was said, so that a complaint can name it. `KAFKA_SSL_TRUSTSTORE_LOCATION` in the environment is
 * `ssl.truststore.location`, the usual spelling in containers, and goes before the file. What leat does not
 * know is told once and does no harm; what cannot be done without Java is refused by those who read these
 * settings.
 */
import fs from 'node:fs';
import { type Place, problem } from '../../diagnostics/index.js';
import { decodeProperties, readProperties } from './properties-file.js';

/** The names that leat reads. */
export const knownNames = [
  'bootstrap.servers',
  'client.id',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.client.callback.handler.class',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.type',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
  'ssl.enabled.protocols',
  'config.providers',
] as const;

export type SettingName = (typeof knownNames)[number];

/** Names whose value is a secret, or holds one. */
const secretNames: ReadonlySet<string> = new Set<SettingName>([
  'sasl.jaas.config',
  'sasl.oauthbearer.client.credentials.client.secret',
  'ssl.truststore.password',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.key.password',
]);

export interface Setting {
  readonly value: string;
  readonly place: Place;
}

export interface Settings {
  /** What was said under a name; an empty text counts as said. */
  get(name: SettingName): Setting | undefined;
  /** Names in the file that leat does not know. */
  readonly unknown: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const variableOf = (name: string): string => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`;

/** Refuses a file with a secret that others can read. Windows keeps no such bits. */
export function refuseReadable(file: string, what: string): void {
  const mode = fs.statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw problem({
    code: 'input',
    place: { kind: 'file', path: file },
    message: `others can read this file (mode ${mode.toString(8).padStart(4, '0')}), and it holds ${what}`,
    hint: `chmod 600 ${/^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`}`,
  });
}

/** The bytes of a file that a setting names. */
export function readNamedFile(file: string, place: Place): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    const named = place.kind === 'file' && place.path === file ? 'the configuration of Kafka' : file;
    throw problem({ code: 'input', place, message: `${named} ${why}`, cause });
  }
}

function readFile(file: string): {
  readonly values: Map<string, Setting>;
  readonly unknown: readonly string[];
} {
  const properties = readProperties(decodeProperties(readNamedFile(file, { kind: 'file', path: file })));
  if (properties.some(({ name, value }) => secretNames.has(name) && value.trim() !== '')) {
    refuseReadable(file, 'a secret');
  }
  const values = new Map<string, Setting>();
  for (const { name, value, line } of properties) {
    values.set(name, { value: value.trim(), place: { kind: 'record', source: file, line } });
  }
  const known: ReadonlySet<string> = new Set(knownNames);
  return { values, unknown: [...values.keys()].filter((name) => !known.has(name)) };
}

/** Reads the file, if there is one, and puts the environment before it. */
export function readSettings(file: string | undefined, environment: Environment): Settings {
  const { values, unknown } =
    file === undefined ? { values: new Map<string, Setting>(), unknown: [] } : readFile(file);
  for (const name of knownNames) {
    const variable = variableOf(name);
    const value = environment[variable];
    if (value !== undefined)
      values.set(name, { value: value.trim(), place: { kind: 'argument', name: variable } });
  }
  return { get: (name) => values.get(name), unknown };
}
