/**
 * Addresses of clusters: `kafka://host:port,host:port/topic?start=earliest`. Taken apart by hand, since URL
 * knows one host. A name and password in it are refused: everybody on the machine can read a command line, and
 * it ends up in plans, histories and logs. The refusal shows nothing of them.
 */
import { problem } from '../diagnostics/index.js';

export interface KafkaAddress {
  /** `host:port` of brokers to ask first; empty when `bootstrap.servers` of the configuration says them. */
  readonly brokers: readonly string[];
  /** What comes after the brokers, decoded: a topic, or empty. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const defaultPort = 9092;
const scheme = 'kafka://';

/** Whether a text is meant as the address of a cluster. */
export const isKafkaAddress = (text: string): boolean => text.startsWith(scheme);

/**
 * Refuses an address with an @ elsewhere than in the value of a parameter, or anywhere when what should be
 * brokers is none.
 */
function refuseCredentials(text: string, authority: string): void {
  const brokers = authority.split(',').every((broker) => brokerPattern.test(broker.trim()));
  const withoutValues = brokers ? text.replace(/(?<=[?&][^?&=]*=)[^&]*/g, '') : text;
  if (!withoutValues.includes('@')) return;
  throw problem({
    code: 'usage',
    message: 'a user and password in an address of Kafka can be read by others',
    hint: 'put them as sasl.jaas.config into a file that only you can read (chmod 600), and name it by LEAT_KAFKA_CONFIG or ?config=client.properties',
  });
}

function decoded(text: string, address: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw problem({ code: 'usage', message: `${address} has a % that is not followed by two hex digits` });
  }
}

const brokerPattern = /^([^\s:/[\]@]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?$/;

/** One broker with its port; the default one is Kafka's, 9092. */
export function readBroker(text: string): string {
  const match = brokerPattern.exec(text);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (match === null || port < 1 || port > 65_535) {
    throw problem({
      code: 'usage',
      message: `${text === '' ? 'nothing' : text} is not the address of a broker`,
      hint: 'a broker is said as host:port, several with commas between them',
    });
  }
  return `${match[1]}:${port}`;
}

/** Brokers with commas between them, as `bootstrap.servers` has them. */
export const readBrokers = (text: string): readonly string[] =>
  text.split(',').map((broker) => readBroker(broker.trim()));

function readParameters(query: string, address: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals), address);
    if (parameters.has(name)) {
      throw problem({ code: 'usage', message: `${address} says ${name} twice` });
    }
    parameters.set(name, equals < 0 ? '' : decoded(pair.slice(equals + 1), address));
  }
  return parameters;
}

/** Takes an address apart; throws a problem where it is none. */
export function readKafkaAddress(text: string): KafkaAddress {
  if (!isKafkaAddress(text)) {
    throw problem({
      code: 'usage',
      message: `${text} is not an address of Kafka`,
      hint: 'kafka://host:port',
    });
  }
  const [, authority, path, query] = /^kafka:\/\/([^/?]*)\/?([^?]*)\??(.*)$/s.exec(text)!;
  if (authority !== '') refuseCredentials(text, authority!);
  return {
    brokers: authority === '' ? [] : readBrokers(authority!),
    path: decoded(path!, text),
    parameters: readParameters(query!, text),
  };
}
