/**
 * The arguments of aggregates as columns. A bare path is read from the scanned column itself; anything
 * else, and every argument under a FILTER, is computed into a column once a batch. Aggregates of numbers
 * get a column of numbers and nulls: texts are converted, and a record whose value is no number is refused
 * as a whole before anything has been counted.
 */
import {
  barePath,
  type ColumnScope,
  compileProjection,
  isValueError,
  readColumn,
  readComputed,
  toNumeric,
  type Value,
} from '../../expression/index.js';
import {
  type Batch,
  batchCapacity,
  type Column,
  computedColumn,
  createColumn,
  type Layout,
  Tag,
} from '../../record/index.js';
import type { Input } from './part.js';
import { putValue } from './put-value.js';

/** Fills a computed column for the selected rows of a batch. */
export type Projection = (batch: Batch, reject: (batch: Batch, row: number, reason: string) => void) => void;

/** An expression as a column: the column's number, and what fills it if it is computed. */
export interface InputSource {
  readonly text: string;
  readonly column: number;
  readonly project: Projection | undefined;
}

/** Finds or compiles expressions; the same text is one column. */
export interface InputSources {
  readonly scope: ColumnScope;
  readonly layout: Layout;
  readonly known: Map<string, InputSource>;
}

export function createSources(scope: ColumnScope, layout: Layout): InputSources {
  return { scope, layout, known: new Map() };
}

/** The column of an expression. Throws a problem when it cannot be compiled. */
export function sourceOf(sources: InputSources, text: string): InputSource {
  const known = sources.known.get(text);
  if (known !== undefined) return known;
  const { scope, layout } = sources;
  const path = barePath(text);
  const scanned = path === undefined ? undefined : scope.resolve(path);
  let source: InputSource;
  if (scanned !== undefined) source = { text, column: scanned, project: undefined };
  else {
    const column = computedColumn(layout);
    source = { text, column, project: compileProjection(text, scope, column) };
  }
  sources.known.set(text, source);
  return source;
}

/** Rows of a batch that cannot be taken, with the reason. */
export type RowErrors = Map<number, string>;

/** The arguments of a running operator. */
export interface Inputs {
  readonly projections: readonly Projection[];
  readonly views: InputView[];
  readonly errors: RowErrors;
  readonly selection: Int32Array;
}

interface InputView extends Input {
  readonly source: InputSource;
  readonly numeric: boolean;
  /** Where converted numbers go; made when it is first needed. */
  converted: Column | undefined;
}

const noColumn = createColumn(0);

export function createInputs(sources: InputSources): Inputs {
  const projections = [...sources.known.values()].flatMap(({ project }) => project ?? []);
  return { projections, views: [], errors: new Map(), selection: new Int32Array(batchCapacity) };
}

/** The input that reads a source, as it is or as numbers. */
export function inputOf(inputs: Inputs, source: InputSource, numeric: boolean): Input {
  const known = inputs.views.find((view) => view.source === source && view.numeric === numeric);
  if (known !== undefined) return known;
  const read = numeric || source.project !== undefined ? readComputed : readColumn;
  const view: InputView = { column: noColumn, read, source, numeric, converted: undefined };
  inputs.views.push(view);
  return view;
}

function holdsNumbers({ tags }: Column, { selection, selected }: Batch): boolean {
  for (let k = 0; k < selected; k++) {
    const tag = tags[selection[k]!]!;
    if (tag !== Tag.number && tag > Tag.null) return false;
  }
  return true;
}

/** A column of numbers and nulls; big integers and decimals are boxed. */
function convert(view: InputView, from: Column, batch: Batch, errors: RowErrors): Column {
  view.converted ??= createColumn(batchCapacity);
  const into = view.converted;
  const read = view.source.project === undefined ? readColumn : readComputed;
  const { selection, selected } = batch;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    into.tags[row] = Tag.null;
    const tag = from.tags[row]!;
    if (tag <= Tag.null) continue;
    if (tag === Tag.number) {
      into.tags[row] = Tag.number;
      into.numbers[row] = from.numbers[row]!;
      continue;
    }
    try {
      const value = read(from, row);
      if (value !== null) putValue(into, row, toNumeric(value));
    } catch (error) {
      if (!isValueError(error)) throw error;
      if (!errors.has(row)) errors.set(row, `${error.message} in ${view.source.text}`);
    }
  }
  return into;
}

/**
 * Computes the arguments for the selected rows of a batch; rows that cannot be taken are in `errors` after.
 */
export function prepareInputs(inputs: Inputs, batch: Batch): void {
  const { projections, views, errors, selection } = inputs;
  if (errors.size > 0) errors.clear();
  if (projections.length > 0) {
    // Whether a refused row is in time is judged later, so it stays selected until then.
    const { selected } = batch;
    selection.set(batch.selection.subarray(0, selected));
    const refuse = (_batch: Batch, row: number, reason: string): void => {
      if (!errors.has(row)) errors.set(row, reason);
    };
    for (const project of projections) {
      project(batch, refuse);
      if (batch.selected !== selected) {
        batch.selection.set(selection.subarray(0, selected));
        batch.selected = selected;
      }
    }
  }
  for (const view of views) {
    const column = batch.columns[view.source.column]!;
    view.column =
      !view.numeric || holdsNumbers(column, batch) ? column : convert(view, column, batch, errors);
  }
}

/** The number in a row of a numeric input that is not null. */
export function numberAt(column: Column, row: number): Value {
  return column.tags[row] === Tag.number ? column.numbers[row]! : (column.boxed[row] as Value);
}

/** The same as a double. */
export function doubleAt(column: Column, row: number): number {
  if (column.tags[row] === Tag.number) return column.numbers[row]!;
  const boxed = column.boxed[row]!;
  return typeof boxed === 'object' ? Number(boxed.json()) : Number(boxed);
}
