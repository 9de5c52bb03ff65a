/** What an end of a chain has written leaves for its sink, which gives a free buffer in exchange. */
import type { ByteSink } from '../../connectors/index.js';
import type { ByteWriter } from '../../record/index.js';

export function leave(out: ByteWriter, sink: ByteSink): void {
  if (out.length === 0) return;
  out.bytes = sink.write(out.bytes, out.length);
  out.length = 0;
}
