/**
 * Streams of a program: each step gives a new stream, and in the end there is the same plan as from pipeline text, for every
 * step is made by its command. Nothing is read before a stream is run, and running is handed in.
 */
import type { Plan } from '../../plan/index.js';
import { checkArguments, findCommand, type NodeDraft, readOptions } from '../commands/index.js';
import { assemble, pipelineDrafts, timeSaid } from '../pipeline/index.js';
import type { Aggregated, Calls, WindowBounds } from './aggregates.js';
import type {
  AggregateOptions,
  Change,
  Emits,
  EmitWords,
  Given,
  WindowOptions,
  WithChanges,
  WithoutChanges,
} from './emission.js';
import { type AnyRecord, type Field, fieldText } from './fields.js';
import type { ExecOptions, ViaOptions } from './foreign.js';
import type { TimeOptions } from './time-options.js';
import type { WindowWords } from './windows.js';
import { rawOptions, type Written } from './written-options.js';

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
 * where the type is known. `How` is what an aggregate behind a window of it gives: results, or changes.
 */
export interface Stream<Row, Options, Result, How extends Emits = 'results'> {
  /** Keeps records for which a condition is true: `status >= 500 and country = 'NO'`. */
  filter(condition: string): Stream<Row, Options, Result, How>;
  /** Chooses, renames and computes fields: `*, bytes / 1024 as kib`. The type of the result is to be given. */
  select<Selected = AnyRecord>(items: string): Stream<Selected, Options, Result, How>;
  /** Keeps these fields only. */
  pick<Name extends Field<Row>>(
    ...names: Name[]
  ): Stream<Pick<Row, Extract<Name, keyof Row>>, Options, Result, How>;
  /**
   * Puts records into windows; behind it stands an aggregate. It gives the result of a window once, when the window fires.
   * With `emit` it also gives what is not final, and with `allowedLateness` it corrects what it gave: then its records are
   * changes, which begin with `op`. `fill: 'zero'` gives rows of silent keys, `atMost` rows before the end. See
   * docs/emission.md.
   *
   * ```js
   * from('examples/shop.ndjson', { time: 'at' })
   *   .window(tumble('4h'), { emit: 'early 1h' })
   *   .aggregate({ n: count() })
   * // {"op":"+I","window_start":"2026-11-01T08:00:00Z","window_end":"2026-11-01T12:00:00Z","n":132}
   * // {"op":"-U","window_start":"2026-11-01T08:00:00Z","window_end":"2026-11-01T12:00:00Z","n":132}
   * // {"op":"+U","window_start":"2026-11-01T08:00:00Z","window_end":"2026-11-01T12:00:00Z","n":246}
   * // ...
   * ```
   */
  window(
    shape: WindowWords,
    options: WindowOptions<Row> & WithChanges,
  ): Stream<Row & WindowBounds, Options, Result, 'changes'>;
  window(
    shape: WindowWords,
    options?: WindowOptions<Row> & WithoutChanges,
  ): Stream<Row & WindowBounds, Options, Result>;
  window(shape: WindowWords, options: WindowOptions<Row>): Stream<Row & WindowBounds, Options, Result, Emits>;
  /**
   * Aggregates by window, if there is one, and key. With `emit` its records are changes, which begin with `op`; without a
   * window it says every change of the totals.
   *
   * ```js
   * from('examples/orders.ndjson').filter('total > 300').aggregate({ n: count() }, { emit: 'changes' })
   * // {"op":"+I","n":1}
   * // {"op":"-U","n":1}
   * // {"op":"+U","n":2}
   * // ...
   * ```
   */
  aggregate<Names extends Calls<Field<Row>>, Key extends Field<Row> = never>(
    calls: Names,
    options: AggregateOptions<Key> & { readonly emit: EmitWords },
  ): Stream<Change<Aggregated<Row, Names, Key>>, Options, Result>;
  aggregate<Names extends Calls<Field<Row>>, Key extends Field<Row> = never>(
    calls: Names,
    options?: AggregateOptions<Key> & { readonly emit?: undefined },
  ): Stream<Given<Aggregated<Row, Names, Key>, How>, Options, Result>;
  aggregate<Names extends Calls<Field<Row>>, Key extends Field<Row> = never>(
    calls: Names,
    options: AggregateOptions<Key>,
  ): Stream<Given<Aggregated<Row, Names, Key>, Emits>, Options, Result>;
  /** Pairs with records of another stream that have the same key and an event time near to theirs. */
  join<Other>(
    other: Stream<Other, Options, Result>,
    options: JoinOptions,
  ): Stream<Row & Partial<Other>, Options, Result>;
  /** The records of several streams as one. */
  union<Other>(...others: Stream<Other, Options, Result>[]): Stream<Row | Other, Options, Result>;
  /**
   * Sends the records through another program, which reads NDJSON and writes NDJSON: the program and its arguments, which
   * no shell reads. Event time and windows hold behind it, unless `untimed` is said. The type of what it gives is to be
   * given; a run rejects when the program fails. See docs/foreign.md.
   *
   * ```js
   * from('examples/clicks.ndjson')
   *   .via(['grep', '-F', '/checkout'], { ok: [0, 1] })
   *   .aggregate({ n: count() })
   * // {"n":50}
   * ```
   */
  via<Behind = AnyRecord>(
    command: readonly string[],
    options: ViaOptions & { readonly untimed: true },
  ): Stream<Behind, Options, Result>;
  via<Behind = AnyRecord>(
    command: readonly string[],
    options?: ViaOptions,
  ): Stream<Behind, Options, Result, How>;
  /**
   * Runs a command for each record, which is on its stdin, or for each window. `{field}` in an argument is the value of a
   * field. With `as` the record goes on, with what was printed as a text in that field; without it what was printed are
   * the records, without event time, and their type is to be given. A record whose command fails is refused. See
   * docs/foreign.md.
   *
   * ```js
   * from('examples/orders.ndjson')
   *   .filter('order < 1003')
   *   .pick('order', 'user')
   *   .exec(['expr', '{order}', '-', '1000'], { as: 'number', jobs: 2 })
   * // {"order":1001,"user":"u5","number":"1"}
   * // {"order":1002,"user":"u39","number":"2"}
   * ```
   */
  exec<As extends string>(
    command: readonly string[],
    options: ExecOptions & { readonly as: As; readonly per?: 'record' },
  ): Stream<Omit<Row, As> & Readonly<Record<As, string>>, Options, Result, How>;
  exec<Behind = AnyRecord>(
    command: readonly string[],
    options?: ExecOptions & { readonly as?: undefined },
  ): Stream<Behind, Options, Result>;
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
  const streamOf = <Row, How extends Emits = 'results'>(
    drafts: readonly NodeDraft[],
  ): Stream<Row, Options, Result, How> => {
    // What is behind a step has the type that the interface says of it: a step of several forms has several.
    const then = (
      ...step: Parameters<typeof draftsBehind> extends [unknown, ...infer Rest] ? Rest : never
    ): never => streamOf(draftsBehind(drafts, ...step)) as never;
    return {
      drafts,
      filter: (condition) => then('filter', [condition], {}),
      select: (items) => then('select', [items], {}),
      pick: (...names) => then('select', [asText(names)!], {}),
      window: ({ words }: WindowWords, { by, ...options }: WindowOptions<Row> = {}) =>
        then('window', words, { ...options, by: asText(by) }),
      aggregate(calls: Calls<string>, { by, emit }: AggregateOptions<string> = {}) {
        const texts = Object.entries(calls).map(([name, { text }]) => `${text} as ${fieldText(name)}`);
        return then('aggregate', [texts.join(', ')], { by: asText(by), emit });
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
      via: (command: readonly string[], options: ViaOptions = {}) => then('via', command, { ...options }),
      exec: (command: readonly string[], options: ExecOptions & { readonly as?: string | undefined } = {}) =>
        then('exec', command, { ...options }),
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
