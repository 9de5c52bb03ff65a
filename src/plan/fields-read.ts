/** Which top-level fields of its input an expression looks at: needed to see what a rewrite may move. */
import { parseExpression } from '../expression/index.js';
import type { ExpressionText } from './expression-text.js';
import { windowFields } from './names.js';
import type { AggregateNode } from './nodes/index.js';

function collect(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) for (const element of part) collect(element, names);
  else if (typeof part === 'object' && part !== null) {
    const { kind, path } = part as { readonly kind?: unknown; readonly path?: readonly unknown[] };
    if (kind === 'path' && path !== undefined) names.add(String(path[0]));
    else for (const member of Object.values(part)) collect(member, names);
  }
}

/** The names, each once, in the order in which they are written. */
function fieldsRead(text: ExpressionText): readonly string[] {
  const names = new Set<string>();
  collect(parseExpression(text), names);
  return [...names];
}

/**
 * Whether an aggregate looks at the bounds of its window, which only a window stage of its own puts into
 * records.
 */
export function readsBounds(aggregate: AggregateNode): boolean {
  const texts = [
    ...aggregate.by.map(({ expression }) => expression),
    ...aggregate.calls.flatMap((call) => [
      ...call.arguments,
      ...(call.filter === undefined ? [] : [call.filter]),
    ]),
  ];
  return texts.some((text) =>
    fieldsRead(text).some((name) => (windowFields as readonly string[]).includes(name)),
  );
}
