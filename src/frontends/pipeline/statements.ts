/**
 * Pipeline text as statements: streams that are given a name, each beginning a line with `name =`, and the pipeline that
 * is asked at last. A statement goes on over lines; it ends where a line begins with the next name, with a source, or with
 * the name of a stream and a |, unless the line before ended with a | or an =.
 */
import { findCommand } from '../commands/index.js';
import { isSpace, skipWhole } from './scan.js';
import { wrongAt } from './stages.js';

/** The half-open span of a pipeline, and the name it is given. */
export interface Statement {
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
}

const naming = /^([A-Za-z_]\w*)\s*=(?!=)/;

/** Offsets of the first character of each line outside strings and brackets, blank lines left out. */
function lineStarts(text: string): number[] {
  const starts: number[] = [];
  let fresh = true;
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\n') fresh = true;
    else if (fresh && !isSpace(text[at])) {
      starts.push(at);
      fresh = false;
    }
    at = isSpace(text[at]) ? at + 1 : skipWhole(text, at);
  }
  return starts;
}

function checkName(text: string, name: string, start: number, names: ReadonlySet<string>): void {
  const wrong = (message: string): Error => wrongAt(text, start, start + name.length, message);
  if (names.has(name)) throw wrong(`there is a stream ${name} already`);
  if (findCommand(name) !== undefined) throw wrong(`${name} is a command and cannot be the name of a stream`);
}

/** Whether a line that begins with this word cannot belong to the statement before it. */
function beginsPipeline(text: string, at: number, names: ReadonlySet<string>): boolean {
  const [word] = /^[\w-]*/.exec(text.slice(at)) as unknown as [string];
  if (findCommand(word)?.role === 'source') return true;
  return names.has(word) && /^\s*(\||$)/.test(text.slice(at + word.length));
}

/** The statements of a text whose comments are blanked; one without a name when no stream is named. */
export function readStatements(text: string): readonly Statement[] {
  const starts = lineStarts(text);
  const whole = { name: undefined, start: 0, end: text.length };
  if (starts[0] === undefined || !naming.test(text.slice(starts[0]))) return [whole];
  const names = new Set<string>();
  const found: { name: string | undefined; start: number; at: number }[] = [];
  for (const at of starts) {
    const goesOn = /[|=]\s*$/.test(text.slice(0, at));
    const named = goesOn ? null : naming.exec(text.slice(at));
    if (named !== null) {
      checkName(text, named[1]!, at, names);
      names.add(named[1]!);
      found.push({ name: named[1], start: at + named[0].length, at });
    } else if (!goesOn && beginsPipeline(text, at, names)) found.push({ name: undefined, start: at, at });
  }
  const unnamed = found.findIndex(({ name }) => name === undefined);
  const last = found.at(-1)!;
  if (unnamed < 0) {
    const hint = `${last.name} | to -`;
    throw wrongAt(
      text,
      last.at,
      last.at + last.name!.length,
      'streams are named, and nothing is asked',
      hint,
    );
  }
  if (unnamed < found.length - 1) {
    const next = found[unnamed + 1]!;
    throw wrongAt(text, next.at, next.start, 'the pipeline that is asked stands last, and only once');
  }
  return found.map(({ name, start }, index) => ({ name, start, end: found[index + 1]?.at ?? text.length }));
}
