/**
 * The records of keys that coming frames may hold, as entries say them: the values that aggregates take in, in the order of
 * the records.
 */

import { isPlainObject, type Plain, type PlainObject, wrongEntry } from '../entry.js';
import { timeOfPlain } from '../entry-record.js';
import {
  arrayOfPlain,
  countOfPlain,
  notPlain,
  plainValue,
  valueOfPlain,
} from '../keyed-cells/plain-things.js';
import type { KeySlide } from './bounded.js';
import type { Folding, Values } from './folding.js';
import type { FrameEditing, FrameEditor, ShownFrame } from './frames.js';
import { append, createSlide, type Kept } from './sliding.js';

/** `first` is how many records of the key there were before those that are kept. */
export const keptFrameMembers = ['first', 'kept'] as const;

const plainKept = ({ arrival, time, values }: Kept): PlainObject => ({
  number: arrival,
  time,
  values: values.map(plainValue),
});

export function* showSlides(slides: Iterable<KeySlide>): Generator<ShownFrame> {
  for (const { key, first, gone, kept } of slides) {
    const records = kept.slice(gone);
    yield { key, value: records.length, state: () => ({ first, kept: records.map(plainKept) }) };
  }
}

export function valuesOfPlain(plain: Plain | undefined, folding: Folding): Values {
  return arrayOfPlain(plain, folding.arguments).map(valueOfPlain);
}

/** A record before all are known. */
type Draft = Omit<Kept, 'arrival'> & { readonly arrival: number | undefined };

function draftsOf(plain: Plain, folding: Folding, { numbers }: FrameEditing): readonly Draft[] {
  const drafts = arrayOfPlain(plain).map((one): Draft => {
    if (!isPlainObject(one)) throw notPlain('a kept record: {"number":...,"time":...,"values":[...]}', one);
    const values = valuesOfPlain(one['values'], folding);
    return { arrival: numbers.take(one['number']), time: timeOfPlain(one['time']), values };
  });
  if (drafts.length === 0) throw wrongEntry('it keeps no records', 'leave kept and first out');
  if (drafts.every(({ time }, index) => index === 0 || drafts[index - 1]!.time <= time)) return drafts;
  throw wrongEntry('what it keeps is not in the order of times', 'put the records into the order of time');
}

/** Replaces the slides; a key is forgotten so long after its last record. */
export function editSlides(
  folding: Folding,
  editing: FrameEditing,
  forgottenAfterMs: number,
  replace: (slides: readonly KeySlide[]) => void,
): FrameEditor {
  const all = new Map<string, { readonly first: number; readonly drafts: readonly Draft[] }>();
  return {
    add(key, { first = 0, kept }) {
      if (kept === undefined) return undefined;
      const drafts = draftsOf(kept, folding, editing);
      if (drafts.at(-1)!.time + forgottenAfterMs < editing.watermark) {
        throw wrongEntry('what it keeps is older than any coming frame', 'take kept and first out');
      }
      all.set(key, { first: countOfPlain(first), drafts });
      return { value: drafts.length };
    },
    lastTime: (key) => all.get(key)?.drafts.at(-1)?.time ?? Number.NEGATIVE_INFINITY,
    finish() {
      const slides = Array.from(all, ([key, { first, drafts }]): KeySlide => {
        const slide = { ...createSlide(first), key };
        for (const draft of drafts) {
          append(slide, { ...draft, arrival: draft.arrival ?? editing.numbers.next() });
        }
        return slide;
      });
      replace(slides);
    },
  };
}
