/**
 * Pipeline text to plan: `from clicks.ndjson --time ts | window tumble 10s | aggregate count(*) as n --by country`.
 * Problems that arise inside an argument are moved to where the argument stands in the pipeline.
 */
import { isProblem, type Place, problem } from '../../diagnostics/index.js';
import type { Plan } from '../../plan/index.js';
import {
  type CommandContext,
  checkArguments,
  type NodeDraft,
  type RawOptions,
  readOptions,
} from '../commands/index.js';
import { assemble, needsSource } from './assemble.js';
import { blankComments } from './scan.js';
import { type Piece, readStage, type Stage, stageSpans, wrongAt } from './stages.js';
import { readStatements, type Statement } from './statements.js';

/** Event time as the last node before says it. */
export function timeSaid(drafts: readonly NodeDraft[]) {
  return drafts.findLast((draft) => 'time' in draft && draft.time !== undefined) as
    | Extract<NodeDraft, { kind: 'from' | 'gen' | 'window' }>
    | undefined;
}

function pieces(stage: Stage): Piece[] {
  return [...stage.args, ...[...stage.options.values()].filter((value) => value !== true)];
}

/** Moves a place inside an argument to the pipeline; any other place becomes the stage. */
function relocate(text: string, stage: Stage, place: Place | undefined): Place {
  if (place?.kind === 'text') {
    const within = pieces(stage).find((piece) => piece.text === place.text);
    const straight = within !== undefined && text.startsWith(within.text, within.start);
    if (straight) {
      return { kind: 'text', text, start: within.start + place.start, end: within.start + place.end };
    }
  }
  return { kind: 'text', text, start: stage.start, end: stage.end };
}

function draftsOf(
  text: string,
  stage: Stage,
  before: readonly NodeDraft[],
  stream: NonNullable<CommandContext['stream']>,
): readonly NodeDraft[] {
  const args = stage.args.map((piece) => piece.text);
  const raw: RawOptions = Object.fromEntries(
    [...stage.options].map(([name, value]) => [name, value === true ? true : value.text]),
  );
  try {
    checkArguments(stage.spec, args);
    return stage.spec.toNodes(args, readOptions(stage.spec.options, raw), {
      time: timeSaid(before)?.time,
      stream,
      pipeline: pipelineDrafts,
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, place: relocate(text, stage, error.details.place) });
  }
}

function checkPosition(text: string, stages: readonly Stage[], hasInput: boolean): void {
  stages.forEach((stage, i) => {
    const { role, name } = stage.spec;
    const end = stage.start + name.length;
    if (role === 'source' && (i > 0 || hasInput))
      throw wrongAt(text, stage.start, end, `${name} is a source and stands first`);
    if (role === 'sink' && i < stages.length - 1) {
      throw wrongAt(text, stage.start, end, `${name} ends a pipeline, and nothing can stand behind it`);
    }
  });
}

/** The streams that were named so far, and which of them were read. */
interface Streams {
  readonly drafts: Map<string, readonly NodeDraft[]>;
  readonly read: Set<string>;
}

/** The drafts of a pipeline; it may begin with the name of a stream. */
function draftsIn(text: string, statement: Statement, streams: Streams): readonly NodeDraft[] {
  const stream = (name: string): readonly NodeDraft[] | undefined => {
    const found = streams.drafts.get(name);
    if (found !== undefined) streams.read.add(name);
    return found;
  };
  const spans = stageSpans(text, statement);
  const begun = stream(text.slice(spans[0]!.start, spans[0]!.end).trim());
  const stages = (begun === undefined ? spans : spans.slice(1)).map((span) => readStage(text, span));
  checkPosition(text, stages, begun !== undefined);
  const drafts = [...(begun ?? [])];
  for (const stage of stages) drafts.push(...draftsOf(text, stage, drafts, stream));
  return drafts;
}

function checkNamed(text: string, { start, end }: Statement, drafts: readonly NodeDraft[]): void {
  const wrong = (message: string, hint: string): Error => wrongAt(text, start, end, message, hint);
  if (needsSource(drafts)) throw wrong('a stream begins with a source', 'name = from FILE | ...');
  if (drafts.at(-1)?.kind === 'to')
    throw wrong('a stream that has a name is not written', 'put to at the end of the last line');
}

function statementDrafts(text: string): readonly NodeDraft[] {
  const streams: Streams = { drafts: new Map(), read: new Set() };
  let asked: readonly NodeDraft[] = [];
  for (const statement of readStatements(text)) {
    const drafts = draftsIn(text, statement, streams);
    if (statement.name === undefined) asked = drafts;
    else {
      checkNamed(text, statement, drafts);
      streams.drafts.set(statement.name, drafts);
    }
  }
  const unread = [...streams.drafts.keys()].find((name) => !streams.read.has(name));
  if (unread === undefined) return asked;
  throw problem({ code: 'usage', message: `the stream ${unread} is named and not used` });
}

/** The nodes that pipeline text stands for, without a source when it names none. */
export function pipelineDrafts(source: string): readonly NodeDraft[] {
  const text = blankComments(source);
  if (text.trim() === '')
    throw problem({ code: 'usage', message: 'the pipeline is empty', hint: 'from ... | to ...' });
  try {
    return statementDrafts(text);
  } catch (error) {
    // Carets are shown under the text as it was written, comments and all; the offsets are the same.
    if (!isProblem(error) || error.details.place?.kind !== 'text') throw error;
    throw problem({ ...error.details, place: { ...error.details.place, text: source } });
  }
}

/** The plan of pipeline text. Throws problems whose place is the part of the text that is wrong. */
export function parsePipeline(text: string): Plan {
  return assemble(pipelineDrafts(text));
}
