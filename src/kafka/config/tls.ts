/**
 * What `ssl.*` settings say: whom to trust, which certificate to show, and how careful to be. Everything is
 * read and tried here, before a connection is made, so that a wrong password or a key that is not the
 * certificate's is told with the setting to mend, not as an error of a handshake.
 */
import crypto from 'node:crypto';
import { type Place, type Problem, problem } from '../../diagnostics/index.js';
import { type KeyStore, readInlineStore, readKeyStore } from './key-store.js';
import { type Secret, secret } from './secret.js';
import type { Setting, SettingName, Settings } from './settings.js';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface KafkaTls {
  /** PEM of authorities; those that Node knows when undefined. */
  readonly authorities: readonly string[] | undefined;
  /** The certificate to show, with those that lead to an authority after it. */
  readonly client: ClientCertificate | undefined;
  /** Whether the name of the broker must be in its certificate. */
  readonly checksName: boolean;
  readonly versions: { readonly least: TlsVersion; readonly most: TlsVersion };
}

export interface ClientCertificate {
  readonly certificates: readonly string[];
  readonly key: Secret;
  readonly password: Secret | undefined;
}

function wrong(place: Place, message: string, hint?: string): Problem {
  return problem({ code: 'input', place, message, ...(hint === undefined ? {} : { hint }) });
}

/** Either the setting with PEM in it or the one that names a file, which Kafka does not allow together. */
function readStore(settings: Settings, inline: SettingName, location: SettingName, password: SettingName) {
  const text = settings.get(inline);
  const file = settings.get(location);
  if (text !== undefined && text.value !== '' && file !== undefined && file.value !== '') {
    throw wrong(text.place, `${inline} and ${location} cannot both be said`);
  }
  if (text !== undefined && text.value !== '') return readInlineStore(text);
  if (file === undefined || file.value === '') return undefined;
  return readKeyStore(file, settings.get(password), password);
}

function readAuthorities(settings: Settings): readonly string[] | undefined {
  const names = [
    'ssl.truststore.certificates',
    'ssl.truststore.location',
    'ssl.truststore.password',
  ] as const;
  const store = readStore(settings, ...names);
  if (store === undefined) return undefined;
  if (store.certificates.length === 0) {
    throw wrong(store.place, 'there is no certificate in the trust store');
  }
  for (const pem of store.certificates) parseCertificate(pem, store.place);
  return store.certificates;
}

function parseCertificate(pem: string, place: Place): crypto.X509Certificate {
  try {
    return new crypto.X509Certificate(pem);
  } catch {
    throw wrong(place, 'a certificate is damaged');
  }
}

/** With `ssl.keystore.certificate.chain` the key is in a setting of its own. */
function readClientStore(settings: Settings): KeyStore | undefined {
  const store = readStore(
    settings,
    'ssl.keystore.certificate.chain',
    'ssl.keystore.location',
    'ssl.keystore.password',
  );
  const key = settings.get('ssl.keystore.key');
  if (key === undefined || key.value === '') return store;
  if (store === undefined) {
    throw wrong(key.place, 'ssl.keystore.key is said without ssl.keystore.certificate.chain');
  }
  return { ...store, keys: readInlineStore(key).keys, place: key.place };
}

/** The password of the key: its own, or that of the store. */
const keyPassword = (settings: Settings): Setting | undefined =>
  settings.get('ssl.key.password') ?? settings.get('ssl.keystore.password');

function openKey(key: Secret, password: Setting | undefined, place: Place): crypto.KeyObject {
  try {
    return crypto.createPrivateKey({
      key: key.reveal(),
      ...(password === undefined ? {} : { passphrase: password.value }),
    });
  } catch {
    const hint = 'ssl.key.password says the password of the key, where it is not that of the key store';
    throw wrong(place, 'the private key in the key store cannot be opened', hint);
  }
}

/** The certificate of the key first, then the others in the order in which they stand. */
function ownFirst(store: KeyStore, key: crypto.KeyObject): readonly string[] {
  const own = store.certificates.find((pem) => parseCertificate(pem, store.place).checkPrivateKey(key));
  if (own === undefined) {
    throw wrong(store.place, 'no certificate in the key store belongs to its private key');
  }
  return [own, ...store.certificates.filter((pem) => pem !== own)];
}

function readClient(settings: Settings): ClientCertificate | undefined {
  const store = readClientStore(settings);
  if (store === undefined) return undefined;
  const [key, second] = store.keys;
  if (key === undefined) throw wrong(store.place, 'there is no private key in the key store');
  if (second !== undefined) {
    const hint = 'keytool -importkeystore with -srcalias makes a store of one of them';
    throw wrong(store.place, `there are ${store.keys.length} private keys in the key store`, hint);
  }
  const password = keyPassword(settings);
  const opened = openKey(key, password, store.place);
  return {
    certificates: ownFirst(store, opened),
    key,
    password: password === undefined ? undefined : secret(password.value),
  };
}

/** Versions that are out of use are left out of what is allowed; Node has no switch for gaps. */
function readVersions(settings: Settings): KafkaTls['versions'] {
  const setting = settings.get('ssl.enabled.protocols');
  if (setting === undefined || setting.value === '') return { least: 'TLSv1.2', most: 'TLSv1.3' };
  const named = setting.value.split(',').map((name) => name.trim());
  const usable = (['TLSv1.2', 'TLSv1.3'] as const).filter((version) => named.includes(version));
  if (usable.length === 0) {
    throw wrong(setting.place, `ssl.enabled.protocols allows neither TLSv1.2 nor TLSv1.3`);
  }
  return { least: usable[0]!, most: usable[usable.length - 1]! };
}

/** Reads all that concerns TLS. */
export function readTls(settings: Settings): KafkaTls {
  return {
    authorities: readAuthorities(settings),
    client: readClient(settings),
    checksName: readNameCheck(settings.get('ssl.endpoint.identification.algorithm')),
    versions: readVersions(settings),
  };
}

function readNameCheck(setting: Setting | undefined): boolean {
  if (setting === undefined) return true;
  const algorithm = setting.value.toLowerCase();
  if (algorithm === '' || algorithm === 'https') return algorithm === 'https';
  const hint = 'https checks that the certificate is for the broker; an empty value does not';
  throw wrong(setting.place, `ssl.endpoint.identification.algorithm does not know ${setting.value}`, hint);
}
