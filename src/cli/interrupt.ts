/**
 * Signals. The first SIGINT or SIGTERM asks the run to stop at the next chunk, so that what was produced
 * is written; a second one ends the process at once. SIGPIPE needs nothing: a closed reader shows as EPIPE
 * on the next write.
 */

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came, else undefined. */
  exitStatus(): number | undefined;
}

const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens from now on. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let status: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (status === undefined) {
        status = statuses[name];
        controller.abort();
        return;
      }
      // The default action of the signal: process.exit would wait for a write that nobody reads.
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    });
  }
  return { signal: controller.signal, exitStatus: () => status };
}
