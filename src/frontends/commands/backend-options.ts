/**
 * Options about where open groups are kept while a run goes on. They need no store, for a question that is asked once may
 * have more groups than memory too; in a job, the stages behind the first learn them from the stream.
 */
import { problem } from '../../diagnostics/index.js';
import { readOptions, textOf } from './options.js';
import type { OptionSpec, RawOptions } from './spec.js';

export const backendOptions: readonly OptionSpec[] = [
  {
    flags: '--state-backend <where>',
    name: 'state-backend',
    kind: 'choice',
    choices: ['memory', 'disk'],
    default: 'memory',
    summary: 'where open groups are kept: in memory, or on disk beyond --state-memory',
  },
  {
    flags: '--state-memory <size>',
    name: 'state-memory',
    kind: 'text',
    default: '128MiB',
    summary: 'memory for open groups with --state-backend disk, such as 64MiB or 1GiB',
  },
];

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const defaultMemoryBytes = 128 * 2 ** 20;

function readSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b)?|b)?$/i.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * unitBytes[(match[2] ?? '').toLowerCase()]!;
  if (bytes >= 1) return Math.floor(bytes);
  throw problem({
    code: 'usage',
    message: `--state-memory is no size: ${JSON.stringify(text)}`,
    hint: 'write 64MiB, 512k or 1GiB',
  });
}

/** How many bytes of memory groups take before they go to disk; undefined when they stay in memory. */
export function readBackend(raw: RawOptions): number | undefined {
  const options = readOptions(backendOptions, raw);
  const size = textOf(options, 'state-memory');
  if (options['state-backend'] === 'disk') return size === undefined ? defaultMemoryBytes : readSize(size);
  if (size === undefined) return undefined;
  throw problem({
    code: 'usage',
    message: '--state-memory says how much memory the backend disk takes',
    hint: 'add --state-backend disk',
  });
}
