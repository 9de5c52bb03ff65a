/** The program that exec and via run: all words behind `--`. */
import type { ArgumentSpec } from './spec.js';

export const commandArgument: ArgumentSpec = {
  name: 'command',
  summary: 'the program and its arguments, behind --',
  required: true,
  variadic: true,
  kind: 'command',
};
