/**
 * Random questions for property tests: a time, something before the window, a window, an aggregate, and records with
 * disorder, bad ones among them. Small numbers and few keys, so that groups meet.
 */
import fc from 'fast-check';

const base = Date.UTC(2026, 2, 29, 0, 30);

/** Seconds around the hour in which Oslo's clock jumps, out of order by up to a minute. */
const instants = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 7200 }) },
);

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 20 }).map((half) => half / 2) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(1e12) },
);

const word = fc.constantFrom('a', 'b', 'NO', 'ø', 'x"y', '', null, 1, true);

const forms = {
  iso: (ms: number) => new Date(ms).toISOString(),
  'epoch-ms': (ms: number) => ms,
  'epoch-s': (ms: number) => Math.floor(ms / 1000),
  sql: (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19),
} as const;

const recordText = (form: keyof typeof forms) =>
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc
        .record({ at: instants, k: word, v: value, w: value }, { requiredKeys: ['at'] })
        .map(({ at, ...rest }) => JSON.stringify({ ts: forms[form](base + at * 1000), ...rest })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('{"ts":null,"v":1}', '{"v":1}x', '[1]', '{"ts":"soon","v":2}', ''),
    },
  );

const shape = fc.oneof(
  fc.constantFrom(
    'tumble 10s',
    'tumble 7s --offset 3s',
    'tumble 1m --offset -5s',
    'tumble 1d --zone Europe/Oslo',
    'hop 30s 10s',
    'hop 20s 5s --offset 1s',
    'cumulate 1m 20s',
    'cumulate 1d 6h --zone Europe/Oslo',
  ),
  fc.constantFrom(
    'tumble 10s --emit changes',
    'hop 30s 10s --emit changes --allowed-lateness 20s',
    'tumble 10s --allowed-lateness 30s',
    'hop 20s 5s --allowed-lateness 7s',
    'cumulate 30s 10s --allowed-lateness 1m --fill zero',
    'tumble 10s --fill zero',
    'hop 30s 10s --fill zero',
    'tumble 1h --fill zero --zone Europe/Oslo',
    'tumble 30s --emit early 5s',
    'hop 30s 10s --emit early 7s --allowed-lateness 15s',
    'cumulate 1m 20s --emit early 10s --fill zero',
    'tumble 20s --at-most 2',
    'hop 20s 10s --at-most 3',
  ),
  fc.constantFrom(
    'session 5s --by k --emit changes',
    'session 4s --by k --allowed-lateness 20s',
    'session 5s --by k --emit changes --allowed-lateness 7s',
    'session 6s --by k --emit early 5s',
    'session 3s --by k --emit early 4s --allowed-lateness 30s',
    'session 5s --by k --allowed-lateness 1m',
  ),
  fc.constantFrom('session 5s', 'session 12s --by k', 'count 3', 'count 3 --by k', 'count 4 2 --by k', ''),
);

const call = fc.constantFrom(
  'count(*) as n',
  'count(v) as vs',
  'count(distinct v) as kinds',
  'sum(v) as s',
  'sum(v + w) as t',
  'avg(w) as mean',
  'min(v) as least',
  'max(v) as most',
  'first(k) as f',
  'last(k) as l',
  'list(v) as all_v',
  'set(v) as set_v',
  'mode(v) as often',
  'top(v, 2) as best',
  'argmin(k, v) as low',
  'argmax(k, v) as high',
  'sum(v) filter (where w > 0) as positive',
);

const before = fc.constantFrom(
  '',
  'filter v > -3',
  'filter k is not null',
  "filter v > 0 or k = 'a'",
  'select *, v * 2 as w',
  'select ts, k, v, w',
  'select * --drop z',
  'keyby k',
);

/** A question and its records. */
export const question = fc
  .record({
    form: fc.constantFrom<keyof typeof forms>('iso', 'epoch-ms', 'epoch-s', 'sql'),
    delay: fc.constantFrom('', ' --delay 5s', ' --delay 1m'),
    atSource: fc.boolean(),
    before,
    shape,
    calls: fc.uniqueArray(call, { minLength: 1, maxLength: 4 }),
    by: fc.constantFrom('', ' --by k', ' --by k, v'),
    emits: fc.boolean(),
    chunkBytes: fc.constantFrom(1, 7, 100, 65_536),
  })
  .chain((parts) => {
    // The first record settles the form of the times, so it has one.
    const first = JSON.stringify({ ts: forms[parts.form](base), k: 'a', v: 1, w: 2 });
    return fc
      .array(recordText(parts.form), { maxLength: 60 })
      .map((lines) => ({ ...parts, lines: [first, ...lines] }));
  });

/** A question as pipeline text: as a whole, and cut before the aggregate. */
export interface QuestionText {
  readonly front: string;
  readonly back: string;
  readonly whole: string;
}

export function textOf(parts: {
  delay: string;
  atSource: boolean;
  before: string;
  shape: string;
  calls: readonly string[];
  by: string;
  emits?: boolean;
}): QuestionText {
  const time = ` --time ts${parts.delay}`;
  const stages = [`from -${parts.atSource ? time : ''}`];
  if (parts.before !== '') stages.push(parts.before);
  const timed = parts.shape !== '' && !parts.shape.startsWith('count') && !parts.atSource;
  if (parts.shape !== '') stages.push(`window ${parts.shape}${timed ? time : ''}`);
  const canEmit = parts.shape === '' || /^(tumble|hop|cumulate)[^-]*$/.test(parts.shape);
  const emit = parts.emits === true && canEmit ? ' --emit changes' : '';
  // Sessions that are told before they close are aggregated by their own key.
  const by = /^session.*(--emit|--allowed-lateness)/.test(parts.shape) ? '' : parts.by;
  const back = `aggregate ${parts.calls.join(', ')}${by}${emit}`;
  return { front: stages.join(' | '), back, whole: [...stages, back].join(' | ') };
}
