/** How kafkajs reads a record batch, which its published types do not cover. */
declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
  }
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  export default function decodeBatch(decoder: Decoder): Promise<{
    readonly records: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[];
  }>;
}
