/** What flows between operators: a closed union. A batch is reused by its producer; see record/batch. */
import type { Batch } from '../record/index.js';

export type Element =
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** No more records with time <= `time` (epoch ms) are expected; +Infinity at the end of bounded input. */
  | { readonly kind: 'watermark'; readonly time: number }
  | { readonly kind: 'barrier'; readonly checkpoint: number }
  | { readonly kind: 'end' };
