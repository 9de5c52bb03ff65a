/** Outputs that take bytes and give nothing back, under checkpoints. */
import type { EpochSink } from '../epoch-sink.js';
import type { ByteSink } from '../sink.js';

/** An output that cannot be taken back (a pipe, a terminal, a device) under checkpoints: at least once. */
export function createStreamAtOnce(sink: ByteSink): EpochSink {
  return {
    name: sink.name,
    kind: sink.kind,
    guarantee: 'at-least-once',
    get closedByReader() {
      return sink.closedByReader;
    },
    write: (bytes, lengthBytes) => sink.write(bytes, lengthBytes),
    drained: () => sink.drained(),
    flushed: () => sink.flushed(),
    recover: () => Promise.resolve(),
    async prepare() {
      await sink.flushed();
      return { version: 1 };
    },
    commit: () => Promise.resolve(),
    close: () => sink.close(),
  };
}
