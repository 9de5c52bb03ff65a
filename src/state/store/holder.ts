/**
 * Who holds a store, and whether that process still lives. The facts are gathered by the caller, who knows of
 * processes; in a simulation nobody lives but the one under test.
 */

export interface HolderFacts {
  readonly pid: number;
  readonly host: string;
  /** Changes when the host starts again; empty where it cannot be told. */
  readonly boot: string;
  /**
   * When the process started, in whatever units its host counts: a pid may be used again. Empty where it cannot be
   * told.
   */
  readonly start: string;
}

/** `unknown`: on a host that cannot be asked from here. */
export type HolderLife = 'alive' | 'dead' | 'unknown';

export interface Holders {
  /** The process that opens the store. */
  readonly self: HolderFacts;
  life(holder: HolderFacts): Promise<HolderLife>;
}

/** Time as the store needs it. */
export interface StoreClock {
  /** Epoch ms. */
  now(): number;
  wait(ms: number): Promise<void>;
}
