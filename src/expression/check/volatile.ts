/** Expressions whose value does not follow from the record: they ask the clock, or chance. */
import { findFunction } from '../functions/registry.js';
import { parseExpression } from '../syntax/parse.js';

function asks(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(asks);
  if (typeof part !== 'object' || part === null) return false;
  const { kind, name } = part as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'call' && findFunction(String(name))?.volatile === true) return true;
  return Object.values(part).some(asks);
}

/** Whether an expression may have another value for the same record. Throws when it cannot be read. */
export function isVolatile(text: string): boolean {
  return asks(parseExpression(text));
}
