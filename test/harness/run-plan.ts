/**
 * Runs a plan through the local back end inside the test process: stdin is a byte array that is handed out
 * in chunks of a chosen size, stdout is collected.
 */
import { type RunOptions, runLocal } from '../../src/backends/local/index.js';
import type { ByteSink, ByteSource } from '../../src/connectors/index.js';
import { openSource } from '../../src/connectors/index.js';
import { isProblem } from '../../src/diagnostics/index.js';
import type { Plan } from '../../src/plan/index.js';

export interface PlanInput {
  /** What stands for stdin (and for every path that `files` does not name). */
  readonly input?: Uint8Array | string;
  /** Contents by path. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** Bytes that one read gives at most, and the size of the intake's chunks. */
  readonly chunkBytes?: number;
  readonly clock?: () => number;
  /** Pretend that stdout is a pipe to another stage. */
  readonly piped?: boolean;
  readonly options?: Partial<RunOptions>;
}

export interface PlanOutput {
  readonly output: string;
  readonly late: readonly string[];
  readonly rejected: readonly { readonly text: string; readonly reason: string }[];
  /** As the process would exit: 0, 1, 2 or 3. */
  readonly status: number;
  readonly said: readonly string[];
}

/** A source over bytes in memory that gives at most `chunkBytes` a read. */
export function memorySource(name: string, bytes: Uint8Array, chunkBytes = 65_536): ByteSource {
  let at = 0;
  return {
    name,
    lengthBytes: bytes.length,
    read(target) {
      const count = Math.min(chunkBytes, target.length, bytes.length - at);
      target.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
    close() {
      at = bytes.length;
    },
  };
}

/** A sink that collects what is written. */
export function memorySink(kind: ByteSink['kind']): ByteSink & { text(): string } {
  const parts: Buffer[] = [];
  return {
    name: 'stdout',
    kind,
    closedByReader: false,
    write(bytes, length) {
      parts.push(Buffer.from(bytes.subarray(0, length)));
      return bytes;
    },
    drained: () => undefined,
    flushed: () => Promise.resolve(),
    close: () => Promise.resolve(),
    text: () => Buffer.concat(parts).toString(),
  };
}

/** Runs the plan to its end. Problems become status 1 or 2 with their message in `said`. */
export async function runPlan(plan: Plan, input: PlanInput = {}): Promise<PlanOutput> {
  const late: string[] = [];
  const rejected: { text: string; reason: string }[] = [];
  const said: string[] = [];
  const sink = memorySink(input.piped ? 'pipe' : 'file');
  const bytesOf = (content: Uint8Array | string): Uint8Array =>
    typeof content === 'string' ? Buffer.from(content) : content;
  const source = (path: string): Promise<ByteSource> => {
    const content =
      input.files?.[path] ?? (path === '-' || input.files === undefined ? input.input : undefined);
    if (content === undefined) return openSource(path);
    return Promise.resolve(memorySource(path === '-' ? 'stdin' : path, bytesOf(content), input.chunkBytes));
  };
  try {
    const result = await runLocal(plan, {
      say: (line) => said.push(line),
      open: { source, sink: () => sink },
      observer: {
        late: (record) => late.push(record),
        rejected: (text, reason) => rejected.push({ text, reason }),
      },
      ...(input.chunkBytes === undefined ? {} : { chunkBytes: input.chunkBytes }),
      ...(input.clock === undefined ? {} : { clock: input.clock }),
      ...input.options,
    });
    const status = result.totals.rejected > 0 ? 3 : 0;
    return { output: sink.text(), late, rejected, status, said };
  } catch (error) {
    if (!isProblem(error)) throw error;
    const usage = ['usage', 'syntax', 'type', 'unknown-name', 'plan'].includes(error.details.code);
    return {
      output: sink.text(),
      late,
      rejected,
      status: usage ? 2 : 1,
      said: [...said, error.details.message],
    };
  }
}
