/**
 * The windows that follow from the time alone, as data, and the one rule they all rest on: where a tumbling
 * window starts. Windows are [start, end) in epoch ms. Sessions and counts depend on state and are not here.
 */
/** The shapes whose windows follow from the time alone. Durations in ms; the offset may be negative. */
export type AlignedShape =
  | { readonly shape: 'tumble'; readonly sizeMs: number; readonly offsetMs: number; readonly zone?: string }
  | {
      readonly shape: 'hop';
      readonly sizeMs: number;
      readonly slideMs: number;
      readonly offsetMs: number;
      readonly zone?: string;
    }
  | {
      readonly shape: 'cumulate';
      readonly maxMs: number;
      readonly stepMs: number;
      readonly offsetMs: number;
      readonly zone?: string;
    };

/** Assigns times to windows; made by createAssigner. */
export interface WindowAssigner {
  /** The most windows that one time can be in: how long `starts` and `ends` must be. */
  readonly most: number;
  /** Writes the windows of a time (epoch ms) and returns how many they are. */
  assign(time: number, starts: Float64Array, ends: Float64Array): number;
}

/** The start of the tumbling window of a time: the greatest offset + k * size that is not after it. */
export function tumbleStart(time: number, sizeMs: number, offsetMs: number): number {
  const remainder = (time - offsetMs) % sizeMs;
  return time - (remainder < 0 ? remainder + sizeMs : remainder);
}
