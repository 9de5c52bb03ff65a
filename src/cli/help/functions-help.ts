/**
 * What `leat help functions` says: the functions of expressions by family, from the table that the checker uses. It is
 * loaded only when it is asked for, and writes nothing itself.
 */
import { type FunctionDefinition, functionTable } from '../../expression/index.js';
import { columns, wrap } from './wrap.js';

const titles: Readonly<Record<FunctionDefinition['family'], string>> = {
  string: 'Texts',
  number: 'Numbers',
  time: 'Times',
  regexp: 'Regular expressions',
  json: 'JSON, arrays and objects',
  conditional: 'Conditions',
  hash: 'Hashes',
  url: 'URLs',
};

const introduction =
  'Functions of the expressions in filter, select, keyby and aggregate, with the names and meaning of Flink SQL. ' +
  'leat aggregate --help lists those that aggregate.';

/** All functions, for lines of a width. Ends with a newline. */
export function renderFunctions(style: { readonly width: number; readonly color: boolean }): string {
  const width = Math.min(100, Math.max(40, style.width));
  const lines = wrap(introduction, width);
  for (const [family, title] of Object.entries(titles)) {
    const rows = functionTable()
      .filter((definition) => definition.family === family)
      .map(({ usage, summary }) => [usage, summary] as const);
    lines.push('', style.color ? `\u001b[1m${title}\u001b[22m` : title, ...columns(rows, width));
  }
  return `${lines.join('\n')}\n`;
}
