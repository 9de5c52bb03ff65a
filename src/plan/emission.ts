/**
 * When a window gives results, besides once when it fires: provisional ones, corrections for records that come late, rows
 * for keys that were silent, and rows before the end for groups that are full. Said at the window, from where it travels
 * with the records, or at the aggregate.
 */
import { formatDuration } from '../time/index.js';

/** Results before they are final: every change, or what has changed each time that the watermark has gone on so far. */
export type Emit = { readonly kind: 'changes' } | { readonly kind: 'early'; readonly everyMs: number };

export interface Emission {
  readonly emit?: Emit;
  /** For how long a window that has fired takes records and corrects its results. */
  readonly latenessMs?: number;
  /** Keys that were seen have a row in every window, with or without records. */
  readonly fill?: 'zero';
  /** A group gives its row at so many records, and begins anew. */
  readonly atMost?: number;
}

/** What holds for an aggregate behind a window; undefined when results come once, when the window fires. */
export function emissionOf(window: Emission | undefined, emit: Emit | undefined): Emission | undefined {
  if (emit === undefined) return window;
  return { ...window, emit };
}

/** Whether results may be corrected, so that they are changes. */
export function isUpdating(emission: Emission | undefined): boolean {
  return emission?.emit !== undefined || emission?.latenessMs !== undefined;
}

/** `early every 10s, corrected for 1m`; each part as people say it. */
export function emissionTexts({ emit, latenessMs, fill, atMost }: Emission): readonly string[] {
  return [
    ...(emit?.kind === 'changes' ? ['every change'] : []),
    ...(emit?.kind === 'early' ? [`early every ${formatDuration(emit.everyMs)}`] : []),
    ...(latenessMs === undefined ? [] : [`corrected for ${formatDuration(latenessMs)}`]),
    ...(fill === undefined ? [] : ['zero for keys without records']),
    ...(atMost === undefined ? [] : [`at most ${atMost} records a row`]),
  ];
}
