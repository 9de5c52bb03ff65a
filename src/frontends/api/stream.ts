/**
 * Streams of a program: each step gives a new stream, and in the end there is the same plan as from pipeline text, for every
 * step is made by its command. Nothing is read before a stream is run, and running is handed in.
 */
import type { Plan } from '../../plan/index.js';
import {
  checkArguments,
  findCommand,
  type NodeDraft,
  type RawOptions,
  readOptions,
} from '../commands/index.js';
import { assemble, pipelineDrafts, timeSaid } from '../pipeline/index.js';
import type { Aggregated, Calls, WindowBounds } from './aggregates.js';
import { type AnyRecord, type Field, fieldText } from './fields.js';
import type { WindowWords } from './windows.js';

/** Event time: the field that holds it, and how far behind the newest record others may come. */
export interface TimeOptions<Row = AnyRecord> {
  readonly time?: Field<Row>;
  readonly delay?: string;
  readonly timeFormat?: string;
  readonly zone?: string;
  readonly maxSkew?: string;
  readonly idle?: string;
}

export interface SourceOptions<Row = AnyRecord> extends TimeOptions<Row> {
  /** json, nginx, nginx:combined, csv, ...; default json. */
  readonly format?: string;
  /** Goes on with what is written to the files. */
  readonly follow?: boolean;
}

export interface JoinOptions {
  /** Names of fields of both, or `left = right`. */
  readonly on: string | readonly string[];
  /** How far apart the event times may be, either way; or `between`: `-5m..10m`; or `window`: `tumble 1h`. */
  readonly within?: string;
  readonly between?: string;
  readonly window?: string;
  /** The other stream holds versions; each record meets the one that is valid at its time. */
  readonly temporal?: boolean;
  /** Any distance in time: records are kept for so long, or `forever`. */
  readonly retention?: string;
  /** By how much windows are moved. */
  readonly offset?: string;
  /** What happens to late records, in windows and with versions: `drop`, `fail` or a file. */
  readonly late?: string;
  readonly kind?: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  readonly prefix?: string;
}

/** How plans are run: handed in by the program. */
export interface Running<Options, Results, Result> {
  results(plan: Plan, options: Options | undefined): Results;
  result(plan: Plan, options: Options | undefined): Promise<Result>;
}

/** A stream that ends in an output. */
export interface Pipeline<Options, Result> {
  plan(): Plan;
  /** Runs it to its end. Rejects with a problem when the plan or its surroundings are at fault. */
  run(options?: Options): Promise<Result>;
}

/**
 * A stream of records of the type Row. Conditions and expressions are those of pipeline text; names of fields are checked
 * where the type is known.
 */
export interface Stream<Row, Options, Result> {
  /** Keeps records for which a condition is true: `status >= 500 and country = 'NO'`. */
  filter(condition: string): Stream<Row, Options, Result>;
  /** Chooses, renames and computes fields: `*, bytes / 1024 as kib`. The type of the result is to be given. */
  select<Selected = AnyRecord>(items: string): Stream<Selected, Options, Result>;
  /** Keeps these fields only. */
  pick<Name extends Field<Row>>(
    ...names: Name[]
  ): Stream<Pick<Row, Extract<Name, keyof Row>>, Options, Result>;
  /** Puts records into windows; behind it stands an aggregate. */
  window(
    shape: WindowWords,
    options?: TimeOptions<Row> & { readonly by?: readonly Field<Row>[] },
  ): Stream<Row & WindowBounds, Options, Result>;
  /** Aggregates by window, if there is one, and key. */
  aggregate<Names extends Calls<Field<Row>>, Key extends Field<Row> = never>(
    calls: Names,
    options?: { readonly by?: readonly Key[] },
  ): Stream<Aggregated<Row, Names, Key>, Options, Result>;
  /** Pairs with records of another stream that have the same key and an event time near to theirs. */
  join<Other>(
    other: Stream<Other, Options, Result>,
    options: JoinOptions,
  ): Stream<Row & Partial<Other>, Options, Result>;
  /** The records of several streams as one. */
  union<Other>(...others: Stream<Other, Options, Result>[]): Stream<Row | Other, Options, Result>;
  /** Any stages of pipeline text: `dedup --by user | top 3 --by n`. The type of the result is to be given. */
  pipe<Behind = AnyRecord>(stages: string): Stream<Behind, Options, Result>;
  /** Ends in a file, a folder or stdout. */
  to(uri: string, options?: { readonly format?: string }): Pipeline<Options, Result>;
  plan(): Plan;
  /** Runs it; the results are there as they come. */
  run(options?: Options): Results<Row, Result>;
  readonly drafts: readonly NodeDraft[];
}

/** The results of a run. Reading begins when they are asked for; leaving the loop ends the run. */
export interface Results<Row, Result> extends AsyncIterable<Row> {
  /** The same as an object stream of Node. */
  stream(): NodeJS.ReadableStream;
  /** All of them, when the input has ended. */
  all(): Promise<Row[]>;
  /** What was counted, once the run has ended. */
  readonly finished: Promise<Result>;
}

type Written = string | boolean | undefined;

/** Options as a command reads them: `maxSkew` is --max-skew. */
function rawOptions(options: Readonly<Record<string, Written>>): RawOptions {
  const raw: Record<string, string | true> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    raw[name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)] = value;
  }
  return raw;
}

/** The drafts of a command behind others. */
function draftsBehind(
  before: readonly NodeDraft[],
  name: string,
  args: readonly string[],
  options: Readonly<Record<string, Written>>,
  others: readonly (readonly NodeDraft[])[] = [],
): readonly NodeDraft[] {
  const spec = findCommand(name)!;
  checkArguments(spec, args);
  const made = spec.toNodes(args, readOptions(spec.options, rawOptions(options)), {
    time: timeSaid(before)?.time,
    stream: (other) => others[Number(other)],
    pipeline: pipelineDrafts,
  });
  return [...before, ...made];
}

/** Streams of a program that runs plans in this way. */
export function createStreams<Options, Result>(
  running: Running<Options, Results<never, Result>, Result>,
): {
  /** A stream of what files, globs or stdin (`-`) hold. Throws problems when the options are wrong. */
  from<Row = AnyRecord>(uri: string, options?: SourceOptions<NoInfer<Row>>): Stream<Row, Options, Result>;
} {
  const asText = (names: readonly string[] | undefined): string | undefined =>
    names?.map(fieldText).join(', ');
  const streamOf = <Row>(drafts: readonly NodeDraft[]): Stream<Row, Options, Result> => {
    const then = <Behind>(
      ...step: Parameters<typeof draftsBehind> extends [unknown, ...infer Rest] ? Rest : never
    ) => streamOf<Behind>(draftsBehind(drafts, ...step));
    return {
      drafts,
      filter: (condition) => then('filter', [condition], {}),
      select: (items) => then('select', [items], {}),
      pick: (...names) => then('select', [asText(names)!], {}),
      window: ({ words }, { by, ...time } = {}) => then('window', words, { ...time, by: asText(by) }),
      aggregate(calls, { by } = {}) {
        const texts = Object.entries(calls).map(([name, { text }]) => `${text} as ${fieldText(name)}`);
        return then('aggregate', [texts.join(', ')], { by: asText(by) });
      },
      join(other, { on, ...options }) {
        const keys = typeof on === 'string' ? on : on.join(', ');
        return then('join', ['0'], { ...options, on: keys }, [other.drafts]);
      },
      union: (...others) =>
        then(
          'union',
          others.map((_, index) => String(index)),
          {},
          others.map((other) => other.drafts),
        ),
      pipe: (stages) => streamOf([...drafts, ...pipelineDrafts(stages)]),
      to(uri, options = {}) {
        const plan = assemble(draftsBehind(drafts, 'to', [uri], { ...options }));
        return { plan: () => plan, run: (how) => running.result(plan, how) };
      },
      plan: () => assemble(drafts),
      run: (options) => running.results(assemble(drafts), options) as Results<Row, Result>,
    };
  };
  return { from: (uri, options = {}) => streamOf(draftsBehind([], 'from', [uri], { ...options })) };
}
