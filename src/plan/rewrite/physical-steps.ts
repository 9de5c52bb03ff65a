/**
 * From the plan as asked to the steps that are run: `parse` becomes the format of the source it stands behind, and a
 * window with its aggregate becomes one step in which no record is copied into windows. A rewrite never changes the
 * answer, only the work; ids stay those of the plan, so that messages and state find their node.
 */
import { type Problem, problem } from '../../diagnostics/index.js';
import { readsBounds } from '../fields-read.js';
import { makesText } from '../flow.js';
import type {
  AggregateNode,
  FormatChoice,
  FromNode,
  GenNode,
  NodeId,
  ParseNode,
  PlanNode,
  WindowNode,
} from '../nodes/index.js';
import type { Plan } from '../plan.js';

/** A window and the aggregate behind it, run as one. */
export interface WindowedAggregateStep {
  readonly kind: 'windowed-aggregate';
  /** The id of the aggregate, for that is what comes out. */
  readonly id: NodeId;
  readonly inputs: readonly NodeId[];
  readonly window: WindowNode;
  readonly aggregate: AggregateNode;
}

/** Sessions apart from their aggregate, which is asked for results before they close: their records are sent as they come. */
export type TellingSessionsStep = Omit<WindowNode, 'kind'> & { readonly kind: 'telling-sessions' };

/**
 * A generator of text, with the format that makes records of its lines; without it the lines leave as they
 * are.
 */
export type GenStep = GenNode & { readonly format?: FormatChoice };

type PlainStep = Exclude<PlanNode, ParseNode | GenNode> | GenStep;
export type PhysicalStep = PlainStep | WindowedAggregateStep | TellingSessionsStep;

/** Whether a source has only the name of its format, which the ending of a file may have said, and that of the parse. */
function saysNoMore({ name, pattern, columns }: FormatChoice, parse: ParseNode): boolean {
  return name === parse.format.name && pattern === undefined && columns === undefined;
}

function withFormat(source: FromNode, parse: ParseNode): FromNode {
  if (source.format.name !== 'json' && !saysNoMore(source.format, parse)) {
    throw problem({
      code: 'plan',
      message: `${parse.id} parses records that ${source.id} has already read as ${source.format.name}`,
      hint: 'say the format once: with --format at the source, or with parse',
    });
  }
  return { ...source, format: parse.format };
}

function nothingToParse(node: ParseNode, input: NodeId): Problem {
  return problem({
    code: 'plan',
    message: `${node.id} has no lines of text to parse, for ${input} passes on records`,
    hint: 'parse stands right behind the source',
  });
}

/** Replaces each parse behind a source by the source's format; elsewhere there is no text to parse. */
function mergeParses(nodes: readonly PlanNode[]): PlainStep[] {
  const merged: PlainStep[] = [];
  const renamed = new Map<NodeId, NodeId>();
  for (const node of nodes) {
    const inputs = node.inputs.map((id) => renamed.get(id) ?? id);
    if (node.kind !== 'parse') {
      merged.push(node.inputs.length === 0 ? node : ({ ...node, inputs } as PlainStep));
      continue;
    }
    const at = merged.findIndex(({ id }) => id === inputs[0]);
    const source = merged[at];
    if (source?.kind === 'from') merged[at] = withFormat(source, node);
    else if (source?.kind === 'gen' && makesText(source)) merged[at] = { ...source, format: node.format };
    else throw nothingToParse(node, source?.id ?? inputs[0]!);
    renamed.set(node.id, source.id);
  }
  return merged;
}

function telling(step: PhysicalStep): PhysicalStep {
  if (step.kind !== 'window' || step.window.shape !== 'session' || step.emission === undefined) return step;
  return { ...step, kind: 'telling-sessions' };
}

/** The steps of a plan in topological order. Throws problems of the code plan for a parse without text. */
export function physicalSteps(plan: Plan): readonly PhysicalStep[] {
  const nodes = mergeParses(plan.nodes);
  const steps: PhysicalStep[] = [];
  for (const node of nodes) {
    const before = steps.at(-1);
    const fusible = node.kind === 'aggregate' && before?.kind === 'window' && node.inputs[0] === before.id;
    if (
      fusible &&
      !readsBounds(node) &&
      nodes.every((other) => other === node || !other.inputs.includes(before.id))
    ) {
      steps.pop();
      const { id, inputs } = { id: node.id, inputs: before.inputs };
      steps.push({ kind: 'windowed-aggregate', id, inputs, window: before, aggregate: node });
    } else {
      steps.push(node);
    }
  }
  return steps.map(telling);
}
