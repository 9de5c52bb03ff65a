/** What a folder of part files is as a sink. Apart from what it does, which few runs need. */
import type { EpochSink } from '../epoch-sink.js';

export interface FolderSink extends EpochSink {
  /**
   * Takes over bytes for a partition: sub-folders with / between them, '' for none. `endMs` is the event time
   * at which it is over.
   */
  writeTo(partition: string, endMs: number, bytes: Buffer): void;
  /** Event time has come this far: partitions that are over are finished and marked. Also finishes parts by their age. */
  advance(watermark: number): void;
  complete(): void;
}

/** Whether a sink is a folder of part files. */
export function isFolderSink(sink: object): sink is FolderSink {
  return 'writeTo' in sink;
}
