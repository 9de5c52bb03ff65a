/**
 * Which nodes take changes: those that look at one record at a time and leave its row kind alone. The others would have to
 * take back what they have made of a record, and say so instead of counting a retraction as a record.
 */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { changeField, newKindName } from '../changelog.js';
import type { Flow } from '../flow.js';
import type { NodeKind, PlanNode, SelectNode } from '../nodes/index.js';

const taking: { readonly [Kind in NodeKind]: boolean } = {
  from: true,
  gen: true,
  parse: true,
  filter: true,
  select: true,
  flatten: true,
  lookup: false,
  keyby: true,
  union: true,
  to: true,
  window: false,
  aggregate: false,
  dedup: false,
  over: false,
  fill: false,
  sort: false,
  join: false,
  top: false,
  'head-by-key': false,
  sample: false,
  tee: true,
  process: false,
  via: false,
  exec: false,
};

/** Whether the row kind is not what it was behind a select. */
function losesKind(node: SelectNode): boolean {
  if (newKindName(node) !== undefined) return false;
  if (node.items.some(({ name }) => name === changeField)) return true;
  return !node.star || node.drop.includes(changeField);
}

/** The hint for whoever cannot take changes. */
export const plainHint = `ask for final results, without --emit and --allowed-lateness; or take the changes as plain records: select ${changeField} as change, *`;

/** Problems of changes that flow into a node. */
export function checkChanges(node: PlanNode, inputs: readonly Flow[]): readonly ProblemDetails[] {
  const changing = inputs.filter(({ changes }) => changes !== undefined);
  if (changing.length === 0) return [];
  if (!taking[node.kind]) {
    const message = `the input is a changelog, whose records may be taken back, and ${node.kind} takes only records that stay`;
    return [{ code: 'plan', message, hint: plainHint }];
  }
  if (changing.length < inputs.length) {
    const message = 'some inputs are changelogs and others are records that stay';
    return [{ code: 'plan', message, hint: plainHint }];
  }
  if (node.kind === 'select' && losesKind(node)) {
    return [
      {
        code: 'plan',
        message: `the input is a changelog, and without its field ${changeField} a retraction looks like a result`,
        hint: `keep it: select ${changeField}, ...; or give it another name, which makes plain records of the changes`,
      },
    ];
  }
  return [];
}
