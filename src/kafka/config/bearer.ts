/**
 * Where the token of OAUTHBEARER comes from, as Kafka's settings say it: a token endpoint with client
 * credentials, a file that something else keeps fresh, a token in the environment, or, for tests and
 * development, one that nobody signed.
 */
import { fileURLToPath } from 'node:url';
import { type Place, type Problem, problem } from '../../diagnostics/index.js';
import type { JaasEntry } from './jaas.js';
import type { BearerLogin, TokenSource } from './sasl.js';
import { secret } from './secret.js';
import type { Setting, Settings } from './settings.js';

const unsecuredClaim = 'unsecuredLoginStringClaim_sub';
const extensionPrefix = 'extension_';

function wrong(place: Place, message: string, hint: string): Problem {
  return problem({ code: 'input', place, message, hint });
}

/** Java's own settings of recent versions first, then the options of the login module. */
function clientCredential(
  settings: Settings,
  entry: JaasEntry | undefined,
  which: 'client.id' | 'client.secret',
): string | undefined {
  const setting = settings.get(`sasl.oauthbearer.client.credentials.${which}`);
  const option = which === 'client.id' ? 'clientId' : 'clientSecret';
  return setting?.value || entry?.options.get(option);
}

function readEndpoint(settings: Settings, entry: JaasEntry | undefined, setting: Setting): TokenSource {
  const url = URL.canParse(setting.value) ? new URL(setting.value) : undefined;
  if (url?.protocol === 'file:') return { kind: 'file', path: fileURLToPath(url) };
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    const hint = 'an address with https:, http: or file: and without a password in it';
    throw wrong(
      setting.place,
      'sasl.oauthbearer.token.endpoint.url is not the address of a token endpoint',
      hint,
    );
  }
  const clientId = clientCredential(settings, entry, 'client.id');
  const clientSecret = clientCredential(settings, entry, 'client.secret');
  if (clientId === undefined || clientSecret === undefined) {
    const missing = clientId === undefined ? 'clientId' : 'clientSecret';
    const hint =
      'sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="..." clientSecret="...";';
    throw wrong(setting.place, `the token endpoint is said, and no ${missing} for it`, hint);
  }
  const scope = settings.get('sasl.oauthbearer.scope')?.value || entry?.options.get('scope');
  return { kind: 'endpoint', url: url.href, clientId, clientSecret: secret(clientSecret), scope };
}

function readSource(
  settings: Settings,
  entry: JaasEntry | undefined,
  token: string | undefined,
): TokenSource {
  if (token !== undefined && token !== '') return { kind: 'fixed', token: secret(token) };
  const endpoint = settings.get('sasl.oauthbearer.token.endpoint.url');
  if (endpoint !== undefined && endpoint.value !== '') return readEndpoint(settings, entry, endpoint);
  const subject = entry?.options.get(unsecuredClaim);
  if (subject !== undefined) return { kind: 'unsecured', subject };
  throw problem({
    code: 'input',
    message: 'sasl.mechanism is OAUTHBEARER, and nothing says where the token comes from',
    hint: 'say sasl.oauthbearer.token.endpoint.url (https: or file:), or put a token into KAFKA_OAUTHBEARER_TOKEN',
  });
}

/** Reads what concerns OAUTHBEARER. */
export function readBearer(
  settings: Settings,
  entry: JaasEntry | undefined,
  token: string | undefined,
): BearerLogin {
  const extensions = [...(entry?.options ?? [])]
    .filter(([name]) => name.startsWith(extensionPrefix))
    .map(([name, value]) => [name.slice(extensionPrefix.length), value] as const);
  return {
    mechanism: 'OAUTHBEARER',
    source: readSource(settings, entry, token),
    extensions: new Map(extensions),
  };
}
