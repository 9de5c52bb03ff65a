/**
 * The fields of the input that a command line reads: of the first record of the file behind `from`, --from or <. Whatever
 * goes wrong, there is nothing to complete.
 */
import fs from 'node:fs';
import { runLocal } from '../../backends/local/index.js';
import { printPath } from '../../expression/index.js';
import { findCommand, planOfCommand, type RawOptions } from '../../frontends/index.js';

const word = /'([^']*)'|"([^"]*)"|([^\s|<>'"]+)/y;

/** The word of the shell that begins at `at`, without its quotes. */
function wordAt(line: string, at: number): string | undefined {
  word.lastIndex = at;
  const found = word.exec(line);
  return found === null ? undefined : (found[1] ?? found[2] ?? found[3]);
}

function wordBehind(line: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(line);
  return found === null ? undefined : wordAt(line, found.index + found[0].length);
}

interface ReadFile {
  readonly path: string;
  readonly format: string | undefined;
}

/** The file that is read at the head of the line. */
function fileOf(line: string): ReadFile | undefined {
  const path = wordBehind(line, /(?:\bfrom\s+|--from[ =]\s*|<\s*|\bcat\s+)(?=['"\w./~])/);
  if (path === undefined) return undefined;
  return { path, format: wordBehind(line, /(?:--format[ =]|\bparse\s)\s*/) };
}

/** Runs the source until its first record has left. */
async function firstRecord({ path, format }: ReadFile): Promise<string> {
  const options: RawOptions = format === undefined ? {} : { format };
  const plan = planOfCommand(findCommand('from')!, [path], options);
  let text = '';
  const stop = new AbortController();
  await runLocal(plan, {
    say() {},
    marks: 'never',
    chunkBytes: 1 << 16,
    signal: stop.signal,
    open: {
      sink: () => ({
        name: 'fields',
        kind: 'file',
        get closedByReader() {
          return text.includes('\n');
        },
        write(bytes, length) {
          text += bytes.toString('utf8', 0, length);
          stop.abort();
          return bytes;
        },
        drained: () => undefined,
        flushed: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
    },
  });
  return text.slice(0, text.indexOf('\n'));
}

function namesIn(record: Readonly<Record<string, unknown>>, above: readonly string[] = []): string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = [...above, name];
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [printPath(path), ...(isNested ? namesIn(value as Record<string, unknown>, path) : [])];
  });
}

/** The names, also of nested fields; empty when none are known. */
export async function fieldsOf(line: string): Promise<readonly string[]> {
  const file = fileOf(line);
  if (file === undefined || fs.statSync(file.path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  try {
    return namesIn(JSON.parse(await firstRecord(file)) as Record<string, unknown>);
  } catch {
    return [];
  }
}
