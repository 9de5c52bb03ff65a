/**
 * Where an operator puts state that does not fit into memory: keys and values of bytes, by prefix. Reading is synchronous and
 * can happen at any time. What is kept changes only while the run rests, between two chunks: then operators are asked to
 * put things there, and what they put can be read after the next flush. So what lies in a space at a barrier
 * is what lay there when the chunk began, and a checkpoint may take it when the chunk is done.
 */
export interface SpillSpace {
  /** The value of a key, or undefined. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Only at rest. The bytes are copied at once. */
  put(key: Uint8Array, value: Uint8Array): void;
  /** Forgets all keys that begin with these bytes; at any time. Nothing is put under the prefix again. */
  forget(prefix: Uint8Array): void;
}

/** What an operator is handed that may put state out of memory. */
export interface Spill {
  readonly space: SpillSpace;
  /** How many bytes of state the operator should keep in memory at most. */
  readonly memoryBytes: number;
}
