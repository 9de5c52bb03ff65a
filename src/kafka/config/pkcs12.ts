/**
 * Reads a PKCS #12 store, which keytool and openssl write: the certificates and private keys in it. Node reads
 * stores that hold a key, but no trust store, which holds only certificates; hence this. Keys stay encrypted
 * as they are, for Node to decrypt by the password. The check sum over all is verified where there is one. RFC
 * 7292, RFC 8018. Not read: the 40-bit RC2 of stores from before 2020, which OpenSSL no longer has either.
 */
import crypto from 'node:crypto';
import {
  child,
  children,
  type Element,
  identifier,
  octets,
  octetsTag,
  readElement,
  wholeNumber,
} from './der.js';
import { kdfIterationsMost, pkcs12Key } from './pkcs12-key.js';

export interface Pkcs12 {
  /** DER of the certificates, in the order in which they stand. */
  readonly certificates: readonly Buffer[];
  /** DER of private keys; the encrypted ones as EncryptedPrivateKeyInfo. */
  readonly keys: readonly { readonly der: Buffer; readonly encrypted: boolean }[];
}

/** Why a store cannot be read. */
export type Pkcs12Fault = 'malformed' | 'password' | 'old-cipher';

/** Thrown by {@link readPkcs12}. */
export type Pkcs12Error = Error & { readonly fault: Pkcs12Fault };

function fault(kind: Pkcs12Fault): Pkcs12Error {
  return Object.assign(new Error(`PKCS #12: ${kind}`), { fault: kind });
}

/** Whether something was thrown by {@link readPkcs12}. */
export const isPkcs12Error = (value: unknown): value is Pkcs12Error =>
  value instanceof Error && typeof (value as { fault?: unknown }).fault === 'string';

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
  tripleDes: '1.2.840.113549.1.12.1.3',
};

const digests: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const macs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};

function iterationsOf(element: Element): number {
  const iterations = wholeNumber(element);
  if (iterations < 1 || iterations > kdfIterationsMost) throw fault('malformed');
  return iterations;
}

interface Decryption {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** PBES2 with PBKDF2: what keytool has used since 2020, and openssl since 3.0. */
function pbes2(parameters: Element, password: string): Decryption {
  const [derivation, encryption] = children(parameters) as [Element, Element];
  const [salt, count, ...more] = children(child(derivation, 1)) as [Element, Element, ...Element[]];
  const prf = more.find((part) => part.tag === 0x30);
  const digest = prf === undefined ? 'sha1' : macs[identifier(child(prf, 0))];
  const cipher = ciphers[identifier(child(encryption, 0))];
  if (digest === undefined || cipher === undefined) throw fault('old-cipher');
  return {
    cipher: cipher.name,
    key: crypto.pbkdf2Sync(password, salt.content, iterationsOf(count), cipher.keyBytes, digest),
    iv: child(encryption, 1).content,
  };
}

function tripleDes(parameters: Element, password: string): Decryption {
  const salt = child(parameters, 0).content;
  const iterations = iterationsOf(child(parameters, 1));
  const derive = (purpose: 1 | 2, length: number) =>
    pkcs12Key({ digest: 'sha1', password, salt, iterations, purpose, length });
  return { cipher: 'des-ede3-cbc', key: derive(1, 24), iv: derive(2, 8) };
}

function decrypt(algorithm: Element, encrypted: Buffer, password: string): Buffer {
  const name = identifier(child(algorithm, 0));
  if (name !== oids.pbes2 && name !== oids.tripleDes) throw fault('old-cipher');
  const way = name === oids.pbes2 ? pbes2 : tripleDes;
  const { cipher, key, iv } = way(child(algorithm, 1), password);
  const decipher = crypto.createDecipheriv(cipher, key, iv);
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw fault('password');
  }
}

/** The safes of a store are plain or encrypted as a whole. */
function openSafe(info: Element, password: string): Element {
  const kind = identifier(child(info, 0));
  const content = child(child(info, 1), 0);
  if (kind === oids.data) return readElement(octets(content));
  if (kind !== oids.encryptedData) throw fault('malformed');
  const [, algorithm, encrypted] = children(child(content, 1)) as [Element, Element, Element];
  return readElement(decrypt(algorithm, octets(encrypted), password));
}

function verify(mac: Element, content: Buffer, password: string): void {
  const [info, salt, iterations] = children(mac) as [Element, Element, Element | undefined];
  const digest = digests[identifier(child(child(info, 0), 0))];
  if (digest === undefined) throw fault('old-cipher');
  const expected = child(info, 1).content;
  const key = pkcs12Key({
    digest,
    password,
    salt: salt.content,
    iterations: iterations === undefined ? 1 : iterationsOf(iterations),
    purpose: 3,
    length: expected.length,
  });
  const found = crypto.createHmac(digest, key).update(content).digest();
  if (!crypto.timingSafeEqual(found, expected)) throw fault('password');
}

function readBags(safes: readonly Element[]): Pkcs12 {
  const certificates: Buffer[] = [];
  const keys: { der: Buffer; encrypted: boolean }[] = [];
  for (const bag of safes.flatMap(children)) {
    const kind = identifier(child(bag, 0));
    const value = child(child(bag, 1), 0);
    if (kind === oids.keyBag) keys.push({ der: value.whole, encrypted: false });
    else if (kind === oids.shroudedKeyBag) keys.push({ der: value.whole, encrypted: true });
    else if (kind === oids.certificateBag && identifier(child(value, 0)) === oids.x509) {
      certificates.push(octets(child(child(value, 1), 0)));
    }
  }
  return { certificates, keys };
}

/** Reads a store with its password; one without a password has the empty one. */
export function readPkcs12(bytes: Buffer, password: string): Pkcs12 {
  try {
    const [, authenticated, mac] = children(readElement(bytes)) as [Element, Element, Element | undefined];
    const content = child(child(authenticated, 1), 0);
    if (identifier(child(authenticated, 0)) !== oids.data || (content.tag & ~0x20) !== octetsTag) {
      throw fault('malformed');
    }
    const safes = octets(content);
    if (mac !== undefined) verify(mac, safes, password);
    return readBags(children(readElement(safes)).map((info) => openSafe(info, password)));
  } catch (error) {
    throw isPkcs12Error(error) ? error : fault('malformed');
  }
}
