/**
 * lookup: adds the fields of the rows of a table whose keys are equal. The table is in memory, and its values are put beside
 * the record as spans: no record is parsed or copied. A table whose file has changed is read anew between two batches and
 * takes the place of the one before as a whole; it is no state of the operator, for the file has it.
 */
import { isProblem } from '../../diagnostics/index.js';
import { barePath } from '../../expression/index.js';
import type { LookupNode } from '../../plan/index.js';
import { type Batch, type Column, hashColumn } from '../../record/index.js';
import { type Builder, rejectOf } from '../builder.js';
import { columnOf, type Projection } from '../fields.js';
import { stateless } from '../operator.js';
import type { Place } from '../place.js';
import { scopeOf } from '../scope.js';
import type { TableContent, TableFile } from '../table-file.js';
import { addFields, rowsWithAdded } from './added-fields.js';
import { createJoining } from './joining.js';
import { fieldNames, type LookupTable, loadTable, type TableShape } from './table.js';

/** How often it is looked whether a file has changed. */
const lookMs = 1000;

interface Wanted {
  readonly names: readonly string[];
  readonly shape: TableShape;
}

/** What is wanted of the table: the fields that were named, or all that it has now but its key. */
function wantedOf(node: LookupNode, file: TableFile | undefined, content: TableContent | undefined): Wanted {
  const keys = node.on.map(({ field }) => barePath(field)!);
  if (node.fields !== undefined) {
    const fields = node.fields.map(({ expression }) => barePath(expression)!);
    return { names: node.fields.map(({ name }) => name), shape: { keys, fields } };
  }
  const all = file === undefined || content === undefined ? [] : fieldNames(file, content);
  const names = all.filter((name) => !keys.some((path) => path.length === 1 && path[0] === name));
  return { names, shape: { keys, fields: names.map((name) => [name]) } };
}

/** Where operators are built and not run there is no table. */
function notRead(): never {
  throw new Error('a lookup runs that was given no table');
}

/** A table with the file that it is of. */
interface Watched {
  /** The table as it is now; looks for a new one when the last look was long enough ago. */
  at(nowMs: number): LookupTable;
}

function watch(file: TableFile, first: TableContent, shape: TableShape): Watched {
  let table = loadTable(file, first, shape);
  let { mark } = first;
  let lookAt = Number.NEGATIVE_INFINITY;
  return {
    at(nowMs) {
      if (nowMs < lookAt) return table;
      const isFirst = lookAt === Number.NEGATIVE_INFINITY;
      lookAt = nowMs + lookMs;
      if (isFirst) return table;
      const now = file.mark();
      // A file that is gone for a moment is being replaced.
      if (now === undefined || now === mark) return table;
      mark = now;
      try {
        const content = file.read();
        mark = content.mark;
        table = loadTable(file, content, shape);
      } catch (error) {
        if (!isProblem(error)) throw error;
        file.say(
          `leat: ${file.name} has changed and cannot be used, the table stays as it was: ${error.message}`,
        );
      }
      return table;
    },
  };
}

/** The columns of the keys of records, and what fills them. */
function keyColumns(node: LookupNode, { rows }: Place) {
  const scope = scopeOf(rows);
  const projections: Projection[] = [];
  const columns = node.on.map(({ expression }) => {
    const { column, projection } = columnOf(expression, scope, rows);
    if (projection !== undefined) projections.push(projection);
    return column;
  });
  const [only] = columns;
  const hashed = columns.length === 1 && rows.layout.scanned.some(({ column }) => column === only);
  if (hashed) hashColumn(rows.layout, only!);
  return { columns, projections, hashed };
}

export const buildLookup: Builder<LookupNode> = (node, place) => {
  const file = place.tables?.(node.file, node.format);
  const content = file?.read();
  const { names, shape } = wantedOf(node, file, content);
  const key = keyColumns(node, place);
  const added = addFields(names, node.prefix, place.rows);
  const watched = file === undefined || content === undefined ? { at: notRead } : watch(file, content, shape);
  return {
    place: { ...place, rows: rowsWithAdded(place.rows, added) },
    create(output, services) {
      const reject = rejectOf(services);
      const join = createJoining(added, node.join === 'left', output, reject);
      return {
        ...stateless,
        onBatch(batch: Batch) {
          for (const project of key.projections) project(batch, reject);
          const columns: Column[] = key.columns.map((column) => batch.columns[column]!);
          join(watched.at(services.clock()), columns, key.hashed, batch);
        },
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
