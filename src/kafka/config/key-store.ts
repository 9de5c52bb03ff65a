/**
 * A key store or trust store as Kafka names it, whatever its form: PEM in a file or in a setting, or PKCS #12.
 * The form is seen in the first bytes, since Java too reads PKCS #12 where JKS, its default, is said. A store
 * in Java's own JKS is refused with the command that converts it.
 */
import { type Place, type Problem, problem } from '../../diagnostics/index.js';
import { isPem, pemBlock, readPem } from './pem.js';
import { isPkcs12Error, type Pkcs12Fault, readPkcs12 } from './pkcs12.js';
import { type Secret, secret } from './secret.js';
import { readNamedFile, refuseReadable, type Setting } from './settings.js';

export interface KeyStore {
  /** PEM, one certificate each. */
  readonly certificates: readonly string[];
  /** PEM of private keys. */
  readonly keys: readonly Secret[];
  readonly place: Place;
}

const jksMagic = 0xfeedfeed;
const jceksMagic = 0xcececece;

/** The command that makes a PKCS #12 store of another one. */
function conversion(file: string): string {
  const base = file.replace(/\.(jks|jceks|keystore|truststore|p12|pfx)$/, '');
  const made = `${base}.p12` === file ? `${base}-new.p12` : `${base}.p12`;
  return `keytool -importkeystore -srckeystore ${file} -destkeystore ${made} -deststoretype PKCS12`;
}

function unreadable(why: Pkcs12Fault, location: Setting, passwordName: string, said: boolean): Problem {
  const { place, value: file } = location;
  switch (why) {
    case 'password':
      return problem({
        code: 'input',
        place,
        message: said
          ? `${file} does not open with the password that ${passwordName} says`
          : `${file} needs a password, and ${passwordName} is not said`,
        hint: `keytool -list -keystore ${file} asks for the password and tries it`,
      });
    case 'old-cipher':
      return problem({
        code: 'input',
        place,
        message: `${file} is encrypted in a way that is not read here, such as 40-bit RC2`,
        hint: `a recent keytool makes a new one of it: ${conversion(file)}`,
      });
    default:
      return problem({
        code: 'input',
        place,
        message: `${file} is neither PEM nor a PKCS #12 store`,
        hint: 'openssl and keytool write both',
      });
  }
}

function openPkcs12(
  bytes: Buffer,
  location: Setting,
  password: Setting | undefined,
  passwordName: string,
): KeyStore {
  try {
    const { certificates, keys } = readPkcs12(bytes, password?.value ?? '');
    return {
      certificates: certificates.map((der) => pemBlock('CERTIFICATE', der.toString('base64'))),
      keys: keys.map(({ der, encrypted }) =>
        secret(pemBlock(encrypted ? 'ENCRYPTED PRIVATE KEY' : 'PRIVATE KEY', der.toString('base64'))),
      ),
      place: location.place,
    };
  } catch (error) {
    if (!isPkcs12Error(error)) throw error;
    throw unreadable(error.fault, location, passwordName, password !== undefined);
  }
}

/** Reads the store that a setting names. `passwordName` is the setting of its password. */
export function readKeyStore(
  location: Setting,
  password: Setting | undefined,
  passwordName: string,
): KeyStore {
  const file = location.value;
  const bytes = readNamedFile(file, location.place);
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === jksMagic || magic === jceksMagic) {
    throw problem({
      code: 'input',
      place: location.place,
      message: `${file} is a store in Java's own form (JKS), which only Java reads`,
      hint: `convert it and name the new one: ${conversion(file)}`,
    });
  }
  const text = bytes.toString('latin1');
  if (!isPem(text)) return openPkcs12(bytes, location, password, passwordName);
  const { certificates, keys } = readPem(text);
  if (keys.some(({ encrypted }) => !encrypted)) refuseReadable(file, 'a private key');
  return { certificates, keys: keys.map(({ pem }) => secret(pem)), place: location.place };
}

/** Reads PEM that stands in a setting itself. */
export function readInlineStore(setting: Setting): KeyStore {
  const { certificates, keys } = readPem(setting.value);
  return { certificates, keys: keys.map(({ pem }) => secret(pem)), place: setting.place };
}
