/**
 * What is known of the records that leave each node: fields, event time, key, window, whether the input can go on for
 * ever. The checker and explain read it; it is worked out from the plan alone and says "open" where a schema is not
 * known, so that it never refuses a question that could be answered.
 */
import { barePath } from '../expression/index.js';
import { type Changes, changeField, makesPlain } from './changelog.js';
import { emissionOf, isUpdating } from './emission.js';
import { windowFields } from './names.js';
import { hasNoEnd } from './nodes/from.js';
import type {
  AggregateNode,
  FormatChoice,
  GenNode,
  JoinNode,
  LookupNode,
  NodeId,
  NodeKind,
  PlanNode,
  SelectNode,
  TimeAssignment,
  WindowNode,
} from './nodes/index.js';
import type { Plan } from './plan.js';

/**
 * The top-level fields of records: `names` are there; when `open`, so may be any other that is not
 * `dropped`.
 */
export interface KnownFields {
  readonly open: boolean;
  readonly names: readonly string[];
  readonly dropped: readonly string[];
}

export interface Flow {
  readonly fields: KnownFields;
  readonly time?: TimeAssignment | undefined;
  /** Whether the records certainly carry event time, if only that of a default field. */
  readonly timed: boolean;
  /** Field names of the key said upstream; empty for none. */
  readonly key: readonly string[];
  /** The window that the records are in. */
  readonly window?: WindowNode | undefined;
  /** The source never ends. A pipe may. */
  readonly endless: boolean;
  /** Whether the records are changes to results that are not final, and how they come; undefined: they stay. */
  readonly changes?: Changes | undefined;
  /** Whether records of several inputs come without event time, in no order that could be relied on. */
  readonly mixed?: boolean;
  /** Whether a stage in another process may have said time, key and window. */
  readonly piped: boolean;
}

/** What the formats room knows: the fields that a format always gives, or undefined. Handed in. */
export type FormatFields = (format: FormatChoice) => readonly string[] | undefined;

const openFields: KnownFields = { open: true, names: [], dropped: [] };

function closed(names: readonly string[]): KnownFields {
  return { open: false, names, dropped: [] };
}

function withNames(
  fields: KnownFields,
  added: readonly string[],
  dropped: readonly string[] = [],
): KnownFields {
  const kept = fields.names.filter((name) => !added.includes(name) && !dropped.includes(name));
  const gone = fields.dropped.filter((name) => !added.includes(name));
  return { open: fields.open, names: [...kept, ...added], dropped: [...gone, ...dropped] };
}

/** Whether the fields certainly hold no field of this name. */
export function lacks(fields: KnownFields, name: string): boolean {
  if (fields.names.includes(name)) return false;
  return !fields.open || fields.dropped.includes(name);
}

/** Whether a generator makes lines of text and not records. */
export function makesText(node: GenNode): boolean {
  return node.dataset === 'access-log';
}

function ofFormat(format: FormatChoice, formatFields: FormatFields): KnownFields {
  const names = formatFields(format);
  return names === undefined ? openFields : closed(names);
}

/** The event time behind a select: under the name that its field has then, if it is still there. */
function timeBehind(time: TimeAssignment, node: SelectNode): TimeAssignment | undefined {
  const path = JSON.stringify(barePath(time.field));
  const item = node.items.find(({ expression }) => JSON.stringify(barePath(expression)) === path);
  if (item !== undefined) return { ...time, field: item.name };
  const top = String(barePath(time.field)?.[0] ?? time.field);
  const lost = !node.star || node.drop.includes(top) || node.items.some(({ name }) => name === top);
  return lost ? undefined : time;
}

/** A field of the table that the record has already gets the prefix; without a list, nobody knows what the table has. */
function fieldsBehindLookup({ fields: listed, prefix }: LookupNode, fields: KnownFields): KnownFields {
  if (listed === undefined) return { open: true, names: fields.names, dropped: [] };
  const names = listed.map(({ name }) => name);
  const clashing = names.filter((name) => !lacks(fields, name)).map((name) => `${prefix}${name}`);
  return withNames(fields, [...names, ...clashing]);
}

/** Behind a node that uses a window up, or that gives its records at the end of the input. */
function plainFlow(input: Flow): Flow {
  const isTimed = input.window === undefined ? carriesBounds(input) : input.window.window.shape !== 'count';
  if (!isTimed) return withoutTime(input);
  return { ...input, time: { field: 'window_end', delayMs: 0 }, timed: true, key: [], window: undefined };
}

function withoutTime(input: Flow): Flow {
  return { ...input, time: undefined, timed: false, key: [], window: undefined };
}

/** Whether the records are certainly results of windows. */
export function carriesBounds({ fields, timed, window }: Flow): boolean {
  return window === undefined && timed && windowFields.every((name) => fields.names.includes(name));
}

/** How much longer than its inputs the output of a join waits: its time is that of the left record. */
export function joinDelayMs({ join, match }: JoinNode): number {
  if (match.by === 'window' || match.by === 'regular') return 0;
  // A left record leaves when the watermark has passed its time.
  if (match.by === 'temporal') return 1;
  const forRight = join === 'right' || join === 'full' ? -match.lowerMs : 0;
  // A partner may come when the watermark stands at its time; a watermark at that of the left record would make it late.
  return Math.max(0, match.upperMs, forRight) + 1;
}

/** Whether a join takes records back that left alone. */
function takesBack({ join, match }: JoinNode): boolean {
  return match.by === 'regular' && join !== 'inner' && join !== 'semi';
}

/** Whether a join goes by event time. */
export function needsTime({ match }: JoinNode): boolean {
  return match.by !== 'regular' || match.retentionMs !== undefined;
}

/** What a regular join gives: a partner may come at any time, so the records have none. */
function regularJoinFlow(node: JoinNode, joined: Flow): Flow {
  const plain = { ...withoutTime(joined), mixed: !joined.timed && !joined.piped };
  if (!takesBack(node)) return plain;
  return { ...plain, changes: 'single', fields: withNames(plain.fields, [changeField]) };
}

/** What leaves a join: in windows the watermark is said, and the time is that of no field. */
function flowByMatch(node: JoinNode, joined: Flow): Flow {
  const { id, inputs, match } = node;
  if (match.by === 'regular') return regularJoinFlow(node, joined);
  if (match.by !== 'window') return joined;
  const { window, late } = match;
  return {
    ...joined,
    fields: withNames(joined.fields, windowFields),
    time: undefined,
    timed: true,
    window: { kind: 'window', id, inputs, window, processingTime: false, by: [], late },
  };
}

/** Of the right records only some names are known, so that any may be there. */
function joinFlow(node: JoinNode, left: Flow): Flow {
  const { time } = left;
  const isLeftAlone = node.join === 'semi' || node.join === 'anti';
  return flowByMatch(node, {
    ...left,
    fields: isLeftAlone ? left.fields : { open: true, names: left.fields.names, dropped: [] },
    time: time === undefined ? undefined : { ...time, delayMs: time.delayMs + joinDelayMs(node) },
    key: [],
    window: undefined,
  });
}

/** Behind a node that may leave out one of a pair of changes, or put something between them. */
function singly(input: Flow): Flow {
  return input.changes === undefined ? input : { ...input, changes: 'single' };
}

/** Whether an aggregate gives changes. */
function changesOf({ emit }: AggregateNode, { window }: Flow): Changes | undefined {
  return isUpdating(emissionOf(window?.emission, emit)) ? 'pairs' : undefined;
}

type Step<Node> = (node: Node, input: Flow, formatFields: FormatFields) => Flow;
type NodeOf<Kind extends NodeKind> = Extract<PlanNode, { kind: Kind }>;

const steps: { readonly [Kind in NodeKind]: Step<NodeOf<Kind>> } = {
  from: (node, _input, formatFields) => ({
    fields: ofFormat(node.format, formatFields),
    time: node.time,
    timed: node.time !== undefined,
    key: [],
    endless: hasNoEnd(node),
    piped: node.uris.includes('-'),
  }),
  gen: (node) => ({
    fields: openFields,
    time: node.time,
    timed: node.time !== undefined,
    key: [],
    endless: node.count === undefined,
    piped: false,
  }),
  parse: (node, input, formatFields) => ({ ...input, fields: ofFormat(node.format, formatFields) }),
  filter: (_node, input) => singly(input),
  select: (node, input) => {
    const names = node.items.map(({ name }) => name);
    const time = input.time === undefined ? undefined : timeBehind(input.time, node);
    // Records in a window keep their time, which the watermark says.
    const timed =
      input.timed && (input.time === undefined || time !== undefined || input.window !== undefined);
    return {
      ...input,
      time,
      timed,
      changes: makesPlain(node) ? undefined : input.changes,
      fields: node.star ? withNames(input.fields, names, node.drop) : closed(names),
    };
  },
  flatten: (node, input) => {
    const names = node.index === undefined ? [node.as] : [node.as, node.index];
    return { ...singly(input), fields: withNames(input.fields, names) };
  },
  lookup: (node, input) => ({ ...input, fields: fieldsBehindLookup(node, input.fields) }),
  keyby: (node, input) => ({ ...input, key: node.keys.map(({ name }) => name) }),
  window: (node, input) => ({
    ...input,
    fields: withNames(input.fields, windowFields),
    time: node.processingTime ? undefined : (node.time ?? input.time),
    timed: !node.processingTime && node.window.shape !== 'count',
    key: node.by.length > 0 ? node.by.map(({ name }) => name) : input.key,
    window: node,
  }),
  aggregate: (node, input) => {
    const keys = node.by.length > 0 ? node.by.map(({ name }) => name) : input.key;
    const bounds = input.window === undefined ? [] : windowFields;
    const changes = changesOf(node, input);
    const op = changes === undefined ? [] : [changeField];
    const fields = closed([...op, ...bounds, ...keys, ...node.calls.map(({ name }) => name)]);
    // Behind a pipe the key and the window may have been said by a stage that this plan does not see.
    return {
      ...input,
      fields: input.piped ? { ...fields, open: true } : fields,
      key: [],
      window: undefined,
      changes,
    };
  },
  dedup: (node, input) => {
    if (input.window !== undefined) return plainFlow(input);
    if (node.withinMs === undefined) return node.keep === 'first' ? input : withoutTime(input);
    const time = node.time ?? input.time;
    const delayMs = (time?.delayMs ?? 0) + (node.keep === 'last' ? node.withinMs : 0);
    return { ...input, time: time === undefined ? undefined : { ...time, delayMs }, timed: true };
  },
  sort: (node, input) => {
    if (node.by.length > 0) return { ...plainFlow(input), key: input.key };
    return { ...input, time: node.time ?? input.time, timed: true };
  },
  fill: (_node, input) => ({ ...input, time: undefined, timed: false }),
  over: (node, input) => {
    const names = node.calls.map(({ name }) => name);
    const time = node.time ?? input.time;
    // What has left is a millisecond behind, for others of its time may have come.
    const behind = time === undefined ? undefined : { ...time, delayMs: time.delayMs + 1 };
    return { ...input, fields: withNames(input.fields, names), time: behind, timed: true };
  },
  join: (node, left) => joinFlow(node, left),
  top: (node, input) => (node.overall ? withoutTime(input) : plainFlow(input)),
  'head-by-key': (_node, input) => (input.window === undefined ? input : plainFlow(input)),
  sample: ({ size }, input) => {
    if (size.kind === 'share') return input;
    return input.window === undefined ? withoutTime(input) : plainFlow(input);
  },
  union: (_node, input) => input,
  process: (_node, input) => ({ ...withoutTime(input), fields: openFields }),
  tee: (_node, input) => input,
  exec: (node, input) => {
    const { as } = node;
    if (as !== undefined) return { ...input, fields: withNames(input.fields, [as]) };
    return { ...withoutTime(input), fields: openFields };
  },
  via: (node, input) => {
    const fields = openFields;
    return node.untimed ? { ...withoutTime(input), fields } : { ...input, fields };
  },
  to: (_node, input) => input,
};

const nothing: Flow = { fields: openFields, timed: false, key: [], endless: false, piped: false };

/** What leaves each node, by id. `formatFields` tells the fields of text formats where they are known. */
export function flowOf(plan: Plan, formatFields: FormatFields = () => undefined): ReadonlyMap<NodeId, Flow> {
  const flows = new Map<NodeId, Flow>();
  for (const node of plan.nodes) {
    const step = steps[node.kind] as Step<PlanNode>;
    flows.set(node.id, step(node, inputFlow(node, flows), formatFields));
  }
  return flows;
}

/** What is known of records that come from one of several places. */
function mixedFlow(inputs: readonly Flow[]): Flow {
  const [first] = inputs as [Flow];
  const everywhere = (name: string): boolean => inputs.every(({ fields }) => fields.names.includes(name));
  const names = first.fields.names.filter(everywhere);
  const isSame = inputs.every(({ fields }) => !fields.open && fields.names.length === names.length);
  const timed = inputs.every((flow) => flow.timed);
  const isKeyed = inputs.every(({ key }) => key.join() === first.key.join());
  const piped = inputs.some((flow) => flow.piped);
  const delayMs = Math.max(...inputs.map(({ time }) => time?.delayMs ?? 0));
  return {
    fields: { open: !isSame, names, dropped: [] },
    time: timed && first.time !== undefined ? { ...first.time, delayMs } : undefined,
    timed,
    key: isKeyed ? first.key : [],
    endless: inputs.some((flow) => flow.endless),
    changes: inputs.every(({ changes }) => changes !== undefined) ? 'single' : undefined,
    mixed: !timed && !piped,
    piped,
  };
}

/** The left input of a join, with what is true of both. */
function leftFlow(inputs: readonly Flow[]): Flow {
  const [left] = inputs as [Flow];
  const delayMs = Math.max(...inputs.map(({ time }) => time?.delayMs ?? 0));
  return {
    ...left,
    time: left.time === undefined ? undefined : { ...left.time, delayMs },
    endless: inputs.some((flow) => flow.endless),
    piped: inputs.some((flow) => flow.piped),
  };
}

/** What flows into a node from each of its inputs. */
export function inputFlows(node: PlanNode, flows: ReadonlyMap<NodeId, Flow>): readonly Flow[] {
  return node.inputs.map((input) => flows.get(input) ?? nothing);
}

/** What flows into a node, all inputs taken together; for a source, nothing is known. */
export function inputFlow(node: PlanNode, flows: ReadonlyMap<NodeId, Flow>): Flow {
  const inputs = inputFlows(node, flows);
  if (inputs.length < 2) return inputs[0] ?? nothing;
  return node.kind === 'join' ? leftFlow(inputs) : mixedFlow(inputs);
}
