/**
 * A case: a folder test/cases/<topic>/<name> with an input, the question as a shell pipe and as pipeline
 * text, and the answer that is expected. case.json says the question; the other files are what goes in and
 * what must come out: expected.* (output), late.ndjson (late records; `{late}` in the question is the file
 * for them), rejected.txt (records that must be refused, as they are read).
 */
import fs from 'node:fs';
import path from 'node:path';

export interface Case {
  /** topic/name */
  readonly name: string;
  /** One sentence on what it shows. */
  readonly about: string;
  /** Stages as they are typed behind `leat`. */
  readonly pipe: readonly string[];
  /** The same question as pipeline text. */
  readonly run: string;
  /** Exit status; 0 if it is not said. */
  readonly exit: number;
  readonly inputPath: string;
  readonly input: Buffer;
  readonly expected: string;
  readonly late: readonly string[] | undefined;
  readonly rejected: readonly string[];
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

function readCase(folder: string, name: string): Case {
  const files = fs.readdirSync(folder);
  const find = (stem: string): string => {
    const file = files.find((one) => one.startsWith(`${stem}.`));
    if (file === undefined) throw new Error(`the case ${name} has no file ${stem}.*`);
    return path.join(folder, file);
  };
  const told = JSON.parse(fs.readFileSync(find('case'), 'utf8')) as {
    about: string;
    pipe: string[];
    run: string;
    exit?: number;
  };
  const optional = (stem: string): string[] | undefined =>
    files.some((file) => file.startsWith(`${stem}.`))
      ? linesOf(fs.readFileSync(find(stem), 'utf8'))
      : undefined;
  return {
    name,
    about: told.about,
    pipe: told.pipe,
    run: told.run,
    exit: told.exit ?? 0,
    inputPath: find('input'),
    input: fs.readFileSync(find('input')),
    expected: fs.readFileSync(find('expected'), 'utf8'),
    late: optional('late'),
    rejected: optional('rejected') ?? [],
  };
}

/** All cases below a folder, by name. */
export function readCases(folder: string): Case[] {
  return fs
    .readdirSync(folder)
    .sort()
    .flatMap((topic) =>
      fs
        .readdirSync(path.join(folder, topic))
        .sort()
        .map((name) => readCase(path.join(folder, topic, name), `${topic}/${name}`)),
    );
}
