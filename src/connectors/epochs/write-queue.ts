/**
 * Work on files in the order in which it was asked for, with back-pressure: the producer hands over buffers
 * and goes on, the thread pool writes. Buffers go back to a pool when they are written. After the first
 * failure nothing more is done, and whoever waits is told.
 */

export interface WriteQueue {
  /** Does `work` when everything before it is done; `bytes` are free then. */
  add(bytes: Buffer, lengthBytes: number, work: () => Promise<void>): void;
  /** A free buffer in exchange for one that was handed over. */
  exchange(): Buffer;
  /** A promise to wait for while too much waits, else undefined. */
  drained(): Promise<void> | undefined;
  /** Resolves when all that was added before the call is done; what is added later is not waited for. */
  reached(): Promise<void>;
}

/** Waiting bytes above which the producer waits; the same as for sinks without epochs. */
const highWaterBytes = 1 << 21;
const pooledBytes = 1 << 16;
const largestPooledBytes = 1 << 22;

interface Waiting {
  ready(): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

interface Job {
  readonly bytes: Buffer;
  readonly lengthBytes: number;
  work(): Promise<void>;
}

/** `explain` makes the error that producers see of the one that the work threw. */
export function createWriteQueue(explain: (error: unknown) => unknown): WriteQueue {
  const jobs: Job[] = [];
  const pool: Buffer[] = [];
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let added = 0;
  let done = 0;
  let failure: { readonly error: unknown } | undefined;
  let running = false;

  const settle = (): void => {
    const still: Waiting[] = [];
    for (const one of waiting) {
      if (failure !== undefined) one.reject(failure.error);
      else if (one.ready()) one.resolve();
      else still.push(one);
    }
    waiting = still;
  };
  const run = async (): Promise<void> => {
    running = true;
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      try {
        await job.work();
      } catch (error) {
        failure ??= { error: explain(error) };
        jobs.length = 0;
        break;
      }
      done++;
      waitingBytes -= job.lengthBytes;
      const size = job.bytes.length;
      if (pool.length < 8 && size >= pooledBytes && size <= largestPooledBytes) pool.push(job.bytes);
      settle();
    }
    running = false;
    settle();
  };
  const until = (ready: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ready, resolve, reject });
      settle();
    });

  return {
    add(bytes, lengthBytes, work) {
      if (failure !== undefined) return;
      jobs.push({ bytes, lengthBytes, work });
      added++;
      waitingBytes += lengthBytes;
      if (!running) void run();
    },
    exchange: () => pool.pop() ?? Buffer.allocUnsafeSlow(pooledBytes),
    drained() {
      if (failure === undefined && waitingBytes <= highWaterBytes) return undefined;
      return until(() => waitingBytes <= highWaterBytes);
    },
    async reached() {
      const goal = added;
      await until(() => done >= goal);
    },
  };
}
