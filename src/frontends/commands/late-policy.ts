/** What is done with late records, as an option says it. */
import type { LatePolicy } from '../../plan/index.js';
import { textOf } from './options.js';
import type { OptionSpec, OptionValues } from './spec.js';

export const lateOption: OptionSpec = {
  flags: '--late <policy>',
  name: 'late',
  kind: 'text',
  default: 'drop',
  summary: 'late records: drop (and count) them, fail, or keep them in a FILE',
};

/** The policy of a node where late records are the exception; empty when nothing is said. */
export function lateOf(options: OptionValues): { readonly late?: LatePolicy } {
  return textOf(options, 'late') === undefined ? {} : { late: latePolicy(options) };
}

export function latePolicy(options: OptionValues): LatePolicy {
  const text = textOf(options, 'late');
  if (text === undefined || text === 'drop') return { kind: 'drop' };
  return text === 'fail' ? { kind: 'fail' } : { kind: 'file', path: text };
}
