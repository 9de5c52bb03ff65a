/** Reading an answer of a broker: numbers, texts and bytes one after another. (Kafka protocol guide, primitive types.) */
export interface FrameReader {
  int8(): number;
  int16(): number;
  int32(): number;
  int64(): bigint;
  text(): string;
  /** A view of the bytes; empty for null. */
  bytes(): Buffer;
  /** So many things as the next number says. */
  list<Thing>(read: () => Thing): Thing[];
}

export function readFrame(answer: Buffer): FrameReader {
  let at = 0;
  const take = (count: number): number => {
    at += count;
    return at - count;
  };
  return {
    int8: () => answer.readInt8(take(1)),
    int16: () => answer.readInt16BE(take(2)),
    int32: () => answer.readInt32BE(take(4)),
    int64: () => answer.readBigInt64BE(take(8)),
    text() {
      const length = this.int16();
      const start = take(Math.max(0, length));
      return answer.toString('utf8', start, at);
    },
    bytes() {
      const length = this.int32();
      const start = take(Math.max(0, length));
      return answer.subarray(start, at);
    },
    list(read) {
      const things = [];
      for (let left = this.int32(); left > 0; left--) things.push(read());
      return things;
    },
  };
}
