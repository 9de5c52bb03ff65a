/** Entries in tests: what a job that never ran makes of lines, and what it says of those that do not fit. */
import { firstEntries } from '../../src/backends/local/edit-state.js';
import { entriesOf, idleServices, operatorsOfPlan } from '../../src/backends/local/inspect.js';
import { exactLine } from '../../src/cli/tools/state-entries.js';
import { isProblem } from '../../src/diagnostics/index.js';
import { parsePipeline } from '../../src/frontends/index.js';
import { createMemoryPages } from './memory-pages.js';

/** What the operators show that a job begins with. */
export async function shownOf(text: string, lines: readonly string[]): Promise<string[]> {
  const plan = parsePipeline(text);
  const { part, count } = await firstEntries(plan, { source: 'stdin', lines });
  if (count !== lines.length) throw new Error(`${lines.length} lines became ${count} entries`);
  const shown: string[] = [];
  for (const { uid, operator } of await operatorsOfPlan(plan, {}, () => idleServices)) {
    const written = part.operators.find((one) => one.uid === uid);
    if (written === undefined) continue;
    const pages = createMemoryPages();
    written.write(pages.writer);
    operator.restore(pages);
    shown.push(...Array.from(entriesOf(uid, operator), (entry) => exactLine(entry).trimEnd()));
  }
  return shown;
}

/** The whole problem as a person sees it. */
export async function refusalOf(text: string, lines: readonly string[]): Promise<string> {
  try {
    await firstEntries(parsePipeline(text), { source: 'stdin', lines });
    return 'taken';
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { message, hint, place } = error.details;
    const where = place?.kind === 'record' ? `${place.source}:${place.line}: ` : '';
    return `${where}${message} | ${hint}`;
  }
}
