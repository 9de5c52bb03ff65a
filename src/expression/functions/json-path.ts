/**
 * SQL/JSON paths such as `$.a.b[0]` and `lax $['a b'].*`: steps into JSON text. In strict mode, which is
 * Flink's unless `lax` is said, it is an error that something is not there.
 */
import { valueError } from '../value-error.js';
import { remembering } from './argument.js';
import { elementsOf, membersOf } from './json-slice.js';

/** One step: a member, an element (negative from the end), or all of them. */
type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'allMembers' }
  | { readonly kind: 'allElements' };

const memberStep = String.raw`\.(?:(\*)|([\p{L}_$][\p{L}\p{N}_$-]*)|"((?:[^"\\]|\\.)*)")`;
const bracketStep = String.raw`\.?\[\s*(?:(\*)|(-?\d+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]`;
let step: RegExp | undefined;

function unescaped(name: string): string {
  return name.replace(/\\(.)/gs, '$1');
}

function stepOf(match: RegExpExecArray): PathStep {
  const [, allMembers, plain, quoted, allElements, index, single, double] = match;
  if (allMembers !== undefined) return { kind: 'allMembers' };
  if (allElements !== undefined) return { kind: 'allElements' };
  if (index !== undefined) return { kind: 'element', index: Number(index) };
  return { kind: 'member', name: plain ?? unescaped(quoted ?? single ?? double ?? '') };
}

interface JsonPath {
  readonly steps: readonly PathStep[];
  readonly strict: boolean;
  /** With a wildcard it leads to a list, of however many. */
  readonly wild: boolean;
}

function parsePath(path: string): JsonPath {
  // Made when it is used: to read classes such as \p{L} takes time.
  step ??= new RegExp(`${memberStep}|${bracketStep}`, 'uy');
  const start = /^\s*(?:(lax|strict)\s+)?\$/i.exec(path);
  if (start === null) throw valueError(`the JSON path ${path} must start with $`);
  const trimmed = path.trimEnd();
  const steps: PathStep[] = [];
  let at = start[0].length;
  while (at < trimmed.length) {
    step.lastIndex = at;
    const match = step.exec(trimmed);
    if (match === null)
      throw valueError(`the JSON path ${path} cannot be understood from '${trimmed.slice(at)}'`);
    steps.push(stepOf(match));
    at = step.lastIndex;
  }
  const wild = steps.some(({ kind }) => kind === 'allMembers' || kind === 'allElements');
  return { steps, strict: start[1]?.toLowerCase() !== 'lax', wild };
}

const compiledPath = remembering(parsePath);

function follow(
  text: string,
  { kind, ...rest }: PathStep & { name?: string; index?: number },
): readonly string[] {
  switch (kind) {
    case 'member': {
      const found = membersOf(text)?.get(rest.name ?? '');
      return found === undefined ? [] : [found];
    }
    case 'element': {
      const found = elementsOf(text)?.at(rest.index ?? 0);
      return found === undefined ? [] : [found];
    }
    case 'allMembers':
      return [...(membersOf(text)?.values() ?? [])];
    case 'allElements':
      return elementsOf(text) ?? [];
  }
}

/** Where a path leads: the JSON text that is there, if any. A wildcard leads to an array of what it finds. */
export interface PathFind {
  readonly text: string | undefined;
  readonly strict: boolean;
  readonly wild: boolean;
}

/** Follows a path into JSON text. A path that makes no sense is a value error. */
export function followPath(text: string, path: string): PathFind {
  const { steps, strict, wild } = compiledPath(path);
  let found: readonly string[] = [text.trim()];
  for (const next of steps) found = found.flatMap((at) => follow(at, next));
  return { text: wild ? `[${found.join(',')}]` : found[0], strict, wild };
}
