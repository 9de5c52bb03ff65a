/**
 * A filter of somebody else in the middle of a pipeline: records go through it, control lines around it. Before a control
 * line is passed on, everything that the filter owes for the records before it has come out. No filter can be asked for
 * that, and most hold their output back until they have a buffer full or their input ends; so there are three ways:
 * end it and start another one, count its lines, or send a mark through it and see it come out again.
 */
import { randomUUID } from 'node:crypto';
import { markFinder, parseControlLine, spellMark } from '../../stream/index.js';
import { type Child, type ChildOptions, commandName, commandProblem, startChild } from './child.js';
import { joinLines } from './lines.js';
import { createPassage, type Passage, type PassageOutput, type PassageWork } from './passage.js';

/** How it is known that a filter has given everything for what it was given. */
export type SettleKind = 'restart' | 'count' | 'mark';

export interface ViaOptions {
  readonly command: readonly string[];
  readonly ok: readonly number[];
  readonly settle: SettleKind;
  /** What comes out carries no event time: the stream line says none, and watermarks end here. */
  readonly untimed: boolean;
  onFailure(error: unknown): void;
  /** Says one line to the user. */
  say(line: string): void;
}

const newline = 0x0a;

type Filter = Pick<ChildOptions, 'command' | 'ok'>;

/** One run of the filter, whose whole lines are taken. */
function startFilter(filter: Filter, output: PassageOutput, take: (lines: Buffer) => void): Child {
  const joiner = joinLines(commandName(filter.command));
  const child = startChild({
    ...filter,
    take(piece) {
      take(joiner.add(piece));
      return output.room();
    },
  });
  const ended = child.ended.then(() => take(joiner.finish()));
  ended.catch(output.fail);
  return { ...child, ended };
}

/** To start a program takes milliseconds: whoever has it done so often wants to know. */
const toldAfter = 500;

const isEnd = (text: string): boolean => parseControlLine(text).kind === 'end';

/** A filter that looks at each line by itself: it is ended in front of a control line, and another one begins behind it. */
function restarting(filter: Filter, output: PassageOutput, say: ViaOptions['say']): PassageWork {
  let child: Child | undefined;
  let starts = 0;
  const start = (): Child => {
    if (++starts === toldAfter) {
      const why = 'once behind each control line; --settle count or mark starts it only once';
      say(`leat: ${commandName(filter.command)} has been started ${toldAfter} times, ${why}`);
    }
    child = startFilter(filter, output, output.lines);
    return child;
  };
  const settle = async (): Promise<void> => {
    if (child === undefined) return;
    child.close();
    await child.ended;
    child = undefined;
  };
  return {
    data: (bytes) => (child ?? start()).give(bytes),
    async control(text) {
      // What a filter says of no input at all is an answer too.
      if (isEnd(text) && starts === 0) start();
      await settle();
      output.control(text);
    },
    end: settle,
    kill: () => child?.kill(),
  };
}

/** The offset behind the n-th newline. */
function behindLine(lines: Buffer, count: number): number {
  let at = 0;
  for (let left = count; left > 0; left--) at = lines.indexOf(newline, at) + 1;
  return at;
}

function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(newline); at >= 0; at = lines.indexOf(newline, at + 1)) count++;
  return count;
}

/** A filter that gives one line for each line: control lines have their place by number. */
function counting(filter: Filter, output: PassageOutput): PassageWork {
  const waiting: { readonly behind: number; readonly text: string }[] = [];
  let given = 0;
  let taken = 0;
  const wrongCount = (): Error =>
    commandProblem(
      filter.command,
      `gave ${taken} lines for ${given}`,
      'with --settle count it must give one line for each line; --settle restart takes any filter',
    );
  const passControls = (): void => {
    while (waiting[0]?.behind === taken) output.control(waiting.shift()!.text);
  };
  const child = startFilter(filter, output, (lines) => {
    let rest = lines;
    for (let left = countLines(lines); left > 0; ) {
      const next = waiting[0] === undefined ? left : Math.min(left, waiting[0].behind - taken);
      const end = behindLine(rest, next);
      taken += next;
      left -= next;
      if (taken > given) throw wrongCount();
      output.lines(rest.subarray(0, end));
      rest = rest.subarray(end);
      passControls();
    }
  });
  return {
    data(bytes) {
      given += countLines(bytes);
      return untilEither(child, child.give(bytes));
    },
    control(text) {
      waiting.push({ behind: given, text });
      passControls();
      return undefined;
    },
    async end() {
      child.close();
      await child.ended;
      if (taken !== given) throw wrongCount();
    },
    kill: child.kill,
  };
}

/** Waits for the child to read, unless it fails before. */
function untilEither(child: Child, reading: Promise<void> | undefined): Promise<void> | undefined {
  return reading === undefined ? undefined : Promise.race([reading, child.ended]);
}

function eaten(filter: Filter, run: string): Error {
  return commandProblem(
    filter.command,
    'does not let the mark through',
    `with --settle mark it must pass on the line ${spellMark(run, 1).trim()}; --settle restart needs no mark`,
  );
}

/** Shows on a mark alone whether the filter lets it through. */
async function probe(filter: Filter, output: PassageOutput, run: string): Promise<void> {
  const find = markFinder(run);
  let seen = false;
  const child = startFilter(filter, output, (lines) => {
    seen ||= find(lines) !== undefined;
  });
  child.give(Buffer.from(spellMark(run, 0)));
  child.close();
  await child.ended;
  if (!seen) throw eaten(filter, run);
}

/** A filter that keeps something from line to line: marks go through it among the records. */
function marking(filter: Filter, output: PassageOutput): PassageWork {
  const run = randomUUID();
  const find = markFinder(run);
  const waiting: { readonly number: number; readonly text: string }[] = [];
  let marks = 0;
  let child: Child | undefined;
  const take = (lines: Buffer): void => {
    let rest = lines;
    for (let found = find(rest); found !== undefined; found = find(rest)) {
      output.lines(rest.subarray(0, found.start));
      const next = waiting.shift();
      if (next?.number !== found.number) throw eaten(filter, run);
      output.control(next.text);
      rest = rest.subarray(found.end);
    }
    output.lines(rest);
  };
  const start = async (): Promise<Child> => {
    await probe(filter, output, run);
    child = startFilter(filter, output, take);
    return child;
  };
  return {
    async data(bytes) {
      const reader = child ?? (await start());
      await untilEither(reader, reader.give(bytes));
    },
    async control(text) {
      if (child === undefined) return output.control(text);
      waiting.push({ number: ++marks, text });
      await untilEither(child, child.give(Buffer.from(spellMark(run, marks))));
    },
    async end() {
      child?.close();
      await child?.ended;
      if (waiting.length > 0) throw eaten(filter, run);
    },
    kill: () => child?.kill(),
  };
}

const works = { restart: restarting, count: counting, mark: marking } as const;

/** Opens the passage through a filter. */
export function openVia({ command, ok, settle, untimed, onFailure, say }: ViaOptions): Passage {
  const filter = { command, ok };
  const name = commandName(command);
  return createPassage({ name, untimed, onFailure }, (output) => works[settle](filter, output, say));
}
