/** Shapes of windows in a program. Durations are texts: `10s`, `1h30m`. */

/** The words of a window as the command has them. */
export interface WindowWords {
  readonly words: readonly string[];
}

/** Windows of one size, one behind the other. */
export const tumble = (size: string): WindowWords => ({ words: ['tumble', size] });
/** Windows of a size that begin every `slide`, and overlap where that is less. */
export const hop = (size: string, slide: string): WindowWords => ({ words: ['hop', size, slide] });
/** Windows that grow by a step up to a size, and begin anew. */
export const cumulate = (most: string, step: string): WindowWords => ({ words: ['cumulate', most, step] });
/** Windows that end when nothing comes for so long. */
export const session = (gap: string): WindowWords => ({ words: ['session', gap] });
/** Windows of so many records. */
export const countOf = (records: number, slide = records): WindowWords => ({
  words: ['count', String(records), ...(slide === records ? [] : [String(slide)])],
});
