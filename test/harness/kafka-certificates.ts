/**
 * Certificates for brokers and clients of tests: an authority, and what it signs, valid or expired. Node makes keys and
 * signatures but no certificates, so the few parts of X.509 that are needed are written here. Never for use outside tests.
 */
import crypto from 'node:crypto';

export interface Certificate {
  /** The certificate as PEM. */
  readonly certificate: string;
  /** Its private key as PEM, PKCS #8, not encrypted. */
  readonly key: string;
}

export interface CertificateOptions {
  readonly name: string;
  /** The authority that signs; its own signature by default, which makes it an authority. */
  readonly by?: Certificate;
  /** Days from now at which it ends; negative for one that has expired. 30 by default. */
  readonly days?: number;
}

const dayMs = 86_400_000;

/** One element of DER. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...parts: readonly Uint8Array[]) => element(0x30, ...parts);
const integer = (bytes: Uint8Array) => element(0x02, bytes);
const utcTime = (time: Date) =>
  element(0x17, Buffer.from(`${time.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
const bits = (bytes: Uint8Array) => element(0x03, Buffer.from([0]), bytes);
const oid = (hex: string) => element(0x06, Buffer.from(hex, 'hex'));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

const distinguishedName = (name: string) =>
  sequence(element(0x31, sequence(oid('550403'), element(0x0c, Buffer.from(name)))));

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [element(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, element(0x04, value));
}

/** It is good for 127.0.0.1 and localhost. */
function alternativeNames(): Buffer {
  const address = element(0x87, Buffer.from([127, 0, 0, 1]));
  return extension('551d11', false, sequence(address, element(0x82, Buffer.from('localhost'))));
}

const authorityOnly = () => extension('551d13', true, sequence(element(0x01, Buffer.from([0xff]))));

/** The name under which a certificate was issued, as DER. */
function subjectOf(certificate: Certificate): Buffer {
  const name = /CN=(.*)/.exec(new crypto.X509Certificate(certificate.certificate).subject)![1]!;
  return distinguishedName(name);
}

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;

/** Makes a key and its certificate. */
export function makeCertificate({ name, by, days = 30 }: CertificateOptions): Certificate {
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const now = Date.now();
  const content = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), crypto.randomBytes(8)])),
    ecdsaWithSha256,
    by === undefined ? distinguishedName(name) : subjectOf(by),
    sequence(utcTime(new Date(now - 10 * dayMs)), utcTime(new Date(now + days * dayMs))),
    distinguishedName(name),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(by === undefined ? authorityOnly() : alternativeNames())),
  );
  const signature = crypto.sign('sha256', content, by?.key ?? key);
  return { certificate: pem(sequence(content, ecdsaWithSha256, bits(signature))), key };
}
