/** What a run can be told, and what it tells back. */
import type { ByteSink, ByteSource } from '../../connectors/index.js';
import type { Disk } from '../../disk/index.js';
import type { Holders } from '../../state/index.js';
import type { BadPolicy, Observer, Totals } from './accounts.js';
import type { JobOptions } from './checkpoints/job-options.js';
import type { InputPosition } from './input.js';
import type { Between } from './sections.js';

/** How to run. Everything has a default but `say`. */
export interface RunOptions {
  /** Writes one line for the user (stderr). */
  say(line: string): void;
  readonly bad?: BadPolicy;
  /** Control lines on the output: only towards another stage, always, or never. */
  readonly marks?: 'auto' | 'always' | 'never';
  /** Keeps the state of the run and goes on from what is kept; for the stage at the head of a pipe. */
  readonly job?: JobOptions;
  /** Puts state on disk beyond so many bytes of memory; undefined: all state is in memory. */
  readonly spillBytes?: number;
  readonly verbose?: boolean;
  readonly maxLineBytes?: number;
  /** Size of a read; for tests. */
  readonly chunkBytes?: number;
  readonly clock?: () => number;
  /** Aborting stops the run at the next chunk; what was produced is written. */
  readonly signal?: AbortSignal;
  /** Replaces the opening of sources and sinks; for tests. */
  readonly open?: { source?(path: string): Promise<ByteSource>; sink?(uri: string): ByteSink };
  /** This run is one of several sections of a plan: what stands in place of stdin and stdout. */
  readonly between?: Between;
  /** Where the input is gone on with, as the driver of an earlier run gave it. */
  readonly position?: InputPosition | undefined;
  /** The disk and the processes that hold stores, in place of those of this machine; for simulations. */
  readonly disk?: Disk;
  readonly holders?: Holders;
  /** Sees each record that was refused or late. */
  readonly observer?: Observer;
  /** Called after every chunk. */
  onProgress?(progress: RunProgress): void;
}

export interface RunProgress {
  readonly bytesRead: number;
  readonly lengthBytes: number | undefined;
  readonly records: number;
  /** Records that are there and were not read yet, where the input knows. */
  readonly lag?: number;
}

/** How a run ended. `stopped` by the signal; `closed` because nobody reads the output any more. */
export interface RunResult {
  readonly outcome: 'complete' | 'stopped' | 'closed';
  readonly totals: Totals;
}
