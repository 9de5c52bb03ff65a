/** When results are given before they are final, as options say it. */
import type { AggregateNode } from '../../plan/index.js';
import { textOf } from './options.js';
import type { OptionSpec, OptionValues } from './spec.js';

export const emitOption: OptionSpec = {
  flags: '--emit <when>',
  name: 'emit',
  kind: 'choice',
  choices: ['changes'],
  summary: 'give every change of a result at once, as a changelog, and not only what is final',
};

export function readEmit(options: OptionValues): AggregateNode['emit'] {
  return textOf(options, 'emit') === 'changes' ? 'changes' : undefined;
}
