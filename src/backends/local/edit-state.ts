/**
 * Puts entries that come as lines into operators, in place of those that they had. A line is an entry as `leat state export
 * --exact` prints it; what is wrong with one is said with its number, and then nothing has been written.
 */
import { didYouMean, isProblem, type ProblemDetails, problem } from '../../diagnostics/index.js';
import { type EntryEditor, isPlainObject, type Plain, wrongEntry } from '../../operators/index.js';
import { type Plan, planToJson } from '../../plan/index.js';
import { membersOf } from '../../record/index.js';
import type { FirstPart, Uid } from '../../state/index.js';
import { type InspectedOperator, idleServices, operatorsOfPlan } from './inspect.js';

/** What can be edited: an operator, or one that never had any state. */
export type EditedOperator = Pick<InspectedOperator, 'uid' | 'edit'>;

/** Lines of text without their ends, and what they come from. */
export interface EntryLines {
  readonly source: string;
  readonly lines: AsyncIterable<string> | Iterable<string>;
}

const known: readonly string[] = ['operator', 'window_start', 'window_end', 'key', 'value', 'state'];

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw wrongEntry('it is no JSON', 'each line is an entry as leat state export --exact prints it');
  }
}

function membersOfObject(json: string | undefined, name: string): ReadonlyMap<string, string> | undefined {
  if (json === undefined) return undefined;
  if (isPlainObject(JSON.parse(json) as Plain)) return new Map(membersOf(json));
  throw wrongEntry(
    `its ${name} is no object`,
    'each line is an entry as leat state export --exact prints it',
  );
}

function windowOf(members: ReadonlyMap<string, string>) {
  const start = members.get('window_start');
  const end = members.get('window_end');
  if (start === undefined && end === undefined) return undefined;
  if (start !== undefined && end !== undefined) return { start, end };
  throw wrongEntry('it has one bound of a window alone', 'give window_start and window_end, or neither');
}

function editorOf(uid: unknown, editors: ReadonlyMap<Uid, EntryEditor>): EntryEditor {
  const editor = typeof uid === 'string' ? editors.get(uid) : undefined;
  if (editor !== undefined) return editor;
  const names = [...editors.keys()];
  throw wrongEntry(
    uid === undefined
      ? 'it does not say of which operator it is'
      : `no operator ${JSON.stringify(uid)} is edited`,
    (typeof uid === 'string' ? didYouMean(uid, names) : undefined) ??
      `operators with entries are: ${names.join(', ') || 'none'}`,
  );
}

function addLine(line: string, editors: ReadonlyMap<Uid, EntryEditor>): void {
  const entry = parse(line);
  if (!isPlainObject(entry as Plain)) {
    throw wrongEntry('it is no object', 'each line is an entry as leat state export --exact prints it');
  }
  const members = new Map(membersOf(line));
  const other = [...members.keys()].find((name) => !known.includes(name));
  if (other !== undefined) {
    throw wrongEntry(
      `an entry has no member ${JSON.stringify(other)}`,
      `its members are ${known.join(', ')}`,
    );
  }
  const { operator, state } = entry as Readonly<Record<string, Plain>>;
  const editor = editorOf(operator, editors);
  if (!isPlainObject(state)) {
    throw wrongEntry(
      'it has no state, which is what an entry is made of',
      'leat state export --exact prints entries with their state',
    );
  }
  editor.add({
    window: windowOf(members),
    key: membersOfObject(members.get('key'), 'key') ?? new Map(),
    value: membersOfObject(members.get('value'), 'value'),
    state,
  });
}

function atLine(error: unknown, source: string, line: number): unknown {
  if (!isProblem(error)) return error;
  const details: ProblemDetails = { ...error.details, place: { kind: 'record', source, line } };
  return problem(details);
}

/** Replaces the entries of operators by those of lines. Resolves to how many there were. */
export async function replaceEntries(
  operators: readonly EditedOperator[],
  { source, lines }: EntryLines,
): Promise<number> {
  const editors = new Map(operators.map(({ uid, edit }) => [uid, edit()]));
  let number = 0;
  let count = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    try {
      addLine(line, editors);
    } catch (error) {
      throw atLine(error, source, number);
    }
    count++;
  }
  for (const editor of editors.values()) editor.finish();
  return count;
}

/** The operators of a plan that never ran, with the entries of lines; as the first part of its job. */
export async function firstEntries(
  plan: Plan,
  lines: EntryLines,
): Promise<{ readonly part: FirstPart; readonly count: number }> {
  const named = await operatorsOfPlan(plan, {}, () => idleServices);
  const count = await replaceEntries(
    named.flatMap(({ uid, operator }) => {
      const { edit } = operator;
      return edit === undefined ? [] : [{ uid, edit: () => edit() }];
    }),
    lines,
  );
  const operators = named.flatMap(({ uid, operator }) => {
    const shape = operator.stateShape;
    return shape === undefined
      ? []
      : [{ uid, shape, write: (into: Parameters<typeof operator.snapshot>[0]) => operator.snapshot(into) }];
  });
  return { part: { facts: { plan: JSON.parse(planToJson(plan)) as unknown }, operators }, count };
}
