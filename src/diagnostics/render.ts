/**
 * Problems as text for a person: the sentence, the place (with a caret under the span of a text), the hint.
 * Knows nothing of terminals; colour is handed in as a function so that this room depends on nothing.
 */
import type { Place, ProblemDetails } from './problem.js';

/** Marks up a piece of the message; the default leaves it plain. */
export type Paint = (style: 'error' | 'caret' | 'hint', text: string) => string;

const plain: Paint = (_style, text) => text;

function renderSpan(place: Extract<Place, { kind: 'text' }>, paint: Paint): string[] {
  const lineStart = place.text.lastIndexOf('\n', place.start - 1) + 1;
  const newline = place.text.indexOf('\n', place.start);
  const line = place.text.slice(lineStart, newline < 0 ? undefined : newline);
  const column = place.start - lineStart;
  const width = Math.max(1, Math.min(place.end, lineStart + line.length) - place.start);
  return [`  ${line}`, `  ${' '.repeat(column)}${paint('caret', '^'.repeat(width))}`];
}

function placeBefore(place: Place | undefined): string {
  switch (place?.kind) {
    case 'record':
      return `${place.source}:${place.line}: `;
    case 'file':
      return `${place.path}: `;
    case 'argument':
      return `${place.name}: `;
    default:
      return '';
  }
}

/** The problem as lines of text without a trailing newline. */
export function renderProblem(details: ProblemDetails, paint: Paint = plain): string {
  const lines = [`${paint('error', 'leat:')} ${placeBefore(details.place)}${details.message}`];
  if (details.place?.kind === 'text') lines.push(...renderSpan(details.place, paint));
  if (details.hint !== undefined) lines.push(`  ${paint('hint', 'hint:')} ${details.hint}`);
  return lines.join('\n');
}
