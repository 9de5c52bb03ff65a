/**
 * The oracle: a whole plan evaluated row at a time, slowly and obviously. It shares no code with the
 * operators, only the tree evaluator of expressions and the pure rules of time. What it says is what leat
 * must say.
 */
import {
  barePath,
  evaluateExpression,
  isValueError,
  parseExpression,
  type Value,
} from '../../../src/expression/index.js';
import {
  type AggregateNode,
  type Emission,
  emissionOf,
  type NamedExpression,
  type Plan,
  type PlanNode,
  type RowKind,
  type TimeAssignment,
  type WindowNode,
} from '../../../src/plan/index.js';
import {
  detectForm,
  instantFromNumber,
  instantFromText,
  spellInstant,
  type TimeForm,
} from '../../../src/time/index.js';
import { type Arguments, aggregateOf, argumentsOf } from './aggregates.js';
import { emittingWindows, type SpellRow } from './emission.js';
import { emittingSessions } from './emission-sessions.js';
import { type OracleRecord, parseRecord, spellRecord, valueAt } from './record.js';
import { type FiredWindow, type OracleWindows, oracleWindows, type Placed } from './windows.js';

export interface OracleAnswer {
  readonly output: readonly string[];
  readonly late: number;
  readonly rejected: number;
}

interface Grouped {
  readonly keys: readonly Value[];
  readonly arguments: readonly Arguments[];
}

interface State {
  readonly output: string[];
  late: number;
  rejected: number;
  highest: number;
  watermark: number;
  form: TimeForm | undefined;
  number: number;
}

function evaluate(text: string, record: OracleRecord): Value {
  return evaluateExpression(parseExpression(text), (path) => valueAt(record, path));
}

/** Event time of a record in ms; NaN when it has none. Advances the watermark afterwards, by `advance`. */
function timeOf(state: State, assignment: TimeAssignment, record: OracleRecord): number {
  const value = valueAt(record, barePath(assignment.field)!);
  if (typeof value !== 'number' && typeof value !== 'string') return Number.NaN;
  state.form ??= detectForm(value, { zone: assignment.zone, pattern: assignment.format });
  if (state.form === undefined) return Number.NaN;
  return typeof value === 'number'
    ? instantFromNumber(state.form, value)
    : instantFromText(state.form, value);
}

function keyText(keys: readonly Value[]): string {
  return keys
    .map((key) => `${typeof key}:${key === null ? '' : String(typeof key === 'object' ? key.json() : key)}`)
    .join('\u0000');
}

/** The row of a group; without a window there are no bounds. */
function spellGroup(
  state: State,
  node: AggregateNode,
  by: readonly NamedExpression[],
  window: { readonly start: number; readonly end: number } | undefined,
  example: Placed<Grouped>,
  members: readonly Placed<Grouped>[],
  kind?: RowKind,
): string {
  const spell = state.form === undefined ? undefined : spellInstant(state.form);
  const row = new Map<string, Value>();
  if (kind !== undefined) row.set('op', kind);
  if (window !== undefined) {
    row.set('window_start', spell!(window.start));
    row.set('window_end', spell!(window.end));
  }
  for (const [index, { name }] of by.entries()) row.set(name, example.item.keys[index]!);
  node.calls.forEach((call, index) => {
    const all = members.map((member) => member.item.arguments[index]);
    row.set(call.name, aggregateOf(call, all, window === undefined ? undefined : window.end - window.start));
  });
  return spellRecord(row);
}

function emit(
  state: State,
  node: AggregateNode,
  by: readonly NamedExpression[],
  windowed: boolean,
  fired: FiredWindow<Grouped>,
): void {
  if (fired.said !== undefined) {
    state.output.push(fired.said);
    return;
  }
  const groups = new Map<string, Placed<Grouped>[]>();
  for (const member of [...fired.members].sort((a, b) => a.number - b.number)) {
    const text = keyText(member.item.keys);
    groups.set(text, [...(groups.get(text) ?? []), member]);
  }
  for (const members of groups.values()) {
    state.output.push(spellGroup(state, node, by, windowed ? fired : undefined, members[0]!, members));
  }
}

interface Parts {
  readonly time: TimeAssignment | undefined;
  readonly before: readonly PlanNode[];
  readonly window: WindowNode | undefined;
  readonly aggregate: AggregateNode;
  readonly by: readonly NamedExpression[];
}

function partsOf(plan: Plan): Parts {
  const window = plan.nodes.find((node) => node.kind === 'window');
  const aggregate = plan.nodes.find((node) => node.kind === 'aggregate');
  const source = plan.nodes.find((node) => node.kind === 'from');
  const keyby = plan.nodes.find((node) => node.kind === 'keyby');
  if (aggregate === undefined) throw new Error('the oracle wants a plan that ends in an aggregate');
  const own = aggregate.by.length > 0 ? aggregate.by : undefined;
  const upstream = window !== undefined && window.by.length > 0 ? window.by : keyby?.keys;
  const before = plan.nodes.slice(1).filter((node) => node.kind === 'filter' || node.kind === 'select');
  return { time: source?.time ?? window?.time, before, window, aggregate, by: own ?? upstream ?? [] };
}

/** Sends a record through filters and selects; undefined when it is dropped. Throws value errors. */
function pass(nodes: readonly PlanNode[], record: OracleRecord): OracleRecord | undefined {
  let current = record;
  for (const node of nodes) {
    if (node.kind === 'filter' && evaluate(node.condition, current) !== true) return undefined;
    if (node.kind === 'select') {
      const fields = new Map(node.star ? current.fields : []);
      for (const name of node.drop) fields.delete(name);
      const values = node.items.map(({ expression }) => evaluate(expression, current));
      for (const [index, { name }] of node.items.entries()) fields.set(name, values[index]!);
      current = { fields, line: record.line };
    }
  }
  return current;
}

/** The key that sessions and count windows go by. */
function windowKey(parts: Parts, record: OracleRecord, plan: Plan): string {
  const keyby = plan.nodes.find((node) => node.kind === 'keyby');
  const by = parts.window!.by.length > 0 ? parts.window!.by : (keyby?.keys ?? []);
  return keyText(by.map(({ expression }) => evaluate(expression, record)));
}

function fusedKey(parts: Parts, record: OracleRecord): Grouped {
  return {
    keys: parts.by.map(({ expression }) => evaluate(expression, record)),
    arguments: parts.aggregate.calls.map((call) => argumentsOf(call, record)),
  };
}

function takeRecord(
  state: State,
  parts: Parts,
  windows: OracleWindows<Grouped>,
  plan: Plan,
  record: OracleRecord,
): void {
  const { window, time } = parts;
  const timedAtSource = plan.nodes[0]?.kind === 'from' && plan.nodes[0].time !== undefined;
  let watermark = state.watermark;
  let instant = 0;
  const readTime = (from: OracleRecord): boolean => {
    instant = timeOf(state, time!, from);
    if (Number.isNaN(instant)) {
      state.rejected++;
      return false;
    }
    watermark = state.watermark;
    state.highest = Math.max(state.highest, instant);
    state.watermark = Math.max(state.watermark, state.highest - time!.delayMs);
    return true;
  };
  if (timedAtSource && !readTime(record)) return;
  try {
    const passed = pass(parts.before, record);
    if (passed === undefined) return;
    const isTimed = window !== undefined && window.window.shape !== 'count';
    if (isTimed && !timedAtSource && !readTime(passed)) return;
    const fire = (fired: readonly FiredWindow<Grouped>[], windowed: boolean): void => {
      for (const one of fired) emit(state, parts.aggregate, parts.by, windowed, one);
    };
    if (isTimed) fire(windows.advance(watermark), true);
    const item = fusedKey(parts, passed);
    const key = window === undefined ? '' : windowKey(parts, passed, plan);
    const added = windows.add({ item, key, time: instant, number: state.number++ }, watermark);
    if (added.late) state.late++;
    fire(added.fired, false);
  } catch (error) {
    if (!isValueError(error)) throw error;
    state.rejected++;
  }
}

/** Windows of one that holds everything, for aggregates without a window. */
function everything(): OracleWindows<Grouped> {
  const members: Placed<Grouped>[] = [];
  return {
    advance: (watermark) => (watermark === Number.POSITIVE_INFINITY ? [{ start: 0, end: 0, members }] : []),
    add(placed) {
      members.push(placed);
      return { late: false, fired: [] };
    },
  };
}

function plainWindows({ window }: Parts): OracleWindows<Grouped> {
  return window === undefined ? everything() : oracleWindows<Grouped>(window.window);
}

function emittingParts(state: State, parts: Parts, emission: Emission): OracleWindows<Grouped> {
  const { window, time, aggregate, by } = parts;
  const delayMs = time?.delayMs ?? 0;
  const spell: SpellRow<Grouped> = (example, members, bounds, kind) =>
    spellGroup(state, aggregate, by, window === undefined ? undefined : bounds, example, members, kind);
  if (window?.window.shape === 'session') {
    return emittingSessions<Grouped>(window.window.gapMs, emission, delayMs, spell);
  }
  return emittingWindows<Grouped>(window?.window, emission, delayMs, ({ keys }) => keyText(keys), spell);
}

/**
 * The answer of a plan of the form from | filter, select ... | [keyby] | [window] | aggregate, over lines.
 */
export function runOracle(plan: Plan, lines: readonly string[]): OracleAnswer {
  const parts = partsOf(plan);
  const state: State = {
    output: [],
    late: 0,
    rejected: 0,
    highest: Number.NEGATIVE_INFINITY,
    watermark: Number.NEGATIVE_INFINITY,
    form: undefined,
    number: 0,
  };
  const emission = emissionOf(parts.window?.emission, parts.aggregate.emit);
  const windows = emission === undefined ? plainWindows(parts) : emittingParts(state, parts, emission);
  for (const line of lines) {
    if (line.trim() === '') continue;
    const record = parseRecord(line);
    if (record === undefined) state.rejected++;
    else takeRecord(state, parts, windows, plan, record);
  }
  const windowed = parts.window !== undefined && parts.window.window.shape !== 'count';
  windows.settle?.(state.watermark);
  for (const fired of windows.advance(Number.POSITIVE_INFINITY))
    emit(state, parts.aggregate, parts.by, windowed, fired);
  return { output: state.output, late: state.late, rejected: state.rejected };
}
