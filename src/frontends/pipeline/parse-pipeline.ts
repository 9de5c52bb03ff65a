/**
 * Pipeline text to plan: `from clicks.ndjson --time ts | window tumble 10s | aggregate count(*) as n --by country`.
 * Problems that arise inside an argument are moved to where the argument stands in the pipeline.
 */
import { isProblem, type Place, problem } from '../../diagnostics/index.js';
import type { Plan } from '../../plan/index.js';
import { checkArguments, type NodeDraft, type RawOptions, readOptions } from '../commands/index.js';
import { assemble } from './assemble.js';
import { blankComments } from './scan.js';
import { type Piece, readStages, type Stage, wrongAt } from './stages.js';

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

function draftsOf(text: string, stage: Stage, before: readonly NodeDraft[]): readonly NodeDraft[] {
  const args = stage.args.map((piece) => piece.text);
  const raw: RawOptions = Object.fromEntries(
    [...stage.options].map(([name, value]) => [name, value === true ? true : value.text]),
  );
  try {
    checkArguments(stage.spec, args);
    return stage.spec.toNodes(args, readOptions(stage.spec.options, raw), {
      time: timeSaid(before)?.time,
      pipeline: pipelineDrafts,
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw problem({ ...error.details, place: relocate(text, stage, error.details.place) });
  }
}

function checkPosition(text: string, stages: readonly Stage[]): void {
  stages.forEach((stage, i) => {
    const { role, name } = stage.spec;
    const end = stage.start + name.length;
    if (role === 'source' && i > 0)
      throw wrongAt(text, stage.start, end, `${name} is a source and stands first`);
    if (role === 'sink' && i < stages.length - 1) {
      throw wrongAt(text, stage.start, end, `${name} ends a pipeline, and nothing can stand behind it`);
    }
  });
}

/** The nodes that pipeline text stands for, without a source when it names none. */
export function pipelineDrafts(source: string): readonly NodeDraft[] {
  const text = blankComments(source);
  if (text.trim() === '')
    throw problem({ code: 'usage', message: 'the pipeline is empty', hint: 'from ... | to ...' });
  const drafts: NodeDraft[] = [];
  try {
    const stages = readStages(text);
    checkPosition(text, stages);
    for (const stage of stages) drafts.push(...draftsOf(text, stage, drafts));
  } catch (error) {
    // Carets are shown under the text as it was written, comments and all; the offsets are the same.
    if (!isProblem(error) || error.details.place?.kind !== 'text') throw error;
    throw problem({ ...error.details, place: { ...error.details.place, text: source } });
  }
  return drafts;
}

/** The plan of pipeline text. Throws problems whose place is the part of the text that is wrong. */
export function parsePipeline(text: string): Plan {
  return assemble(pipelineDrafts(text));
}
