/**
 * Finds certificates and private keys in PEM text, as Kafka takes them: in a file, or in a setting on one
 * line, where blanks stand for the ends of lines. What is between blocks is passed over, as openssl does.
 */

export interface Pem {
  /** One block each. */
  readonly certificates: readonly string[];
  readonly keys: readonly { readonly pem: string; readonly encrypted: boolean }[];
}

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/** A block of PEM from the bytes it stands for. */
export function pemBlock(label: string, base64: string): string {
  const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Whether a text has blocks of PEM in it. */
export const isPem = (text: string): boolean => text.includes('-----BEGIN ');

/** All certificates and keys of a text. */
export function readPem(text: string): Pem {
  const certificates: string[] = [];
  const keys: { pem: string; encrypted: boolean }[] = [];
  for (const [block, label, body] of text.matchAll(blockPattern)) {
    // An old key with headers inside stays as it is: its lines mean something.
    const headers = body!.includes(':');
    const pem = headers ? `${block}\n` : pemBlock(label!, body!);
    if (label === 'CERTIFICATE') certificates.push(pem);
    else if (label!.endsWith('PRIVATE KEY')) {
      keys.push({ pem, encrypted: headers || label!.startsWith('ENCRYPTED') });
    }
  }
  return { certificates, keys };
}
