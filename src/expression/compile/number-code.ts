/**
 * Arithmetic on doubles: code that gives NaN where the answer is not that of plain doubles - a row that
 * holds no number, an integer beyond 2^53, a division by zero - and the slow way must be taken. NaN is
 * never a number of the data, so it is a safe sign.
 */
import type { Core } from '../check/core.js';
import { type Emitter, numberCode, use } from './emitter.js';

/** The double that a constant counts as in such code. */
function constantDouble(core: Core): number | undefined {
  if (core.op !== 'constant') return undefined;
  if (core.soft !== undefined) return core.soft;
  return typeof core.value === 'number' ? core.value : undefined;
}

/** Whether an operand can be computed so. */
export function isDoubles(core: Core): boolean {
  switch (core.op) {
    case 'constant':
      return constantDouble(core) !== undefined;
    case 'column':
      return core.steps.length === 0;
    case 'negate':
      return isDoubles(core.operand);
    case 'arithmetic':
      return isDoubles(core.left) && isDoubles(core.right);
    default:
      return false;
  }
}

/** Code of a double, or NaN. The operand must be {@link isDoubles}. */
export function doubleCode(emitter: Emitter, core: Core): string {
  switch (core.op) {
    case 'constant':
      return numberCode(constantDouble(core)!);
    case 'column': {
      const n = use(emitter, core.column);
      return `(T${n}[row] === 4 ? N${n}[row] : NaN)`;
    }
    case 'negate':
      return `(0 - ${doubleCode(emitter, core.operand)})`;
    case 'arithmetic': {
      const result = `${doubleCode(emitter, core.left)} ${core.operator} ${doubleCode(emitter, core.right)}`;
      return `safeDouble(${result})`;
    }
    default:
      throw new Error(`no doubles: ${core.op}`);
  }
}
