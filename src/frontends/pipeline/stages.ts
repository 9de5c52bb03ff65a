/**
 * Pipeline text as stages: a command, its arguments and its options, each piece with its span. A stage
 * ends at a | that stands outside strings and brackets and is not SQL's ||. An expression needs no quotes
 * and ends with the stage or at the next --option; a piece that is wholly in quotes is taken without them,
 * so that the words of the shell work too.
 */
import { didYouMean, type Problem, problem } from '../../diagnostics/index.js';
import {
  backendOptions,
  type CommandSpec,
  commandTable,
  findCommand,
  globalOptions,
  jobOptions,
  type OptionSpec,
  outputOptionsOf,
  shellOptionsOf,
  unknownCommand,
} from '../commands/index.js';
import { isQuote, isSpace, skipString, skipWhole } from './scan.js';

/** A piece of pipeline text without its quotes; `start` is where `text` begins in the pipeline. */
export interface Piece {
  readonly text: string;
  readonly start: number;
}

export interface Stage {
  readonly spec: CommandSpec;
  readonly args: readonly Piece[];
  readonly options: ReadonlyMap<string, Piece | true>;
  readonly start: number;
  readonly end: number;
}

interface Reader {
  /** The whole pipeline, comments blanked. */
  readonly text: string;
  readonly end: number;
  at: number;
}

export function wrongAt(text: string, start: number, end: number, message: string, hint?: string): Problem {
  return problem({
    code: 'usage',
    message,
    place: { kind: 'text', text, start, end },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A half-open part of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The spans of the stages of a pipeline. */
export function stageSpans(text: string, pipeline: Span): readonly Span[] {
  const spans: Span[] = [];
  let { start } = pipeline;
  for (let i = start; i < pipeline.end; ) {
    if (text[i] === '|' && text[i + 1] === '|') i += 2;
    else if (text[i] === '|') {
      spans.push({ start, end: i });
      i += 1;
      start = i;
    } else i = skipWhole(text, i);
  }
  spans.push({ start, end: pipeline.end });
  return spans;
}

function skipSpaces(reader: Reader): void {
  while (reader.at < reader.end && isSpace(reader.text[reader.at])) reader.at++;
}

/** Whether an option such as --by begins here. Only asked at the start of a word. */
function atOption(reader: Reader): boolean {
  return /^--[A-Za-z]/.test(reader.text.slice(reader.at, Math.min(reader.at + 3, reader.end)));
}

function unquote(piece: Piece): Piece {
  const { text, start } = piece;
  const quote = text[0]!;
  if (quote === '`' || !isQuote(quote) || skipString(text, 0) !== text.length) return piece;
  return { text: text.slice(1, -1).replaceAll(quote + quote, quote), start: start + 1 };
}

/** A piece up to white space outside strings and brackets. */
function readWord(reader: Reader): Piece {
  const start = reader.at;
  while (reader.at < reader.end && !isSpace(reader.text[reader.at]))
    reader.at = skipWhole(reader.text, reader.at);
  return { text: reader.text.slice(start, reader.at), start };
}

/** A piece up to the next --option or the end of the stage. */
function readExpression(reader: Reader): Piece {
  const start = reader.at;
  let end = start;
  while (reader.at < reader.end && !atOption(reader)) {
    readWord(reader);
    end = reader.at;
    skipSpaces(reader);
  }
  return unquote({ text: reader.text.slice(start, end), start });
}

/**
 * A list in front of the arguments, as in `aggregate --by country, page count(*)`: words go on while there is a comma
 * or an `as` between them.
 */
function readList(reader: Reader): Piece {
  const start = reader.at;
  let end = start;
  for (let more = true; more; ) {
    const word = readWord(reader);
    end = reader.at;
    skipSpaces(reader);
    const rest = reader.text.slice(reader.at, reader.end);
    more = /^(,|as\s)/i.test(rest) || (/(,|^as)$/i.test(word.text) && rest !== '' && !atOption(reader));
  }
  return unquote({ text: reader.text.slice(start, end), start });
}

function unknownOption(reader: Reader, spec: CommandSpec, name: string, start: number, end: number): Problem {
  const { text } = reader;
  if ([...globalOptions, ...jobOptions, ...backendOptions].some((option) => option.name === name)) {
    const said = `--${name} is about the whole run`;
    return wrongAt(
      text,
      start,
      end,
      said,
      `put it behind leat run, outside the pipeline: leat run --${name} "..."`,
    );
  }
  if (shellOptionsOf(spec).some((option) => option.name === name)) {
    const stage = outputOptionsOf(spec).some((option) => option.name === name) ? 'to' : 'from';
    return wrongAt(
      text,
      start,
      end,
      `a stage of a pipeline has no --${name}`,
      `use a stage of its own: ${stage} ...`,
    );
  }
  const names = spec.options.map((option) => option.name);
  const hint = didYouMean(name, names)?.replace('did you mean ', 'did you mean --');
  return wrongAt(text, start, end, `${spec.name} has no option --${name}`, hint);
}

/** A value of two words, if another one follows that is no option. */
function readOneMore(reader: Reader, piece: Piece): Piece {
  skipSpaces(reader);
  if (reader.at >= reader.end || reader.text.startsWith('--', reader.at)) return piece;
  return { text: `${piece.text} ${readWord(reader).text}`, start: piece.start };
}

function readOptionValue(reader: Reader, option: OptionSpec, hasArguments: boolean): Piece | true {
  if (option.kind === 'flag') return true;
  skipSpaces(reader);
  if (reader.at >= reader.end) {
    throw wrongAt(
      reader.text,
      reader.end - 1,
      reader.end,
      `option --${option.name} needs a value: ${option.flags}`,
    );
  }
  if (option.kind !== 'list') {
    const word = readWord(reader);
    return option.continues?.test(word.text) === true ? readOneMore(reader, word) : unquote(word);
  }
  return hasArguments ? readExpression(reader) : readList(reader);
}

function readOption(
  reader: Reader,
  spec: CommandSpec,
  hasArguments: boolean,
): { name: string; value: Piece | true } {
  const start = reader.at;
  const [, name] = /^--([A-Za-z][\w-]*)/.exec(reader.text.slice(start, reader.end))!;
  reader.at += 2 + name!.length;
  const option = spec.options.find((known) => known.name === name);
  if (option === undefined) throw unknownOption(reader, spec, name!, start, reader.at);
  if (reader.text[reader.at] === '=' && option.kind !== 'flag') reader.at++;
  else if (reader.at < reader.end && !isSpace(reader.text[reader.at])) {
    throw wrongAt(reader.text, start, reader.at + 1, `option --${name} is not followed by a space`);
  }
  return { name: option.name, value: readOptionValue(reader, option, hasArguments) };
}

function readCommand(reader: Reader): CommandSpec {
  skipSpaces(reader);
  if (reader.at >= reader.end) {
    const start = Math.max(0, Math.min(reader.end, reader.text.length - 1));
    throw wrongAt(reader.text, start, start + 1, 'there is no stage here', 'stages are separated by one |');
  }
  const word = readWord(reader);
  const end = word.start + word.text.length;
  const rest = reader.text.slice(end, reader.end);
  if (/^\s*=(?!=)/.test(rest) || /^[\w-]+=/.test(word.text)) {
    throw wrongAt(
      reader.text,
      word.start,
      end,
      'a stream is named at the beginning of a line',
      'the first line of the text names one, or none is named',
    );
  }
  const spec = findCommand(word.text);
  const among = commandTable.filter(({ role }) => role !== 'question');
  if (spec !== undefined && spec.role !== 'question') return spec;
  if (spec !== undefined) {
    throw wrongAt(reader.text, word.start, end, `${spec.name} takes a pipeline and cannot stand in one`);
  }
  const leat = word.text === 'leat' ? 'inside a pipeline the stages are written without leat' : undefined;
  if (leat !== undefined) throw wrongAt(reader.text, word.start, end, 'leat is not a stage', leat);
  const unknown = unknownCommand(word.text, among) as Problem;
  throw problem({ ...unknown.details, place: { kind: 'text', text: reader.text, start: word.start, end } });
}

/** The words of a command, up to the end of the stage; -- may stand before them. */
function readCommandWords(reader: Reader): readonly Piece[] {
  const words: Piece[] = [];
  for (; reader.at < reader.end; skipSpaces(reader)) words.push(unquote(readWord(reader)));
  return words[0]?.text === '--' ? words.slice(1) : words;
}

/** Reads a stage. Throws usage and syntax problems with their place in the text, whose comments are blanked. */
export function readStage(text: string, span: Span): Stage {
  const reader: Reader = { text, end: span.end, at: span.start };
  const spec = readCommand(reader);
  const args: Piece[] = [];
  const options = new Map<string, Piece | true>();
  const free = spec.arguments[0]?.kind === 'expression';
  const takesCommand = spec.arguments[0]?.kind === 'command';
  for (skipSpaces(reader); reader.at < reader.end; skipSpaces(reader)) {
    if (takesCommand && !atOption(reader)) args.push(...readCommandWords(reader));
    else if (atOption(reader)) {
      const at = reader.at;
      const { name, value } = readOption(reader, spec, args.length > 0 || !free);
      if (options.has(name)) throw wrongAt(text, at, reader.at, `--${name} is given twice`);
      options.set(name, value);
    } else {
      args.push(free ? readExpression(reader) : unquote(readWord(reader)));
    }
  }
  const start = span.start + /^\s*/.exec(text.slice(span.start, span.end))![0].length;
  return { spec, args, options, start, end: span.start + text.slice(span.start, span.end).trimEnd().length };
}
