/** Values through decoders and encoders as a source and a sink use them, for the tests beside this file. */
import { isProblem, type ProblemDetails } from '../../../../src/diagnostics/index.js';
import type { ValueDecoder, ValueEncoder } from '../../../../src/kafka/index.js';

export const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** What a value becomes, as text. */
export async function decoded(decoder: ValueDecoder, value: Uint8Array | string): Promise<string> {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  await decoder.prepare?.(bytes);
  return Buffer.from(decoder.decode(bytes)).toString();
}

/** What a record becomes; text or JSON. */
export async function encoded(encoder: ValueEncoder, record: unknown): Promise<Buffer> {
  await encoder.prepare();
  return Buffer.from(
    encoder.encode(Buffer.from(typeof record === 'string' ? record : JSON.stringify(record))),
  );
}

/** The problem that something ends with; anything else than a problem is thrown on. */
export async function problemOf(
  work: () => unknown,
): Promise<Pick<ProblemDetails, 'code' | 'message' | 'hint'>> {
  try {
    await work();
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  return { code: 'state', message: 'there was no problem' };
}

/** A schema number and what follows it, as serialisers write them. */
export function withId(id: number, ...rest: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, ...rest]);
}
