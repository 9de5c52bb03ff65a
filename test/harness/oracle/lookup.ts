/** A lookup as the oracle sees it: every record held against every row of the table, with the equality of expressions. */
import {
  barePath,
  evaluateExpression,
  isSameValue,
  isValueError,
  parseExpression,
  type Value,
} from '../../../src/expression/index.js';
import type { LookupNode } from '../../../src/plan/index.js';
import { type OracleRecord, valueAt } from './record.js';

function isEqual(a: Value, b: Value): boolean {
  if (a === null || b === null) return false;
  try {
    return isSameValue(a, b);
  } catch (error) {
    // What cannot be compared is not equal.
    if (isValueError(error)) return false;
    throw error;
  }
}

function isRowOf(node: LookupNode, record: OracleRecord, row: OracleRecord): boolean {
  return node.on.every(({ expression, field }) =>
    isEqual(
      evaluateExpression(parseExpression(expression), (path) => valueAt(record, path)),
      valueAt(row, barePath(field)!),
    ),
  );
}

/** The fields that are added: those named, or all that any row has but the key. */
function wantedFields(node: LookupNode, table: readonly OracleRecord[]): { name: string; path: string }[] {
  if (node.fields !== undefined) {
    return node.fields.map(({ name, expression }) => ({ name, path: expression }));
  }
  const names = new Set(table.flatMap(({ fields }) => [...fields.keys()]));
  for (const { field } of node.on) names.delete(field);
  return [...names].map((name) => ({ name, path: name }));
}

/** The records that become of one; throws when a name and its prefixed form are both taken. */
export function lookUp(
  node: LookupNode,
  table: readonly OracleRecord[],
  record: OracleRecord,
): readonly OracleRecord[] {
  const rows: (OracleRecord | undefined)[] = table.filter((row) => isRowOf(node, record, row));
  if (rows.length === 0 && node.join === 'left') rows.push(undefined);
  const wanted = wantedFields(node, table);
  return rows.map((row) => {
    const fields = new Map(record.fields);
    for (const { name, path } of wanted) {
      const taken = record.fields.has(name);
      const as = taken ? `${node.prefix}${name}` : name;
      if (record.fields.has(as)) throw new Error('both names are taken');
      fields.set(as, row === undefined ? null : valueAt(row, barePath(path)!));
    }
    return { fields, line: record.line };
  });
}
