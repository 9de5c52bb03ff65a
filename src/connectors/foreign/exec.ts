/**
 * A command for each record or each window, several at a time. What comes of them leaves in the order of what they were
 * given, control lines among it. A command that fails is run again after a pause that doubles; when it has failed for good,
 * what it was given is refused like any record that cannot be used.
 */
import { isProblem } from '../../diagnostics/index.js';
import { membersOf } from '../../record/index.js';
import { spellControlLine } from '../../stream/index.js';
import { fillIn, namesFields } from './arguments.js';
import { type Child, commandName, startChild, wasNotStarted } from './child.js';
import { joinLines } from './lines.js';
import { createPassage, type Passage, type PassageOutput, type PassageWork } from './passage.js';

export interface ExecOptions {
  readonly command: readonly string[];
  readonly per: 'record' | 'window';
  readonly jobs: number;
  readonly retries: number;
  readonly ok: readonly number[];
  /** The field for what was printed; without it what was printed are the records. */
  readonly as: string | undefined;
  onFailure(error: unknown): void;
}

const newline = 0x0a;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** What has come of one run, or a control line between two. */
type Result =
  | { readonly kind: 'lines'; readonly bytes: Buffer }
  | { readonly kind: 'control'; readonly text: string };

/** Records that one run is given. */
interface Group {
  readonly lines: readonly Buffer[];
  /** Number of the first of them. */
  readonly number: number;
}

function refusal(options: ExecOptions, { lines, number }: Group, reason: string): Result {
  const source = commandName(options.command);
  const texts = lines.map((line, index) => ({ line: number + index, text: line.toString().trimEnd() }));
  return { kind: 'control', text: spellControlLine({ kind: 'refused', source, reason, records: texts }) };
}

function withResult(line: Buffer, field: string, printed: Buffer): Buffer {
  const value = JSON.stringify(printed.toString().replace(/\r?\n$/, ''));
  const others = membersOf(line.toString()).filter(([name]) => name !== field);
  const members = [
    ...others.map(([name, text]) => `${JSON.stringify(name)}:${text}`),
    `${JSON.stringify(field)}:${value}`,
  ];
  return Buffer.from(`{${members.join(',')}}\n`);
}

/** The runs of the command that are under way, and how to end them. */
function createRunner(options: ExecOptions) {
  const { command, ok, per, retries, as } = options;
  const living = new Set<Child>();
  const fills = namesFields(command);
  let isOver = false;

  const runOnce = async (words: readonly string[], group: Group, variables: Record<string, string>) => {
    const printed: Buffer[] = [];
    const take = (bytes: Buffer): undefined => void printed.push(bytes);
    const child = startChild({ command: words, ok, variables, mayLeave: true, take });
    living.add(child);
    try {
      for (const line of group.lines) await child.give(line);
      child.close();
      await child.ended;
    } finally {
      living.delete(child);
    }
    return Buffer.concat(printed);
  };

  const whole = (printed: Buffer): Buffer => {
    const joiner = joinLines(commandName(command));
    return Buffer.concat([joiner.add(printed), joiner.finish()]);
  };

  return {
    async run(group: Group): Promise<Result> {
      const first = group.lines[0]!;
      const members = fills || per === 'window' ? membersOf(first.toString()) : [];
      const made = fillIn(command, members);
      if (made.kind === 'refused') return refusal(options, group, made.reason);
      const variables: Record<string, string> = {};
      for (const [name, value] of per === 'window' ? members : []) {
        if (name === 'window_start' || name === 'window_end')
          variables[`LEAT_${name.toUpperCase()}`] = String(JSON.parse(value));
      }
      for (let attempt = 0; ; attempt++) {
        try {
          const printed = await runOnce(made.command, group, {
            ...variables,
            LEAT_ATTEMPT: String(attempt + 1),
          });
          return { kind: 'lines', bytes: as === undefined ? whole(printed) : withResult(first, as, printed) };
        } catch (error) {
          if (!isProblem(error) || isOver || wasNotStarted(error)) throw error;
          if (attempt >= retries) return refusal(options, group, error.details.message);
          const pauseMs = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs);
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          if (isOver) throw error;
        }
      }
    },
    kill(): void {
      isOver = true;
      for (const child of living) child.kill();
    },
  };
}

/** So many results may wait for one in front of them, for each run at a time. */
const waitingPerJob = 4;

/** Starts runs as there is room for them, and passes on what came of them in order. */
function createLine(options: ExecOptions, output: PassageOutput) {
  const runner = createRunner(options);
  const results: Promise<Result>[] = [];
  let running = 0;
  let passing: Promise<void> = Promise.resolve();
  let waiting: (() => void)[] = [];
  const changed = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const passFirst = async (): Promise<void> => {
    const result = await results[0]!;
    results.shift();
    changed();
    if (result.kind === 'lines') output.lines(result.bytes);
    else output.control(result.text);
    await output.room();
  };
  const enqueue = (result: Promise<Result>): void => {
    results.push(result);
    passing = passing.then(passFirst);
    passing.catch(output.fail);
  };
  return {
    async start(group: Group): Promise<void> {
      while (running >= options.jobs || results.length >= waitingPerJob * options.jobs)
        await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), passing.then(() => {})]);
      running++;
      const run = runner.run(group).finally(() => {
        running--;
        changed();
      });
      run.catch(output.fail);
      enqueue(run);
    },
    control(text: string): void {
      enqueue(Promise.resolve({ kind: 'control', text }));
    },
    done: () => passing,
    kill: runner.kill,
  };
}

function linesIn(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at) + 1;
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  return lines;
}

/** The window that a record says it is in. */
function windowOf(line: Buffer): string {
  const members = membersOf(line.toString());
  return members
    .filter(([name]) => name === 'window_start' || name === 'window_end')
    .map(([, value]) => value)
    .join();
}

function workOf(options: ExecOptions, output: PassageOutput): PassageWork {
  const line = createLine(options, output);
  const isWindowed = options.per === 'window';
  let group: Buffer[] = [];
  let window = '';
  let number = 0;
  const startGroup = async (): Promise<void> => {
    if (group.length === 0) return;
    const lines = group;
    group = [];
    await line.start({ lines, number: number - lines.length + 1 });
  };
  return {
    async data(bytes) {
      for (const record of linesIn(bytes)) {
        const here = isWindowed ? windowOf(record) : '';
        if (!isWindowed || here !== window) await startGroup();
        window = here;
        number++;
        group.push(record);
      }
      if (!isWindowed) await startGroup();
    },
    async control(text) {
      await startGroup();
      line.control(text);
    },
    // A window leaves as a whole: when its chunk is done, so is the window.
    rest: startGroup,
    async end() {
      await startGroup();
      await line.done();
    },
    kill: line.kill,
  };
}

/** Opens the passage through the runs of a command. */
export function openExec(options: ExecOptions): Passage {
  const { command, as, onFailure } = options;
  const name = commandName(command);
  return createPassage({ name, untimed: as === undefined, onFailure }, (output) => workOf(options, output));
}
