/**
 * Whether a plan makes the same bytes again when it is given the same input again, however that comes in pieces. Then its
 * input is as good as a write-ahead file of its output. In doubt it does not.
 */
import { isVolatile } from '../expression/index.js';
import type { ExpressionText, NamedExpression } from './expression-text.js';
import type { AggregateCall, NodeKind, PlanNode, TimeAssignment } from './nodes/index.js';
import type { Plan } from './plan.js';

type NodeOf<Kind extends NodeKind> = Extract<PlanNode, { kind: Kind }>;

/** What a node computes; undefined when what it gives depends on more than its records. */
type Texts = readonly ExpressionText[] | undefined;

const ofNamed = (items: readonly NamedExpression[]): readonly ExpressionText[] =>
  items.map(({ expression }) => expression);

const ofCalls = (calls: readonly AggregateCall[]): readonly ExpressionText[] =>
  calls.flatMap((call) => [...call.arguments, ...(call.filter === undefined ? [] : [call.filter])]);

/** The clock has a say in event time. */
const isClocked = (time: TimeAssignment | undefined): boolean =>
  time?.idleMs !== undefined || time?.maxSkewMs !== undefined;

const unlessClocked = (time: TimeAssignment | undefined, texts: readonly ExpressionText[]): Texts =>
  isClocked(time) ? undefined : texts;

const textsOf: { readonly [Kind in NodeKind]: (node: NodeOf<Kind>) => Texts } = {
  from: ({ time }) => unlessClocked(time, []),
  gen: ({ time }) => unlessClocked(time, []),
  parse: () => [],
  filter: ({ condition }) => [condition],
  select: ({ items }) => ofNamed(items),
  flatten: ({ field }) => [field],
  keyby: ({ keys }) => ofNamed(keys),
  window: ({ time, by, processingTime }) => (processingTime ? undefined : unlessClocked(time, ofNamed(by))),
  aggregate: ({ calls, by }) => [...ofCalls(calls), ...ofNamed(by)],
  dedup: ({ time, by }) => unlessClocked(time, ofNamed(by)),
  sort: ({ time, by }) => unlessClocked(time, ofNamed(by)),
  over: ({ time, by, calls }) => unlessClocked(time, [...ofCalls(calls), ...ofNamed(by)]),
  fill: ({ by }) => ofNamed(by),
  top: ({ rank, per }) => [rank, ...ofNamed(per)],
  'head-by-key': ({ by }) => ofNamed(by),
  sample: ({ by }) => ofNamed(by),
  tee: ({ when }) => (when === undefined ? [] : [when]),
  to: () => [],
  // Which of two inputs is ahead is a matter of the clock.
  union: () => undefined,
  join: () => undefined,
  // The table may be another one by then.
  lookup: () => undefined,
  // What programs of the user do is not known.
  process: () => undefined,
  via: () => undefined,
  exec: () => undefined,
};

/** Whether a plan makes the same of the same input, byte by byte. */
export function repeatsItself({ nodes }: Plan): boolean {
  return nodes.every((node) => {
    const texts = (textsOf[node.kind] as (node: PlanNode) => Texts)(node);
    return texts !== undefined && !texts.some(isVolatile);
  });
}
