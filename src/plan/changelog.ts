/**
 * Changelogs: records that are changes to a result which is not final yet. Such a record begins with a field `op` that holds
 * its row kind, as in Flink: +I a row is new, -U and +U a row as it was and as it is, -D a row is gone. Whether the records
 * behind a node are changes is known from the plan alone; see flow.ts.
 */
import { barePath } from '../expression/index.js';
import type { SelectNode } from './nodes/index.js';

export const rowKinds = ['+I', '-U', '+U', '-D'] as const;
export type RowKind = (typeof rowKinds)[number];

/** The first field of every change. */
export const changeField = 'op';

/**
 * How changes come. `pairs`: a -U is always directly in front of its +U, so that both images of an update are known.
 * `single`: each stands for itself, for one of a pair may have been left out on the way.
 */
export type Changes = 'pairs' | 'single';

/** The name that a select gives the row kind; undefined when it does not name it. */
export function newKindName({ items }: SelectNode): string | undefined {
  return items.find(({ expression }) => barePath(expression)?.join() === changeField)?.name;
}

/** Whether a select makes plain records of changes, by giving the row kind another name. */
export function makesPlain(node: SelectNode): boolean {
  const name = newKindName(node);
  return name !== undefined && name !== changeField;
}
