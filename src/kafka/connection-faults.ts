/**
 * What goes wrong with a connection, by the codes of Node and OpenSSL: no broker, a broker that speaks
 * otherwise than it is spoken to, a certificate, a login. Each becomes a sentence that names what to mend. The
 * texts of errors are used only where there is no code; nothing of a login is ever in them.
 */

/** An error as it comes from kafkajs or from Node. */
export interface ConnectionError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  /** Of the protocol, as TOPIC_AUTHORIZATION_FAILED. */
  readonly type?: unknown;
  /** `host:port` of the broker that it is about. */
  readonly broker?: unknown;
}

export interface Fault {
  readonly message: string;
  readonly hint: string;
  /** Whether it may go away by itself. */
  readonly passes: boolean;
}

const reachable = 'check host and port, and whether the cluster runs; --retry waits until it answers';

/** Why a broker cannot be reached. */
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  EHOSTDOWN: 'it is down',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  ECONNABORTED: 'it cut the connection',
};

const trust =
  'ssl.truststore.location says whom to trust: the certificate of the authority that signed it, as PEM or PKCS #12';

/** What is wrong with the certificate of a broker, and what to do. */
const certificates: Readonly<Record<string, readonly [string, string]>> = {
  CERT_HAS_EXPIRED: [
    'has expired',
    'the broker needs a new one; the clock of this machine may also be wrong',
  ],
  CERT_NOT_YET_VALID: ['is not valid yet', 'the clock of this machine, or of the one that made it, is wrong'],
  CERT_REVOKED: ['has been revoked', 'the broker needs a new one'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['is signed by an authority that is not trusted', trust],
  UNABLE_TO_GET_ISSUER_CERT: ['is signed by an authority that is not trusted', trust],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['is signed by an authority that is not trusted', trust],
  SELF_SIGNED_CERT_IN_CHAIN: ['is signed by an authority that is not trusted', trust],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is signed by itself and not trusted', trust],
  CERT_SIGNATURE_FAILURE: ['is signed by another authority of the same name', trust],
  INVALID_CA: ['is signed by one that is no authority', trust],
};

const wantsCertificate = 'ssl.keystore.location says the certificate to show and its key, as PEM or PKCS #12';

/** Alerts by which a broker refuses what the client showed. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [
    /ALERT_CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_HANDSHAKE_FAILURE/,
    'wants a client certificate, or another one',
  ],
  [/ALERT_CERTIFICATE_EXPIRED/, 'refuses the client certificate: it has expired'],
  [/ALERT_UNKNOWN_CA|ALERT_CERTIFICATE_UNKNOWN|ALERT_ACCESS_DENIED/, 'does not trust the client certificate'],
];

const noTls =
  'say security.protocol without SSL (PLAINTEXT, SASL_PLAINTEXT), or the port of its TLS listener';

function tlsFault(broker: string, code: string, message: string): Fault | undefined {
  const certificate = certificates[code];
  if (certificate !== undefined) {
    return { message: `the certificate of ${broker} ${certificate[0]}`, hint: certificate[1], passes: false };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = /altnames: (?!.*altnames: )(.*)$/s.exec(message)?.[1];
    const hint =
      'connect by a name that is in it; ssl.endpoint.identification.algorithm with an empty value leaves the check out';
    return {
      message: `the certificate of ${broker} is for another name${names ? `: ${names}` : ''}`,
      hint,
      passes: false,
    };
  }
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    code === 'EPROTO' ||
    /before secure TLS connection/.test(message)
  ) {
    return { message: `${broker} does not speak TLS`, hint: noTls, passes: false };
  }
  const refusal = refusals.find(([pattern]) => pattern.test(code));
  if (refusal !== undefined)
    return { message: `${broker} ${refusal[1]}`, hint: wantsCertificate, passes: false };
  if (!code.startsWith('ERR_SSL_') && !code.startsWith('ERR_TLS_')) return undefined;
  const hint = 'ssl.enabled.protocols and the certificates of both sides are what it depends on';
  return { message: `TLS with ${broker} fails (${code})`, hint, passes: false };
}

function loginFault(broker: string, message: string): Fault {
  const unsupported = /SASL (\S+) mechanism is not supported/.exec(message);
  if (unsupported !== null) {
    const hint = 'sasl.mechanism has to be one that the broker offers';
    return { message: `${broker} does not know the login ${unsupported[1]}`, hint, passes: false };
  }
  const hint = 'sasl.jaas.config holds the user and password, or what the token is asked for with';
  return { message: `${broker} does not accept the login: ${message}`, hint, passes: false };
}

const otherSpeech =
  'the broker may want TLS or a login: security.protocol has to be that of the listener (SSL, SASL_PLAINTEXT, SASL_SSL)';

/** The fault of a connection, or undefined for an error that is about something else. */
export function connectionFault(error: ConnectionError, brokers: readonly string[]): Fault | undefined {
  const code = typeof error.code === 'string' ? error.code : '';
  const known = typeof error.broker === 'string' ? error.broker : undefined;
  const broker = known ?? brokers.join(',');
  if (error.name === 'KafkaJSSASLAuthenticationError') return loginFault(broker, error.message);
  const tls = tlsFault(broker, code, error.message);
  if (tls !== undefined) return tls;
  const timeout = error.name === 'KafkaJSRequestTimeoutError' || error.message === 'Connection timeout';
  const why = unreachable[code] ?? (timeout ? 'it does not answer' : undefined);
  if (why !== undefined) return { ...unreachableFault(broker, why, brokers), passes: true };
  if (error.name !== 'KafkaJSConnectionClosedError' && error.name !== 'KafkaJSConnectionError')
    return undefined;
  return { message: `${broker} closes the connection`, hint: otherSpeech, passes: true };
}

/** A broker that was not named here was named by the cluster, which is another thing to mend. */
function unreachableFault(broker: string, why: string, brokers: readonly string[]): Omit<Fault, 'passes'> {
  // An IPv6 address has brackets where it was named, and none in an error.
  const named = brokers.some((one) => broker.includes(one) || one.replace(/[[\]]/g, '') === broker);
  if (named) return { message: `no broker at ${broker}: ${why}`, hint: reachable };
  const hint =
    'it may be down; or its advertised.listeners is no address that can be reached from here; --retry waits until it answers';
  return { message: `the cluster names a broker at ${broker}, and ${why}`, hint };
}
