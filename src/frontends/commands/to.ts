/** `to`: writes records to stdout or a file. */
import { problem } from '../../diagnostics/index.js';
import type { ToNode } from '../../plan/index.js';
import { textOf } from './options.js';
import type { CommandSpec, NodeDraft } from './spec.js';

export const outputFormats = ['json', 'csv', 'tsv', 'table'] as const;

function formatOf(uri: string, said: string | undefined): ToNode['format'] {
  const known = outputFormats.find((format) => format === said);
  if (known !== undefined) return known;
  if (said !== undefined) throw problem({ code: 'usage', message: `--format cannot be ${said}` });
  if (/\.csv$/i.test(uri)) return 'csv';
  return /\.tsv$/i.test(uri) ? 'tsv' : 'json';
}

/** The sink that writes to `uri`; without a format said, the name of the file decides. */
export function toDraft(uri: string, format?: string): NodeDraft {
  return { kind: 'to', uri, format: formatOf(uri, format) };
}

export const toCommand: CommandSpec = {
  name: 'to',
  summary: 'write records to stdout or a file',
  description: `Ends a pipeline. Writes NDJSON, CSV or TSV with a header line, or a table for people; a table is written when the input
has ended. Without --format the ending .csv or .tsv of the path decides. Control lines are never written.`,
  role: 'sink',
  arguments: [
    { name: 'uri', summary: 'path, or - for stdout', required: false, variadic: false, kind: 'word' },
  ],
  options: [
    {
      flags: '--format <name>',
      name: 'format',
      kind: 'choice',
      choices: outputFormats,
      default: 'json',
      summary: 'format of the output',
    },
  ],
  examples: [
    {
      shell: "leat aggregate 'count(*)' --by country < examples/clicks.ndjson | leat to --format table",
      says: 'a table for people',
    },
    { shell: 'leat from examples/access.log --format nginx | leat to access.csv', says: 'a log as CSV' },
  ],
  toNodes(args, options) {
    return [toDraft(args[0] ?? '-', textOf(options, 'format'))];
  },
};
