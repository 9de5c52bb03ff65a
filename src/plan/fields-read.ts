/** Which top-level fields of its input an expression looks at: needed to see what a rewrite may move. */
import { parseExpression } from '../expression/index.js';
import type { ExpressionText } from './expression-text.js';

function collect(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) for (const element of part) collect(element, names);
  else if (typeof part === 'object' && part !== null) {
    const { kind, path } = part as { readonly kind?: unknown; readonly path?: readonly unknown[] };
    if (kind === 'path' && path !== undefined) names.add(String(path[0]));
    else for (const member of Object.values(part)) collect(member, names);
  }
}

/** The names, each once, in the order in which they are written. */
export function fieldsRead(text: ExpressionText): readonly string[] {
  const names = new Set<string>();
  collect(parseExpression(text), names);
  return [...names];
}
