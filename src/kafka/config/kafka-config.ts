/**
 * The configuration of a connection to a cluster: brokers, TLS and login, from an address, a properties file
 * in Kafka's own names and the environment. It is data that may be printed: what is secret in it shows as
 * `(secret)`. It is read where a connection is made and goes neither into plans nor into checkpoints.
 */
import { problem } from '../../diagnostics/index.js';
import { readBrokers } from '../address.js';
import { type KafkaSasl, readSasl } from './sasl.js';
import { type Environment, readSettings, type Setting, type Settings } from './settings.js';
import { type KafkaTls, readTls } from './tls.js';

export interface KafkaConfig {
  /** `host:port` of brokers to ask first; at least one. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Names in the file that are not used, to be told once. */
  readonly ignored: readonly string[];
  /** The file that was read. */
  readonly file?: string;
}

export interface KafkaConfigSource {
  /** Brokers of the address; those of `bootstrap.servers` when there are none. */
  readonly brokers: readonly string[];
  /** The properties file, from `?config=`; before the one that `LEAT_KAFKA_CONFIG` names. */
  readonly file?: string | undefined;
  readonly environment: Environment;
}

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;

type Protocol = (typeof protocols)[number];

function readProtocol(setting: Setting | undefined): Protocol {
  if (setting === undefined || setting.value === '') return 'PLAINTEXT';
  const known = protocols.find((protocol) => protocol === setting.value.toUpperCase());
  if (known !== undefined) return known;
  throw problem({
    code: 'input',
    place: setting.place,
    message: `security.protocol ${setting.value} is not known`,
    hint: `known are: ${protocols.join(', ')}`,
  });
}

/** Values such as `${file:...}` are filled in by classes of Java. */
function refuseProviders(setting: Setting | undefined): void {
  if (setting === undefined || setting.value === '') return;
  throw problem({
    code: 'input',
    place: setting.place,
    message: 'config.providers names Java code, which leat cannot run',
    hint: 'write the values themselves, or put them into the environment (KAFKA_SASL_JAAS_CONFIG)',
  });
}

function chooseBrokers(source: KafkaConfigSource, setting: Setting | undefined): readonly string[] {
  if (source.brokers.length > 0) return source.brokers;
  if (setting !== undefined && setting.value !== '') return readBrokers(setting.value);
  throw problem({
    code: 'usage',
    message: 'no broker is said',
    hint: 'kafka://host:port says one, or bootstrap.servers in the file that LEAT_KAFKA_CONFIG names',
  });
}

/** What was said and does nothing, since the protocol has no use for it. */
function unused(settings: Settings, protocol: Protocol): readonly string[] {
  const names = [
    ...(protocol.startsWith('SASL') ? [] : (['sasl.mechanism', 'sasl.jaas.config'] as const)),
    ...(protocol.endsWith('SSL') ? [] : (['ssl.truststore.location', 'ssl.keystore.location'] as const)),
  ];
  return names.filter((name) => settings.get(name) !== undefined);
}

/** Reads and checks all of it; what is wrong is thrown as a problem with the place to mend. */
export function readKafkaConfig(source: KafkaConfigSource): KafkaConfig {
  const file = source.file ?? (source.environment['LEAT_KAFKA_CONFIG'] || undefined);
  const settings = readSettings(file, source.environment);
  refuseProviders(settings.get('config.providers'));
  const protocol = readProtocol(settings.get('security.protocol'));
  return {
    brokers: chooseBrokers(source, settings.get('bootstrap.servers')),
    clientId: settings.get('client.id')?.value || 'leat',
    ...(protocol.endsWith('SSL') ? { tls: readTls(settings) } : {}),
    ...(protocol.startsWith('SASL')
      ? { sasl: readSasl(settings, source.environment['KAFKA_OAUTHBEARER_TOKEN']) }
      : {}),
    ignored: [...settings.unknown, ...unused(settings, protocol)],
    ...(file === undefined ? {} : { file }),
  };
}

/** One sentence on what was passed over, or undefined. */
export function ignoredNote({ ignored, file }: KafkaConfig): string | undefined {
  if (ignored.length === 0) return undefined;
  return `${file ?? 'the environment'}: not used by leat: ${ignored.join(', ')}`;
}
