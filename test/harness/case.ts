/**
 * A case: a folder test/cases/<topic>/<name> with an input, the question as a shell pipe and as pipeline
 * text, and the answer that is expected. `{folder}` in a question is the folder, for other inputs. case.json says the question; the other files are what goes in and
 * what must come out: expected.* (output), late.ndjson (late records; `{late}` in the question is the file
 * for them), copies.ndjson (copied records; `{copies}` is their file), rejected.txt (records that must be refused, as they are read).
 */
import fs from 'node:fs';
import path from 'node:path';
import { parsePipeline } from '../../src/frontends/index.js';
import { isForeign } from '../../src/plan/index.js';

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
  readonly folder: string;
  readonly inputPath: string;
  readonly input: Buffer;
  readonly expected: string;
  readonly late: readonly string[] | undefined;
  readonly copies: readonly string[] | undefined;
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
    folder,
    about: told.about,
    pipe: told.pipe.map((stage) => stage.replaceAll('{folder}', folder)),
    run: told.run.replaceAll('{folder}', folder),
    exit: told.exit ?? 0,
    inputPath: find('input'),
    input: fs.readFileSync(find('input')),
    expected: fs.readFileSync(find('expected'), 'utf8'),
    late: optional('late'),
    copies: optional('copies'),
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

/** A case that is answered from its input alone, by operators alone. */
export function readsOneInput({ run, exit }: Case): boolean {
  const plan = parsePipeline(run);
  const isAnswered = exit === 0 || exit === 3;
  return (
    isAnswered &&
    plan.nodes[0]?.kind === 'from' &&
    plan.nodes.every((node) => node.inputs.length < 2 && !isForeign(node))
  );
}

/** The other files of a case by path: what its question may read besides its input. */
export function filesOf({ folder, run }: Case): Readonly<Record<string, Buffer>> {
  const paths = fs.readdirSync(folder).map((name) => path.join(folder, name));
  return Object.fromEntries(
    paths.filter((file) => run.includes(file)).map((file) => [file, fs.readFileSync(file)]),
  );
}
