/** Plans as they come from command lines: where their text is read from, and that a wrong one is refused. */
import fs from 'node:fs';
import { fileProblem } from '../connectors/index.js';
import { problem } from '../diagnostics/index.js';
import { findCommand, planOfCommand } from '../frontends/index.js';
import { checkPlan, type FormatFields, type Plan } from '../plan/index.js';

/** The text of a pipeline or plan file. Throws a problem of the code input. */
export function readText(path: string): string {
  try {
    return fs.readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const failure = fileProblem('input', path, error);
    throw problem({
      ...failure.details,
      hint: 'a pipeline of one word is taken for the name of a file that holds it',
    });
  }
}

/** The fields that text formats are known to give; the formats are loaded only for plans that have one. */
async function formatFieldsFor(plan: Plan): Promise<FormatFields> {
  const isText = plan.nodes.some(
    (node) => node.kind === 'parse' || (node.kind === 'from' && node.format.name !== 'json'),
  );
  if (!isText) return () => undefined;
  const { formatFieldNames } = await import('../formats/index.js');
  return (format) =>
    format.name === 'json' ? undefined : formatFieldNames({ ...format, name: format.name });
}

/** Throws the first thing that is wrong with a plan. */
export async function refuseWrongPlan(plan: Plan): Promise<void> {
  const [first] = checkPlan(plan, { formatFields: await formatFieldsFor(plan) });
  if (first !== undefined) throw first;
}

/** The plan that `leat run` would run for this word: pipeline text, or the name of a file that holds it or a plan. */
export async function planOfWord(word: string): Promise<Plan> {
  const plan = planOfCommand(findCommand('run')!, [word], {}, { readText });
  await refuseWrongPlan(plan);
  return plan;
}
