/**
 * What a run reads: one input made of one or many sources, given out in pieces that the reader owns, with a position that
 * can be kept and returned to. The reader counts the bytes it was given; a position is asked for by that count, because a
 * read ahead may be under way and the last bytes given may not have been worked on yet.
 */

/** Where an input stands: plain data (JSON) that a checkpoint keeps, with its version inside. Its maker understands it. */
export type FeedPosition = Readonly<Record<string, unknown>>;

/**
 * What a read gave: so many bytes of the source named `name`; `next`: what was given since the last `next` is all of its
 * source, an unfinished last line included, and the next bytes are of another one; or the end of the input.
 */
export type FeedPiece = number | 'next' | 'end';

export interface Feed {
  /** For messages: the source whose bytes were given last, and after `next` the one that follows. */
  readonly name: string;
  /**
   * Tells sources apart, also two of one name, and stays when a file is renamed: what a reader knows of a source besides
   * its bytes (the number of its next line) is kept under it, because the source may be returned to.
   */
  readonly key: string;
  /** Whether the source of this key is read now or can be returned to. */
  knows(key: string): boolean;
  /**
   * Where several sources are read beside each other: those that have something to come after the first
   * `consumedBytes` bytes, `present` being read. The watermark is the lowest of theirs. Without it the sources are
   * read one after another.
   */
  sources?(consumedBytes: number, present: string): readonly string[];
  /** Bytes that are known to lie ahead in all, for progress; undefined when nobody can know. */
  readonly lengthBytes: number | undefined;
  /** Names of fields that will be looked at; said before the first read to inputs that have some besides their bytes. */
  want?(names: readonly string[]): void;
  /** Records that are known to be there and were not given yet, where that is known; for progress. */
  lag?(): number;
  /** What a crash would cost when the input cannot be given again; undefined when it can. A sentence for the user. */
  readonly risk: string | undefined;
  /**
   * The same bytes come again, from each position, in the same order, as long as nobody changes what was read: sources may
   * grow behind their end, and others may come after them.
   */
  readonly repeats?: boolean;
  /** Reads at most target.length bytes into target. Never called while a read is pending. */
  read(target: Uint8Array): Promise<FeedPiece>;
  /**
   * Where the input stands after the first `consumedBytes` bytes given by this feed. It never goes back from call to
   * call. What it depends on is taken at the call, also if the promise resolves later.
   */
  position(consumedBytes: number): Promise<FeedPosition>;
  /**
   * Of an input that others keep the place of. Where no position is asked for, it is told now and then, and at the
   * end, that what was made of the first `consumedBytes` bytes has been written.
   */
  written?(consumedBytes: number): void;
  /** Ends a pending read (it resolves to `end`) and releases what is open. */
  close(): void;
  /** After close: says to others what is left to say, and lets go of them. Takes no longer than some seconds. */
  release?(): Promise<void>;
}
