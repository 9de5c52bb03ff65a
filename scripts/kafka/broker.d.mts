/** Types of broker.mjs. */
export type ListenerProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

export interface BrokerProcessOptions {
  /** Folder of broker.mjs. */
  readonly scripts?: string;
  /** Port of the PLAINTEXT listener; a free one by default. */
  readonly port?: number | undefined;
  /** Listeners besides PLAINTEXT. */
  readonly protocols?: readonly ListenerProtocol[];
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Names and passwords of users that SCRAM knows. */
  readonly scramUsers?: Readonly<Record<string, string>>;
  /** Memory of Java, as `-Xmx` takes it. */
  readonly heap?: string;
}

export interface BrokerProcess {
  /** Holds the data, server.properties and broker.log. */
  readonly folder: string;
  /** `host:port` by protocol. */
  readonly addresses: Readonly<Record<ListenerProtocol, string>>;
  pid(): number;
  /** What the broker has logged. */
  log(): string;
  /** Stops it by SIGTERM; the data stay. */
  stop(): Promise<void>;
  /** Stops it by SIGKILL; the data stay. */
  kill(): Promise<void>;
  /** Starts it again with the same ports and data, after ending it by a signal if it runs. */
  restart(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

export function startBrokerProcess(options?: BrokerProcessOptions): Promise<BrokerProcess>;
