/** Text that nobody parses leaves as it is: `gen access-log` on its own. */
import { problem } from '../../diagnostics/index.js';
import { openInput, openSink, type SplitPlan } from './ends.js';
import type { RunOptions, RunResult } from './run-options.js';

const bufferBytes = 1 << 16;

/** Copies the lines of a source to the sink. Throws when a stage or a job needs records. */
export async function copyText(parts: SplitPlan, options: RunOptions): Promise<RunResult> {
  const [stage] = parts.middle;
  if (stage !== undefined || options.job !== undefined) {
    throw problem({
      code: 'plan',
      message: `${stage?.id ?? 'a job'} needs records, and ${parts.source.id} makes lines of text`,
      hint: 'put parse between them: gen access-log | parse nginx',
    });
  }
  const feed = await openInput(parts, options);
  const sink = await openSink(parts, options);
  const totals = { recordsIn: 0, rejected: 0, late: 0 };
  let buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  for (;;) {
    const count = await feed.read(buffer);
    if (typeof count !== 'number' || sink.closedByReader) break;
    buffer = sink.write(buffer, count);
    if (buffer.length < bufferBytes) buffer = Buffer.allocUnsafeSlow(bufferBytes);
    await sink.drained();
  }
  const stopped = options.signal?.aborted === true;
  if (!stopped) sink.complete?.();
  await sink.close();
  return { outcome: sink.closedByReader ? 'closed' : stopped ? 'stopped' : 'complete', totals };
}
