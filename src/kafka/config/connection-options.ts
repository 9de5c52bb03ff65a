/**
 * The configuration as kafkajs takes it for a connection. This is the one place where secrets are revealed.
 * kafkajs keeps the mechanism it made in the object of the login, so that each call gives new ones.
 */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { bearerMechanism } from './bearer-login.js';
import type { KafkaConfig } from './kafka-config.js';
import type { KafkaSasl } from './sasl.js';
import type { KafkaTls } from './tls.js';

/** Options `ssl` and `sasl` of a connection; null where there are none, as kafkajs has it. */
export interface SecurityOptions {
  readonly ssl: TlsOptions | null;
  readonly sasl: Record<string, unknown> | null;
}

function tlsOptions({ authorities, client, checksName, versions }: KafkaTls): TlsOptions {
  return {
    minVersion: versions.least,
    maxVersion: versions.most,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
    ...(client === undefined ? {} : { cert: client.certificates.join(''), key: client.key.reveal() }),
    ...(client?.password === undefined ? {} : { passphrase: client.password.reveal() }),
    ...(checksName ? {} : { checkServerIdentity: () => undefined }),
  };
}

function saslOptions(sasl: KafkaSasl): Record<string, unknown> {
  if (sasl.mechanism === 'OAUTHBEARER') {
    return { mechanism: 'oauthbearer', authenticationProvider: bearerMechanism(sasl) };
  }
  return {
    mechanism: sasl.mechanism.toLowerCase(),
    username: sasl.username,
    password: sasl.password.reveal(),
  };
}

/** What a connection needs to be secured and logged in. */
export function securityOptions({ tls, sasl }: KafkaConfig): SecurityOptions {
  return {
    ssl: tls === undefined ? null : tlsOptions(tls),
    sasl: sasl === undefined ? null : saslOptions(sasl),
  };
}
