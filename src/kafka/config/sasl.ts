/**
 * What `sasl.*` settings say: which mechanism, and who logs in. The login modules are Kafka's own three; what
 * runs other Java code, such as the handlers of cloud providers, is refused rather than passed over, since
 * without it nobody would get in.
 */
import { type Place, type Problem, problem } from '../../diagnostics/index.js';
import { readBearer } from './bearer.js';
import { type JaasEntry, readJaas } from './jaas.js';
import { type Secret, secret } from './secret.js';
import type { Setting, Settings } from './settings.js';

export type PasswordMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export interface PasswordLogin {
  readonly mechanism: PasswordMechanism;
  readonly username: string;
  readonly password: Secret;
}

/** Where a bearer token comes from. */
export type TokenSource =
  | { readonly kind: 'fixed'; readonly token: Secret }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'endpoint';
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: Secret;
      readonly scope: string | undefined;
    }
  | { readonly kind: 'unsecured'; readonly subject: string };

export interface BearerLogin {
  readonly mechanism: 'OAUTHBEARER';
  readonly source: TokenSource;
  /** Further values that some clusters ask for, such as logicalCluster. */
  readonly extensions: ReadonlyMap<string, string>;
}

export type KafkaSasl = PasswordLogin | BearerLogin;

const moduleOf: Readonly<Record<KafkaSasl['mechanism'], string>> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
};

const mechanisms = Object.keys(moduleOf) as readonly KafkaSasl['mechanism'][];

function wrong(place: Place | undefined, message: string, hint?: string): Problem {
  return problem({
    code: 'input',
    message,
    ...(place === undefined ? {} : { place }),
    ...(hint === undefined ? {} : { hint }),
  });
}

function readMechanism(setting: Setting | undefined): KafkaSasl['mechanism'] {
  if (setting === undefined || setting.value === '') {
    const hint = `say sasl.mechanism (KAFKA_SASL_MECHANISM in the environment): ${mechanisms.join(', ')}`;
    throw wrong(undefined, 'security.protocol asks for SASL, and sasl.mechanism is not said', hint);
  }
  const known = mechanisms.find((mechanism) => mechanism === setting.value.toUpperCase());
  if (known !== undefined) return known;
  throw wrong(
    setting.place,
    `sasl.mechanism ${setting.value} is not known`,
    `known are: ${mechanisms.join(', ')}`,
  );
}

/** The handler that asks a token endpoint is done here too; others are Java code. */
function refuseHandlers(settings: Settings): void {
  for (const name of ['sasl.login.callback.handler.class', 'sasl.client.callback.handler.class'] as const) {
    const setting = settings.get(name);
    if (setting === undefined || setting.value === '') continue;
    if (/\.OAuthBearerLoginCallbackHandler$/.test(setting.value)) continue;
    const hint =
      'OAUTHBEARER with sasl.oauthbearer.token.endpoint.url, or a token in KAFKA_OAUTHBEARER_TOKEN, needs no class';
    throw wrong(setting.place, `${name} names Java code, which leat cannot run`, hint);
  }
}

/** The entry of `sasl.jaas.config`, which must be for the mechanism. */
function readLoginModule(settings: Settings, mechanism: KafkaSasl['mechanism']): JaasEntry | undefined {
  const setting = settings.get('sasl.jaas.config');
  if (setting === undefined || setting.value === '') return undefined;
  const entry = readJaas(setting);
  const wanted = moduleOf[mechanism];
  if (entry.loginModule === wanted) return entry;
  throw wrong(setting.place, `sasl.jaas.config is for another mechanism: ${mechanism} needs ${wanted}`);
}

function readPasswordLogin(settings: Settings, mechanism: PasswordMechanism): PasswordLogin {
  const entry = readLoginModule(settings, mechanism);
  const example = `sasl.jaas.config=org.apache.kafka.common.security.${mechanism === 'PLAIN' ? 'plain' : 'scram'}.${moduleOf[mechanism]} required username="..." password="...";`;
  if (entry === undefined) {
    throw wrong(undefined, `sasl.mechanism is ${mechanism}, and sasl.jaas.config is not said`, example);
  }
  const username = entry.options.get('username');
  const password = entry.options.get('password');
  if (username === undefined || password === undefined) {
    const missing = username === undefined ? 'username' : 'password';
    throw wrong(settings.get('sasl.jaas.config')!.place, `sasl.jaas.config has no ${missing}`, example);
  }
  return { mechanism, username, password: secret(password) };
}

/** Reads all that concerns SASL; `token` is a bearer token that the environment holds. */
export function readSasl(settings: Settings, token: string | undefined): KafkaSasl {
  refuseHandlers(settings);
  const mechanism = readMechanism(settings.get('sasl.mechanism'));
  if (mechanism !== 'OAUTHBEARER') return readPasswordLogin(settings, mechanism);
  return readBearer(settings, readLoginModule(settings, mechanism), token);
}
