/** What is wrong with a tee, and with outputs of one plan that would write the same file. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import type { PlanNode, TeeNode } from '../nodes/index.js';
import type { Plan } from '../plan.js';
import { checkExpression } from './expression.js';

export function checkTee({ path, when }: TeeNode, input: Flow): readonly ProblemDetails[] {
  const found = when === undefined ? [] : checkExpression(when, input.fields, 'condition');
  if (path !== '-' && !path.endsWith('/')) return found;
  const message =
    path === '-' ? 'stdout is where the records go on' : `${path} is a folder, and copies go to a file`;
  return [...found, { code: 'plan', message, hint: 'name a file: tee copies.ndjson' }];
}

/** The file that a node writes, if it is one that a copy could be in. */
function filesOf(node: PlanNode): readonly string[] {
  if (node.kind === 'process') return node.sides.map(({ path }) => path);
  const file = fileOf(node);
  return file === undefined ? [] : [file];
}

function fileOf(node: PlanNode): string | undefined {
  if (node.kind === 'tee') return node.path;
  if (node.kind === 'to') return node.exec === undefined && node.uri !== '-' ? node.uri : undefined;
  return 'late' in node && node.late?.kind === 'file' ? node.late.path : undefined;
}

/** Problems of copies that would meet something else in their file. */
export function checkCopies({ nodes }: Plan): readonly ProblemDetails[] {
  return nodes.flatMap((node): readonly ProblemDetails[] => {
    if (node.kind !== 'tee' && node.kind !== 'process') return [];
    const own = filesOf(node);
    const other = nodes.find((one) => one !== node && filesOf(one).some((path) => own.includes(path)));
    if (other === undefined) return [];
    const message = `${node.id}: ${other.id} writes ${filesOf(other).find((path) => own.includes(path))} as well`;
    return [{ code: 'plan', message, hint: 'give each a file of its own' }];
  });
}
