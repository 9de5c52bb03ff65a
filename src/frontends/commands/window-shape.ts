/**
 * The shape of a window from its words: `tumble 1m`, `hop 5m 1m`, `cumulate 1h 10m`, `session 30m`, `count
 * 100 10`.
 */
import { didYouMean, isProblem, problem } from '../../diagnostics/index.js';
import type { WindowShape } from '../../plan/index.js';
import { readDuration } from './options.js';

const forms: Readonly<Record<WindowShape['shape'], readonly string[]>> = {
  tumble: ['SIZE'],
  hop: ['SIZE', 'SLIDE'],
  cumulate: ['MAX', 'STEP'],
  session: ['GAP'],
  count: ['N', '[SLIDE]'],
};

export const shapeNames: readonly string[] = Object.keys(forms);

/** How the shape is written, for usage and hints. */
export function shapeUsage(shape: WindowShape['shape']): string {
  return [shape, ...forms[shape]].join(' ');
}

/** All shapes as they are written. */
export const shapeUsages: readonly string[] = (Object.keys(forms) as WindowShape['shape'][]).map(shapeUsage);

/** Words that other systems have for our shapes. */
const otherWords: Readonly<Record<string, WindowShape['shape']>> = {
  tumbling: 'tumble',
  fixed: 'tumble',
  hopping: 'hop',
  sliding: 'hop',
  slide: 'hop',
  cumulative: 'cumulate',
  sessions: 'session',
};

function isShape(word: string): word is WindowShape['shape'] {
  return Object.hasOwn(forms, word);
}

function sizeOf(what: string, text: string): number {
  try {
    const ms = readDuration(text);
    if (ms > 0) return ms;
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, message: `${what} of a window: ${error.details.message}` });
  }
  throw problem({
    code: 'usage',
    message: `${what} of a window must be more than 0`,
    place: { kind: 'text', text, start: 0, end: text.length },
  });
}

function recordCount(what: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value > 0 && Number.isSafeInteger(value)) return value;
  throw problem({
    code: 'usage',
    message: `${what} of a count window is a whole number of records, at least 1`,
    place: { kind: 'text', text, start: 0, end: text.length },
  });
}

function needMultiple(large: number, small: number, rule: string): void {
  if (large % small !== 0) throw problem({ code: 'usage', message: rule });
}

interface Place {
  readonly offsetMs: number;
  readonly zone?: string;
}

function shapeOf(shape: WindowShape['shape'], sizes: readonly string[], place: Place): WindowShape {
  const [first, second] = sizes;
  switch (shape) {
    case 'tumble':
      return { shape, sizeMs: sizeOf('the size', first!), ...place };
    case 'hop': {
      const sizeMs = sizeOf('the size', first!);
      const slideMs = sizeOf('the slide', second!);
      needMultiple(sizeMs, slideMs, 'the size of a hopping window must be a multiple of its slide');
      return { shape, sizeMs, slideMs, ...place };
    }
    case 'cumulate': {
      const maxMs = sizeOf('the greatest size', first!);
      const stepMs = sizeOf('the step', second!);
      needMultiple(maxMs, stepMs, 'the greatest size of a cumulating window must be a multiple of its step');
      return { shape, maxMs, stepMs, ...place };
    }
    case 'session':
      return { shape, gapMs: sizeOf('the gap', first!) };
    case 'count': {
      const size = recordCount('the size', first!);
      return { shape, size, slide: second === undefined ? size : recordCount('the slide', second) };
    }
  }
}

/**
 * Reads the words of a window. `offsetMs` and `zone` are those of the options, if given. Throws usage
 * problems.
 */
export function windowShape(
  words: readonly string[],
  options: { readonly offsetMs?: number | undefined; readonly zone?: string | undefined },
): WindowShape {
  const [shape, ...sizes] = words as readonly [string, ...string[]];
  if (!isShape(shape)) {
    const near = otherWords[shape.toLowerCase()];
    const hint = near === undefined ? didYouMean(shape, Object.keys(forms)) : `leat says ${shapeUsage(near)}`;
    throw problem({
      code: 'usage',
      message: `unknown window ${shape}`,
      place: { kind: 'text', text: shape, start: 0, end: shape.length },
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const most = forms[shape].length;
  const least = forms[shape].filter((form) => !form.startsWith('[')).length;
  if (sizes.length < least || sizes.length > most) {
    throw problem({
      code: 'usage',
      message: `window ${shape} takes ${most === least ? most : `${least} or ${most}`} after it, not ${sizes.length}`,
      hint: `window ${shapeUsage(shape)}`,
    });
  }
  if ((shape === 'session' || shape === 'count') && options.offsetMs !== undefined) {
    throw problem({ code: 'usage', message: `a ${shape} window has no --offset` });
  }
  return shapeOf(shape, sizes, {
    offsetMs: options.offsetMs ?? 0,
    ...(options.zone === undefined ? {} : { zone: options.zone }),
  });
}
