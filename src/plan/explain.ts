/**
 * The plan as a tree for people: from what is written back to what is read, each node with its id, what it
 * does, and the event time, key and window that hold there. For programs there is the plan file.
 */
import { formatDuration } from '../time/index.js';
import { emissionOf, emissionTexts } from './emission.js';
import type { NamedExpression } from './expression-text.js';
import { carriesBounds, type Flow, flowOf } from './flow.js';
import type {
  AggregateCall,
  FolderLayout,
  FormatChoice,
  JoinMatch,
  LatePolicy,
  NodeId,
  NodeKind,
  OverFrame,
  PlanNode,
  TimeAssignment,
  ViaSettle,
  WindowShape,
} from './nodes/index.js';
import type { Plan } from './plan.js';

function itemText({ name, expression }: NamedExpression): string {
  return name === expression ? name : `${name} = ${expression}`;
}

function itemTexts(items: readonly NamedExpression[]): string {
  return items.map(itemText).join(', ');
}

function formatText(format: FormatChoice): string {
  const pattern = format.pattern === undefined ? '' : ` ${format.pattern}`;
  const columns = format.columns === undefined ? '' : ` (${format.columns.join(', ')})`;
  return `${format.name === 'json' ? 'NDJSON' : format.name}${pattern}${columns}`;
}

function alignment(shape: { readonly offsetMs: number; readonly zone?: string }): string {
  const sign = shape.offsetMs < 0 ? '-' : '';
  const offset = shape.offsetMs === 0 ? '' : `, offset ${sign}${formatDuration(Math.abs(shape.offsetMs))}`;
  return offset + (shape.zone === undefined ? '' : ` in ${shape.zone}`);
}

/** A window in words: `tumbling windows of 1m`. */
export function windowText(shape: WindowShape): string {
  switch (shape.shape) {
    case 'tumble':
      return `tumbling windows of ${formatDuration(shape.sizeMs)}${alignment(shape)}`;
    case 'hop':
      return `windows of ${formatDuration(shape.sizeMs)} every ${formatDuration(shape.slideMs)}${alignment(shape)}`;
    case 'cumulate':
      return `windows growing by ${formatDuration(shape.stepMs)} up to ${formatDuration(shape.maxMs)}${alignment(shape)}`;
    case 'session':
      return `sessions with gaps of ${formatDuration(shape.gapMs)}`;
    case 'count':
      return `windows of ${shape.size} records${shape.slide === shape.size ? '' : ` every ${shape.slide}`}`;
  }
}

function timeText(time: TimeAssignment): string {
  const parts = [`${time.field}, delay ${formatDuration(time.delayMs)}`];
  if (time.format !== undefined) parts.push(`format ${time.format}`);
  if (time.zone !== undefined) parts.push(`zone ${time.zone}`);
  if (time.maxSkewMs !== undefined) parts.push(`max skew ${formatDuration(time.maxSkewMs)}`);
  if (time.idleMs !== undefined) parts.push(`idle after ${formatDuration(time.idleMs)}`);
  return parts.join(', ');
}

/** A distance in time with its sign. */
function signed(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;
}

function lateText(late: LatePolicy): string {
  if (late.kind === 'drop') return 'counted and left out';
  return late.kind === 'fail' ? 'fail' : `kept in ${late.path}`;
}

/** Where late records are the exception, only what was asked for is said. */
function lateTexts(late: LatePolicy | undefined): readonly string[] {
  return late === undefined ? [] : [`late records: ${lateText(late)}`];
}

function callText(call: AggregateCall): string {
  const inside = call.arguments.length === 0 && call.function === 'count' ? '*' : call.arguments.join(', ');
  const filter = call.filter === undefined ? '' : ` filter (where ${call.filter})`;
  return `${call.name} = ${call.function}(${call.distinct ? 'distinct ' : ''}${inside})${filter}`;
}

function frameText(frame: OverFrame): string {
  if (frame.kind === 'rows') {
    return frame.count === undefined
      ? 'it and the records before it'
      : `the last ${frame.count} records up to it`;
  }
  return frame.rangeMs === undefined
    ? 'the records up to its time'
    : `the records from ${formatDuration(frame.rangeMs)} before its time`;
}

function folderTexts({ rollBytes, rollMs, partition, zone }: FolderLayout): readonly string[] {
  const parts = `parts of ${rollBytes} bytes or ${formatDuration(rollMs)}`;
  if (partition === undefined) return [parts];
  return [parts, `partitions: ${partition}${zone === undefined ? '' : ` in ${zone}`}`];
}

function matchText(match: JoinMatch): string {
  switch (match.by) {
    case 'interval':
      return `the right record from ${signed(match.lowerMs)} to ${signed(match.upperMs)} of the left one`;
    case 'window':
      return `both in the same of ${windowText(match.window)}`;
    case 'regular':
      return match.retentionMs === undefined
        ? 'records are kept for ever'
        : `records are kept for ${formatDuration(match.retentionMs)}`;
    case 'temporal':
      return 'the right record is the last one that is not after the left one';
  }
}

type NodeOf<Kind extends NodeKind> = Extract<PlanNode, { kind: Kind }>;

const settleTexts: Readonly<Record<ViaSettle, string>> = {
  restart: 'it is ended in front of each and started again behind it',
  count: 'it gives one line for each line, which are counted',
  mark: 'a mark is sent through it for each',
};

const sentences: { readonly [Kind in NodeKind]: (node: NodeOf<Kind>, flow: Flow) => readonly string[] } = {
  from: (node) => [
    `${node.follow === true ? 'follows' : 'reads'} ${node.uris.map((uri) => (uri === '-' ? 'stdin' : uri)).join(', ')} as ${formatText(node.format)}`,
  ],
  gen: (node) => [
    `makes ${node.count ?? 'endless'} records of ${node.dataset}, seed ${node.seed}` +
      (node.ratePerSecond === undefined ? '' : `, ${node.ratePerSecond} a second`),
  ],
  parse: (node) => [`parses lines as ${formatText(node.format)}`],
  filter: (node) => [`keeps records where ${node.condition}`],
  select: (node) => [
    `makes records of ${[node.star ? '*' : '', itemTexts(node.items)].filter((text) => text !== '').join(', ')}` +
      (node.drop.length === 0 ? '' : ` without ${node.drop.join(', ')}`),
  ],
  flatten: (node) => [
    `makes a record of each element of ${node.field} as ${node.as}` +
      (node.index === undefined ? '' : `, position in ${node.index}`) +
      (node.keepEmpty ? ', keeping empty ones' : ''),
  ],
  lookup: (node) => [
    `adds ${node.fields === undefined ? 'the fields' : itemTexts(node.fields)} of ${node.file}, ${formatText(node.format)}, ` +
      `where ${node.on.map(({ expression, field }) => `${expression} = ${field}`).join(' and ')}`,
    node.join === 'left' ? 'records without a row: with nulls' : 'records without a row: left out',
    `fields that are there already: as ${node.prefix}...`,
  ],
  keyby: (node) => [`says the key: ${itemTexts(node.keys)}`],
  window: (node) => [
    windowText(node.window) + (node.processingTime ? ' by the clock' : ''),
    `late records: ${lateText(node.late)}`,
  ],
  aggregate: (node, flow) => {
    const keys = flow.key.length > 0 && node.by.length === 0 ? flow.key.join(', ') : itemTexts(node.by);
    const groups = [flow.window === undefined ? '' : 'window', keys]
      .filter((text) => text !== '')
      .join(' and ');
    const atEnd = flow.window === undefined && !flow.piped ? ', at the end of the input' : '';
    const emission = emissionOf(flow.window?.emission, node.emit);
    const when = emission === undefined ? atEnd : `; results: ${emissionTexts(emission).join(', ')}`;
    return [
      `aggregates ${groups === '' ? 'all records' : `by ${groups}`}${when}`,
      ...node.calls.map(callText),
      ...(node.maxGroups === undefined ? [] : [`at most ${node.maxGroups} groups`]),
    ];
  },
  sort: (node) =>
    node.by.length > 0
      ? [
          `sorts all records by ${itemTexts(node.by)}${node.descending ? ', the greatest first' : ''}, at the end of the input`,
        ]
      : ['sorts records by event time', `late records: ${lateText(node.late)}`],
  fill: (node, flow) => {
    const keys = node.by.length > 0 ? itemTexts(node.by) : flow.key.join(', ');
    const step = node.everyMs === undefined ? 'the length of a window' : formatDuration(node.everyMs);
    const value = { zero: '0', previous: 'the values before', null: 'null', linear: 'numbers on a line' };
    return [
      `puts records in where ${keys === '' ? 'there is none' : `a ${keys} has none`} for longer than ${step}, with ${value[node.value]}`,
      ...(node.maxGapMs === undefined ? [] : [`gaps of more than ${formatDuration(node.maxGapMs)} stay`]),
      ...(node.maxKeys === undefined ? ['remembers every key for ever'] : [`at most ${node.maxKeys} keys`]),
    ];
  },
  over: (node, flow) => {
    const keys = node.by.length > 0 ? itemTexts(node.by) : flow.key.join(', ');
    return [
      `adds to each record, over ${frameText(node.frame)}${keys === '' ? '' : ` of its ${keys}`}`,
      ...node.calls.map(callText),
      `late records: ${lateText(node.late)}`,
      ...(node.maxKeys === undefined ? [] : [`at most ${node.maxKeys} keys`]),
    ];
  },
  dedup: (node, flow) => {
    const keys = node.by.length > 0 ? itemTexts(node.by) : flow.key.join(', ');
    const key = keys === '' ? 'of a key' : `by ${keys}`;
    const of = flow.window === undefined ? '' : ' of each window';
    const isLast = node.keep === 'last';
    const span = node.withinMs === undefined ? '' : ` within ${formatDuration(node.withinMs)}`;
    const isAll = span === '' && of === '';
    return [
      `keeps the ${node.keep} record ${key}${of}${span}${isLast && isAll && !flow.piped ? ', at the end of the input' : ''}`,
      ...(!isLast && isAll && node.maxKeys === undefined ? ['remembers every key for ever'] : []),
      ...(node.maxKeys === undefined ? [] : [`at most ${node.maxKeys} keys`]),
      ...lateTexts(node.late),
    ];
  },
  join: (node) => [
    `joins (${node.join}) where ${node.on.map(({ left, right }) => `${left} = ${right}`).join(' and ')}`,
    matchText(node.match),
  ],
  top: (node, flow) => {
    const keys = node.per.length > 0 ? itemTexts(node.per) : flow.key.join(', ');
    const of = node.overall || (flow.window === undefined && !carriesBounds(flow)) ? '' : ' of each window';
    const isLast = of === '' && (node.overall || !flow.piped);
    return [
      `keeps the ${node.count === 1 ? 'record' : `${node.count} records`} with the ${node.ascending ? 'least' : 'greatest'} ${node.rank}` +
        `${keys === '' ? '' : `, per ${keys}`}${of === '' ? '' : `,${of}`}${isLast ? ', at the end of the input' : ''}`,
      ...lateTexts(node.late),
    ];
  },
  'head-by-key': (node, flow) => {
    const keys = node.by.length > 0 ? itemTexts(node.by) : flow.key.join(', ');
    const key = keys === '' ? 'each key' : `each ${keys}`;
    const isAll = flow.window === undefined;
    return [
      `keeps the first ${node.count === 1 ? 'record' : `${node.count} records`} of ${key}${isAll ? '' : ' and window'}`,
      ...(isAll && node.maxKeys === undefined ? ['remembers every key for ever'] : []),
      ...(node.maxKeys === undefined ? [] : [`at most ${node.maxKeys} keys`]),
    ];
  },
  sample: ({ size, seed, by }, flow) => {
    const of = flow.window === undefined ? '' : ' of each window';
    const when = of === '' && !flow.piped ? ', at the end of the input' : '';
    const drawn =
      size.kind === 'share'
        ? `${size.percent} % of the ${by.length === 0 ? 'records' : `keys ${itemTexts(by)}`}`
        : `${size.count} records${of}${when}`;
    return [`draws ${drawn}, seed ${seed}`];
  },
  union: (_node, flow) => [
    `joins records of several inputs${flow.time === undefined ? '' : `, in the order of ${flow.time.field}`}`,
  ],
  process: ({ file, by, sides }, flow) => {
    const keys = by.length > 0 ? itemTexts(by) : flow.key.join(', ');
    return [
      `runs the program ${file}${keys === '' ? '' : `, with state by ${keys}`}`,
      ...sides.map(({ name, path }) => `${name} goes to ${path}`),
    ];
  },
  tee: ({ path, when }) => [
    `copies ${when === undefined ? 'the records' : `records for which ${when}`} to ${path}, and passes all of them on`,
  ],
  exec: ({ command, per, jobs, retries, as }) => [
    `runs ${command.join(' ')} for each ${per}`,
    as === undefined ? 'what it prints are the records' : `what it prints is the field ${as}`,
    ...(jobs === 1 ? [] : [`${jobs} at a time`]),
    ...(retries === 0 ? [] : [`${retries} retries`]),
  ],
  via: ({ command, settle, untimed }) => [
    `sends the records through ${command.join(' ')}`,
    `control lines go around it: ${settleTexts[settle]}`,
    ...(untimed ? ['what comes out carries no event time'] : []),
  ],
  to: (node) => {
    const where = node.exec === undefined ? node.uri : `the command ${node.exec.command}`;
    const format = node.format === 'json' ? 'NDJSON' : node.format;
    return [
      `writes ${where === '-' ? 'stdout' : where} as ${format}`,
      ...(node.folder === undefined ? [] : folderTexts(node.folder)),
      ...(node.topic?.key === undefined ? [] : [`keyed by ${node.topic.key.join(', ')}`]),
      ...(node.topic?.headers === undefined
        ? []
        : [`with the headers ${node.topic.headers.map(({ name }) => name).join(', ')}`]),
      ...(node.exec === undefined || node.exec.retries === 0 ? [] : [`${node.exec.retries} retries`]),
      ...(node.changelog === undefined ? [] : [`changes: ${node.changelog} envelopes`]),
      ...(node.guarantee === undefined ? [] : [`guarantee: ${node.guarantee}`]),
    ];
  },
};

/** The lines about one node: a sentence, then what holds there and was not said upstream. */
function linesOf(node: PlanNode, flows: ReadonlyMap<NodeId, Flow>): string[] {
  const before = node.inputs[0] === undefined ? undefined : flows.get(node.inputs[0]);
  const after = flows.get(node.id)!;
  const sentence = sentences[node.kind] as (node: PlanNode, flow: Flow) => readonly string[];
  const [first, ...more] = sentence(node, before ?? after);
  const lines = [`${node.id}: ${first}`, ...more];
  if (after.time !== undefined && after.time !== before?.time)
    lines.push(`event time: ${timeText(after.time)}`);
  if (node.kind === 'window' && after.time === undefined && !node.processingTime) {
    lines.push(after.piped ? 'event time: said upstream, else time' : 'event time: time, delay 0s');
  }
  if (node.kind === 'window' && node.by.length > 0) lines.push(`key: ${itemTexts(node.by)}`);
  if (node.uid !== undefined) lines.push(`state: ${node.uid}`);
  return lines;
}

/**
 * The plan as text for people, without a newline at the end. The node that is written stands first, its
 * input below it and further in.
 */
export function explainPlan(plan: Plan): string {
  const flows = flowOf(plan);
  const read = new Set(plan.nodes.flatMap((node) => node.inputs));
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const lines: string[] = [];
  const visit = (node: PlanNode, lead: string, under: string): void => {
    const [first, ...more] = linesOf(node, flows);
    const { inputs } = node;
    lines.push(`${lead}${first}`);
    for (const line of more) lines.push(`${under}${inputs.length > 1 ? '│' : ' '}    ${line}`);
    inputs.forEach((input, index) => {
      const isLast = index === inputs.length - 1;
      visit(byId.get(input)!, `${under}${isLast ? '└─ ' : '├─ '}`, `${under}${isLast ? '   ' : '│  '}`);
    });
  };
  for (const node of plan.nodes) if (!read.has(node.id)) visit(node, '', '');
  return lines.join('\n');
}
