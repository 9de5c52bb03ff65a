/**
 * An aggregate node made ready for its place: which columns its keys and arguments stand in, and what its
 * results look like. Everything here is settled while the chain is built, before there is a scanner.
 */
import {
  type AggregateNode,
  changeField,
  type Emission,
  isUpdating,
  type NamedExpression,
} from '../../plan/index.js';
import {
  computedColumn,
  createLayout,
  hashColumn,
  type Image,
  type ImageField,
  type Layout,
} from '../../record/index.js';
import type { Place, PlaceKey } from '../place.js';
import { scopeOf } from '../scope.js';
import { type PlannedCall, planCall } from './calls.js';
import type { ChangeImage } from './emission/change-rows.js';
import { createSources, type InputSources, sourceOf } from './inputs.js';
import { aggregateText } from './state-shape.js';

/** No window, a window of time, or a count window, which has no bounds to show. */
export type ResultWindow = 'none' | 'time' | 'count';

export interface PlannedAggregate {
  /** What the state looks like, but for the windows. */
  readonly shape: string;
  readonly keys: readonly PlaceKey[];
  /** For each of them: whether the scanner hashes its texts. */
  readonly hashed: readonly boolean[];
  readonly calls: readonly PlannedCall[];
  readonly sources: InputSources;
  /** What results are of. Those of a window of time begin with its bounds. */
  readonly window: ResultWindow;
  readonly maxGroups: number;
  /** The rows of the result; column k is field k of the image. */
  readonly layout: Layout;
  readonly image: Image;
  /** How rows look that are changes; undefined when there are none. */
  readonly changes: ChangeImage | undefined;
  readonly emission: Emission | undefined;
  /** Whether windows merge, and what was told of them is taken back. */
  readonly merging: boolean;
}

function keysOf(by: readonly NamedExpression[], place: Place, sources: InputSources): readonly PlaceKey[] {
  if (by.length === 0) return place.key;
  return by.map(({ name, expression }) => ({ name, column: sourceOf(sources, expression).column }));
}

/** For each key: whether it is in a scanned column, whose texts the scanner hashes. */
function hashedByScanner(keys: readonly PlaceKey[], layout: Layout): readonly boolean[] {
  for (const { column } of keys) hashColumn(layout, column);
  return keys.map((key) => layout.scanned.some(({ column, hashed }) => column === key.column && hashed));
}

/** The kinds stand in the last column and first in the record. */
function changeImage(layout: Layout, fields: readonly ImageField[]): ChangeImage {
  const column = computedColumn(layout);
  return { column, image: { base: 'none', dropped: [], fields: [{ name: changeField, column }, ...fields] } };
}

/** A plan under way: `known` are expressions that have a column already. */
export interface AggregatePlace {
  readonly place: Place;
  readonly window: ResultWindow;
  readonly known: readonly { readonly expression: string; readonly column: number }[];
  /** What is given besides results once. */
  readonly emission: Emission | undefined;
  /** Whether windows merge, and what was told of them is taken back. */
  readonly merging?: boolean;
}

/**
 * Plans an aggregate. Without keys of its own it groups by the key of the place. Throws problems of the codes type,
 * unknown-name and plan.
 */
export function planAggregate(
  node: AggregateNode,
  { place, window, known, emission, merging = false }: AggregatePlace,
): PlannedAggregate {
  const sources = createSources(scopeOf(place.rows), place.rows.layout);
  for (const { expression, column } of known) {
    sources.known.set(expression, { text: expression, column, project: undefined });
  }
  const keys = keysOf(node.by, place, sources);
  const calls = node.calls.map((call) => planCall(call, sources, window === 'time'));
  const bounds = window === 'time' ? ['window_start', 'window_end'] : [];
  const layout = createLayout();
  const names = [...bounds, ...keys.map(({ name }) => name), ...node.calls.map(({ name }) => name)];
  const fields: ImageField[] = names.map((name) => ({ name, column: computedColumn(layout) }));
  return {
    shape: aggregateText(node.calls, node.by, keys),
    keys,
    hashed: hashedByScanner(keys, place.rows.layout),
    calls,
    sources,
    window,
    maxGroups: node.maxGroups ?? Number.POSITIVE_INFINITY,
    layout,
    image: { base: 'none', dropped: [], fields },
    changes: isUpdating(emission) ? changeImage(layout, fields) : undefined,
    emission,
    merging,
  };
}

/**
 * The place behind an aggregate: closed rows, no key and no window. The time of a result is the last ms of
 * its window, so that a further window finds it in the right place; results that are not of a window of
 * time have none.
 */
export function placeBehind(planned: PlannedAggregate, place: Place): Place {
  const { fields: all } = planned.changes?.image ?? planned.image;
  const fields = new Map(all.map(({ name, column }) => [name, column]));
  const { time, bounded, tables, programs } = place;
  return {
    rows: { fields, open: false, dropped: new Set(), layout: planned.layout },
    time:
      planned.window === 'time' && time !== undefined
        ? { assignment: { field: 'window_end', delayMs: 0 }, cell: time.cell }
        : undefined,
    key: [],
    window: undefined,
    bounded,
    tables,
    programs,
  };
}
