/**
 * A writer whose logs are rotated as logs are: by renaming, by copying and cutting, with and without compression. Each line
 * names its log, its generation and its number, so that one that is missing, doubled or out of order can be told.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/** One log with its rotated files. */
interface Log {
  readonly name: string;
  /** Lines of each generation so far. */
  generation: number;
  written: number;
  /** What is missing of a line that was begun, with its newline; empty when none was. */
  rest: string;
  rotated: number;
}

export interface RotatingWriter {
  /** Every line that was begun, as it is when it has its end. */
  readonly lines: readonly string[];
  /** Writes some lines, or rotates or compresses a file. */
  step(): void;
  /** Ends the lines that were begun, so that all can arrive. */
  endLines(): void;
}

/** The line of a log, unlike every other line. */
export type SpellLine = (log: string, generation: number, number: number, padding: string) => string;

/** Plain text, which `outOfOrder` understands. */
export const plainLine: SpellLine = (log, generation, number, padding) =>
  `${log} ${generation} ${number} ${padding}`;

/** Writes to two logs in the folder; `random` says what comes next. */
export function createRotatingWriter(
  folder: string,
  random: (below: number) => number,
  spell: SpellLine = plainLine,
): RotatingWriter {
  const lines: string[] = [];
  const logs: Log[] = ['app.log', 'web.log'].map((name) => ({
    name,
    generation: 0,
    written: 0,
    rest: '',
    rotated: 0,
  }));
  const at = (name: string): string => path.join(folder, name);

  const append = (log: Log): void => {
    let text = log.rest;
    log.rest = '';
    for (let count = random(5); count > 0; count--) {
      const line = spell(log.name, log.generation, log.written++, 'x'.repeat(random(40)));
      lines.push(line);
      const whole = `${line}\n`;
      const isBegun = count === 1 && random(3) === 0;
      const cut = isBegun ? 1 + random(line.length) : whole.length;
      log.rest = whole.slice(cut);
      text += whole.slice(0, cut);
    }
    fs.appendFileSync(at(log.name), text);
  };
  const endLine = (log: Log): void => {
    if (log.rest !== '') fs.appendFileSync(at(log.name), log.rest);
    log.rest = '';
  };
  /** app.log.1 becomes app.log.2 and so on, compressed or not. */
  const shift = (log: Log): void => {
    for (let number = log.rotated; number >= 1; number--) {
      for (const end of ['', '.gz']) {
        const from = at(`${log.name}.${number}${end}`);
        if (fs.existsSync(from)) fs.renameSync(from, at(`${log.name}.${number + 1}${end}`));
      }
    }
    log.rotated++;
    log.generation++;
  };
  const rename = (log: Log): void => {
    endLine(log);
    if (!fs.existsSync(at(log.name))) return;
    shift(log);
    fs.renameSync(at(log.name), at(`${log.name}.1`));
  };
  const copyTruncate = (log: Log): void => {
    endLine(log);
    if (!fs.existsSync(at(log.name))) return;
    shift(log);
    fs.copyFileSync(at(log.name), at(`${log.name}.1`));
    fs.truncateSync(at(log.name), 0);
  };
  const compress = (log: Log): void => {
    const plain = at(`${log.name}.${1 + random(Math.max(1, log.rotated))}`);
    if (!fs.existsSync(plain)) return;
    const whole = zlib.gzipSync(fs.readFileSync(plain));
    fs.writeFileSync(`${plain}.gz`, whole);
    fs.rmSync(plain);
  };

  return {
    lines,
    step() {
      const log = logs[random(logs.length)]!;
      const choice = random(12);
      if (choice === 0) rename(log);
      else if (choice === 1) copyTruncate(log);
      else if (choice === 2) compress(log);
      else append(log);
    },
    endLines() {
      for (const log of logs) endLine(log);
    },
  };
}

/** Lines whose number does not rise within their file. */
export function outOfOrder(lines: readonly string[]): string[] {
  const last = new Map<string, number>();
  return lines.filter((line) => {
    const [name, generation, number] = line.split(' ') as [string, string, string];
    const before = last.get(`${name} ${generation}`) ?? -1;
    last.set(`${name} ${generation}`, Number(number));
    return Number(number) <= before;
  });
}

/** Lines that did not arrive, and lines that arrived again. */
export function compareLines(wanted: readonly string[], got: readonly string[]) {
  const counts = new Map<string, number>();
  for (const line of got) counts.set(line, (counts.get(line) ?? 0) + 1);
  const known = new Set(wanted);
  return {
    missing: wanted.filter((line) => !counts.has(line)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([line]) => line),
    foreign: got.filter((line) => !known.has(line)),
  };
}
