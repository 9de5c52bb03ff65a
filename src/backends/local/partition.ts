/**
 * Which partition a row belongs to: the sub-folders that a pattern gives for its event time and its values,
 * and the event time at which the partition is over. Names are made once for each combination that occurs.
 */
import { encodeValue, folderName } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { buildPartitionValues, type Place, type Reports } from '../../operators/index.js';
import { type PartitionPiece, readPartition } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import { compileLetterPattern, type PatternSpan, patternSpan } from '../../time/index.js';

export interface Route {
  readonly partition: string;
  readonly endMs: number;
}

export interface Router {
  /** To be called for each batch before its rows are routed. */
  compute(batch: Batch): void;
  routeOf(batch: Batch, row: number): Route;
}

/** Combinations whose names are remembered. */
const mostRemembered = 10_000;

const endless: PatternSpan = { texts: [], fromMs: -Infinity, endMs: Number.POSITIVE_INFINITY };

/** The path of sub-folders for the texts of times and values, in the order of the pattern. */
function pathOf(
  pieces: readonly PartitionPiece[],
  times: readonly string[],
  values: readonly (string | undefined)[],
): string {
  const names: string[][] = [[]];
  let time = 0;
  let value = 0;
  for (const piece of pieces) {
    if (piece.kind === 'expression') {
      names.at(-1)!.push(encodeValue(values[value++]));
      continue;
    }
    const text = piece.kind === 'text' ? piece.text : times[time++]!;
    text.split('/').forEach((part, index) => {
      if (index > 0) names.push([]);
      names.at(-1)!.push(part);
    });
  }
  return names.map(folderName).join('/');
}

function needTime(place: Place, pattern: string): void {
  if (place.time !== undefined) return;
  throw problem({
    code: 'plan',
    message: `the partition ${pattern} is by event time, and the records have none`,
    hint: 'name the field that holds it where they are read: from ... --time FIELD',
  });
}

/** Builds the router of a pattern for the records at a place; before the scanner is made. */
export function buildRouter(pattern: string, zone: string, place: Place): (reports: Reports) => Router {
  const pieces = readPartition(pattern);
  const patterns = pieces.flatMap((piece) =>
    piece.kind === 'time' ? compileLetterPattern(piece.pattern) : [],
  );
  const expressions = pieces.flatMap((piece) => (piece.kind === 'expression' ? piece.expression : []));
  if (patterns.length > 0) needTime(place, pattern);
  const build = buildPartitionValues(expressions, place);
  return (reports) => {
    const computed = build(reports);
    const routes = new Map<string, Route>();
    let span = patterns.length === 0 ? endless : undefined;
    return {
      compute: (batch) => computed.compute(batch),
      routeOf(batch, row) {
        const time = batch.times[row]!;
        if (span === undefined || (patterns.length > 0 && !(time >= span.fromMs && time < span.endMs))) {
          span = patternSpan(patterns, time, zone);
        }
        const values = expressions.map((_, index) => computed.valueOf(batch, index, row));
        const key =
          values.length === 0
            ? String(span.fromMs)
            : JSON.stringify([span.fromMs, ...values.map((value) => value ?? null)]);
        let route = routes.get(key);
        if (route === undefined) {
          if (routes.size >= mostRemembered) routes.clear();
          route = { partition: pathOf(pieces, span.texts, values), endMs: span.endMs };
          routes.set(key, route);
        }
        return route;
      },
    };
  };
}
