/**
 * Where bytes come from. A source is read into memory that the caller owns, one read at a time, so that the scanner's
 * own buffers can be filled without a copy. A source knows nothing of lines or records.
 */

export interface ByteSource {
  /** For messages: a path, or `stdin`. */
  readonly name: string;
  /** Reads at most target.length bytes into target; 0 means the end. Never called while a read is pending. */
  read(target: Uint8Array): Promise<number>;
  /** Ends a pending read (it resolves to 0) and releases the descriptor. */
  close(): void;
  /** Bytes that are known to lie ahead in all, for progress; undefined for a pipe. */
  readonly lengthBytes: number | undefined;
  /** The next read begins so many bytes from where the first one did. Only sources that can go anywhere at once. */
  seek?(offsetBytes: number): void;
  /** The file that is read, where there is one: it keeps these when it is renamed. */
  readonly file?: { readonly device: number; readonly inode: number };
  /** Why the same bytes cannot be had again; undefined when opening anew gives them. */
  readonly risk?: string;
  readonly isTerminal?: boolean;
}
