/**
 * Logs in by OAUTHBEARER over a connection of kafkajs. Its own way does not read what the broker answers: a
 * token that is refused counts as accepted, and the connection is cut later without a reason. RFC 7628: a
 * refusal is a JSON text, to which the client must send one byte before the broker ends the exchange.
 */
import type { BearerLogin } from './sasl.js';
import { tokenProvider } from './token-source.js';

const separator = '\u0001';

/** What kafkajs hands to a mechanism. */
interface Exchange {
  readonly saslAuthenticate: (message: {
    readonly request: { encode(): Promise<Buffer> };
    readonly response?: { decode(bytes: Buffer): Promise<Buffer>; parse(bytes: Buffer): Promise<string> };
  }) => Promise<string | undefined>;
}

/** Bytes after their length, which is how kafkajs passes messages of mechanisms. */
function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const lengthBytes = 4;

const asText = {
  decode: async (bytes: Buffer) => bytes,
  parse: async (bytes: Buffer) => bytes.subarray(lengthBytes).toString('utf8'),
};

/** The word that says why, as `invalid_token`. */
function reasonOf(answer: string): string {
  try {
    const { status } = JSON.parse(answer) as { status?: unknown };
    return typeof status === 'string' ? status.slice(0, 100) : 'no reason given';
  } catch {
    return 'no reason given';
  }
}

/** An error like those of kafkajs's own mechanisms. */
function refused(reason: string): Error {
  return Object.assign(new Error(`SASL OAUTHBEARER authentication failed: ${reason}`), {
    name: 'KafkaJSSASLAuthenticationError',
    retriable: false,
  });
}

/** The mechanism as kafkajs takes it. */
export function bearerMechanism({ source, extensions }: BearerLogin) {
  const tokenNow = tokenProvider(source);
  const more = [...extensions].map(([name, value]) => `${name}=${value}${separator}`).join('');
  return ({ saslAuthenticate }: Exchange) => ({
    authenticate: async (): Promise<void> => {
      const first = `n,,${separator}auth=Bearer ${await tokenNow()}${separator}${more}${separator}`;
      const request = { encode: async () => sized(first) };
      const answer = await saslAuthenticate({ request, response: asText });
      if (answer === undefined || answer === '') return;
      await saslAuthenticate({ request: { encode: async () => sized(separator) } }).catch(() => undefined);
      throw refused(reasonOf(answer));
    },
  });
}
