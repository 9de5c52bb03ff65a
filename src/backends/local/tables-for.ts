/** The files that a plan looks things up in; what reads them is loaded when there is one. */
import type { TableFiles } from '../../operators/index.js';
import type { PhysicalStep } from '../../plan/index.js';
import type { RunOptions } from './run-options.js';

/** What the lookups of some steps are handed; undefined when there are none. */
export async function tablesFor(
  steps: readonly PhysicalStep[],
  options: RunOptions,
): Promise<TableFiles | undefined> {
  const lookups = steps.filter((step) => step.kind === 'lookup');
  if (lookups.length === 0) return undefined;
  const { openTables } = await import('./tables.js');
  const isText = lookups.some(({ format }) => format.name !== 'json');
  const formats = isText ? await import('../../formats/index.js') : undefined;
  return openTables(formats?.createFormatScanner, options);
}
