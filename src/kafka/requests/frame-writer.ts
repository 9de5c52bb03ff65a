/** Writing a request to a broker. Large pieces are kept as they are and put together once. */
export interface FrameWriter {
  int8(value: number): FrameWriter;
  int16(value: number): FrameWriter;
  int32(value: number): FrameWriter;
  int64(value: bigint): FrameWriter;
  text(value: string | null): FrameWriter;
  bytes(value: Uint8Array): FrameWriter;
  list<Thing>(things: readonly Thing[], write: (thing: Thing) => unknown): FrameWriter;
  finish(): Buffer;
}

export function writeFrame(): FrameWriter {
  const pieces: Uint8Array[] = [];
  const number = (bytes: number, put: (into: Buffer) => void): FrameWriter => {
    const into = Buffer.allocUnsafe(bytes);
    put(into);
    pieces.push(into);
    return writer;
  };
  const writer: FrameWriter = {
    int8: (value) => number(1, (into) => into.writeInt8(value)),
    int16: (value) => number(2, (into) => into.writeInt16BE(value)),
    int32: (value) => number(4, (into) => into.writeInt32BE(value)),
    int64: (value) => number(8, (into) => into.writeBigInt64BE(value)),
    text(value) {
      if (value === null) return writer.int16(-1);
      const bytes = Buffer.from(value);
      writer.int16(bytes.length);
      pieces.push(bytes);
      return writer;
    },
    bytes(value) {
      writer.int32(value.length);
      pieces.push(value);
      return writer;
    },
    list(things, write) {
      writer.int32(things.length);
      for (const thing of things) write(thing);
      return writer;
    },
    finish: () => Buffer.concat(pieces),
  };
  return writer;
}
