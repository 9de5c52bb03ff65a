/**
 * Builds the operators of a plan into one chain: places front to back (what is known where), then operators back to
 * front, each handed its output. Nothing runs here.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type Builders,
  type Built,
  buildEventTime,
  buildOwnTime,
  buildSaidTime,
  type Operator,
  type Output,
  type Place,
  type PlaceTime,
  type Programs,
  processingTimeField,
  type Services,
  stateless,
  type TableFiles,
} from '../../operators/index.js';
import {
  type Emission,
  type LatePolicy,
  latePolicyOf,
  type NodeId,
  type PhysicalStep,
  type TimeAssignment,
  type WindowShape,
  whyNotBehind,
  whyNotInWindows,
} from '../../plan/index.js';
import { type Batch, createBatch, createLayout, type Layout, scannedColumn } from '../../record/index.js';
import type { Uid } from '../../state/index.js';
import type { StreamLine } from '../../stream/index.js';
import { formFromName } from '../../time/index.js';
import { type AskedField, createAskedFields } from './asked-fields.js';
import type { BatchWatch } from './unseen-fields.js';

/** A chain that is ready to be created: the layout is complete, so the scanner can be made. */
export interface BuiltChain {
  readonly layout: Layout;
  /** The batch that the scanner fills. */
  readonly batch: Batch;
  /** Where the records leave. */
  readonly place: Place;
  /** The same place as something that stands there sees it, and asks for fields. */
  placeFor(step: string): Place;
  /** The first event time that was said, if there is one. */
  readonly time: PlaceTime | undefined;
  /** The operators, each by itself: nothing flows from one to the next. */
  createApart(
    services: (late: LatePolicy, uid: Uid) => Services,
  ): readonly { readonly uid: Uid; readonly operator: Operator }[];
  /** `watch` gives what is to see the batches in which fields are asked for. */
  create(
    end: Output,
    services: (late: LatePolicy, uid: Uid) => Services,
    watch?: (asked: readonly AskedField[]) => BatchWatch | undefined,
  ): {
    readonly head: Operator;
    readonly operators: readonly Operator[];
    /** The same operators with the names of their states: uid or id of the node, for the time of a source `<id>.time`. */
    readonly named: readonly { readonly uid: Uid; readonly operator: Operator }[];
  };
}

/** What is known of the records that come in. */
export interface ChainInput {
  /** The id of the source. */
  readonly source: NodeId;
  /** Whether records are NDJSON lines or a text format's. */
  readonly base: 'line' | 'foreign';
  readonly time: TimeAssignment | undefined;
  readonly stream: StreamLine | undefined;
  readonly bounded: boolean;
  /** The source reads several beside each other, such as the partitions of a topic. */
  readonly isBeside?: boolean;
  /** Files to look things up in; undefined where nothing is run. */
  readonly tables?: TableFiles | undefined;
  /** Programs of the user; undefined where nothing is run. */
  readonly programs?: Programs | undefined;
  /** Builds the event time where it comes beside the records. */
  readonly givenTime?: ((place: Place) => Built) | undefined;
}

interface Part {
  readonly uid: Uid;
  readonly built: Built;
  readonly late: LatePolicy;
}

const dropLate: LatePolicy = { kind: 'drop' };

function timeFromStream(stream: StreamLine | undefined): PlaceTime | undefined {
  if (stream?.time === undefined) return undefined;
  const { field, form, delayMs, said } = stream.time;
  return {
    ...(said === true ? { said } : {}),
    assignment: { field, delayMs },
    cell: { form: form === undefined ? undefined : formFromName(form) },
  };
}

function windowFromStream(stream: StreamLine | undefined): Place['window'] {
  if (stream?.window === undefined) return undefined;
  const { emission, ...shape } = (stream.window ?? {}) as WindowShape & { readonly emission?: Emission };
  if (typeof shape.shape !== 'string') {
    throw problem({ code: 'control-line', message: 'the window on the stream line cannot be understood' });
  }
  return { shape: shape as WindowShape, startField: 'window_start', endField: 'window_end', emission };
}

function firstPlace(input: ChainInput, layout: Layout): Place {
  const { stream } = input;
  return {
    rows: { fields: new Map(), open: true, dropped: new Set(), layout },
    time: undefined,
    key: (stream?.key ?? []).map((name) => ({ name, column: scannedColumn(layout, [name]) })),
    window: windowFromStream(stream),
    ...(input.isBeside === true ? { isBeside: true } : {}),
    bounded: input.bounded,
    tables: input.tables,
    programs: input.programs,
  };
}

/** The window may be in another process, of which the checker of the plan knows nothing. */
function refuseBehindWindow(step: PhysicalStep, { window }: Place): void {
  if (window === undefined) return;
  const { id } = step.kind === 'windowed-aggregate' ? step.window : step;
  const isWindow = step.kind === 'telling-sessions' || step.kind === 'windowed-aggregate';
  const of = isWindow ? 'window' : step.kind;
  const inWindows = whyNotInWindows(of);
  if (inWindows !== undefined) throw problem({ ...inWindows, message: `${id}: ${inWindows.message}` });
  if (window.emission === undefined) return;
  const why = whyNotBehind(of, window.shape, window.emission);
  if (why === undefined) return;
  throw problem({
    code: 'plan',
    message: `${id}: ${why}`,
    hint: 'put an aggregate behind the window, or leave these options out',
  });
}

function buildStep(step: PhysicalStep, place: Place, builders: Builders): Part {
  refuseBehindWindow(step, place);
  if (step.kind === 'windowed-aggregate') {
    const built = builders[step.kind]!(step.window, step.aggregate, place);
    const uid = step.aggregate.uid ?? step.window.uid ?? step.id;
    return { uid, built, late: step.window.late };
  }
  const build = builders[step.kind as keyof Builders] as
    | ((node: PhysicalStep, place: Place) => Built)
    | undefined;
  if (build === undefined) {
    throw problem({
      code: 'plan',
      message: `${step.kind} cannot stand in the middle of a pipeline`,
      hint: 'a source comes first, to comes last',
    });
  }
  return {
    uid: step.uid ?? step.id,
    built: build(step, place),
    late: latePolicyOf(step) ?? dropLate,
  };
}

/** Builds the chain of the steps between the source and the output; `builders` has those of all their kinds. */
export function buildChain(
  steps: readonly PhysicalStep[],
  input: ChainInput,
  builders: Builders,
): BuiltChain {
  const layout = createLayout();
  const asked = createAskedFields();
  let place = firstPlace(input, layout);
  const parts: Part[] = [];
  let time: PlaceTime | undefined;
  const known = timeFromStream(input.stream);
  if (known !== undefined) place = { ...place, time: known };
  const assignment = input.time ?? known?.assignment;
  if (input.givenTime !== undefined) {
    const built = input.givenTime(place);
    parts.push({ uid: `${input.source}.time`, built, late: dropLate });
    place = built.place;
    time = place.time;
  } else if (assignment !== undefined) {
    // Times that no field holds (processing time, numbers of windows) come as watermark lines only.
    const isSaid = assignment.field === processingTimeField;
    // Who says the time of a stream that has one already begins anew.
    const isNew = input.time !== undefined && known !== undefined;
    const build = isNew ? buildOwnTime : buildEventTime;
    const built = isSaid ? buildSaidTime(place) : build(assignment, place);
    parts.push({ uid: `${input.source}.time`, built, late: dropLate });
    place = built.place;
    time = place.time;
  }
  for (const step of steps) {
    const name = step.kind === 'windowed-aggregate' ? 'aggregate' : step.kind;
    const part = buildStep(step, asked.placeFor(name, place), builders);
    parts.push(part);
    place = part.built.place;
    time ??= place.time;
  }
  const batch = createBatch({ base: input.base, dropped: [], fields: [] });
  return {
    layout,
    batch,
    place,
    placeFor: (step) => asked.placeFor(step, place),
    time,
    createApart: (services) =>
      parts.map(({ uid, built, late }) => ({ uid, operator: built.create(nowhere, services(late, uid)) })),
    create: (end, services, watch) =>
      createOperators({ layout, parts, watch: (of) => watch?.(asked.of(of)) }, end, services),
  };
}

/** The parts of a chain front to back, with the columns of what comes in. */
interface ChainParts {
  readonly layout: Layout;
  readonly parts: readonly Part[];
  /** What is to see the batches of a layout. */
  watch(layout: Layout): BatchWatch | undefined;
}

function createOperators(
  { layout, parts, watch }: ChainParts,
  end: Output,
  services: (late: LatePolicy, uid: Uid) => Services,
): ReturnType<BuiltChain['create']> {
  const named: { uid: Uid; operator: Operator }[] = [];
  let output: Output = end;
  for (const [index, { uid, built, late }] of [...parts.entries()].toReversed()) {
    const before = parts[index - 1]?.built.place.rows.layout ?? layout;
    const behind = built.place.rows.layout;
    const seen = behind === before ? output : seenBy(watch(behind), output);
    const operator = built.create(seen, services(late, uid));
    named.unshift({ uid, operator });
    output = outputInto(operator);
  }
  const operators = named.map(({ operator }) => operator);
  const see = watch(layout);
  const [first] = operators;
  const head = first !== undefined && see === undefined ? first : passInto(seenBy(see, output));
  return { head, operators, named };
}

/** An output whose batches something sees first. */
function seenBy(see: BatchWatch | undefined, output: Output): Output {
  if (see === undefined) return output;
  return {
    batch(batch) {
      see(batch);
      output.batch(batch);
    },
    watermark: (time) => output.watermark(time),
  };
}

const nowhere: Output = { batch() {}, watermark() {} };

function outputInto(operator: Operator): Output {
  return {
    batch: (batch) => operator.onBatch(batch),
    watermark: (time) => operator.onWatermark(time),
  };
}

/** The head of a chain that begins with an output. */
function passInto(end: Output): Operator {
  return {
    ...stateless,
    onBatch: (batch) => end.batch(batch),
    onWatermark: (time) => end.watermark(time),
    onEnd() {},
  };
}
