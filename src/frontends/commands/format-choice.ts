/**
 * The format of an input from its name (`nginx`, `nginx:combined`) and from --pattern and --columns, or from the ending
 * of its files where nothing names it.
 */
import { didYouMean, problem } from '../../diagnostics/index.js';
import type { FormatChoice } from '../../plan/index.js';
import { formatNames, textOf } from './options.js';
import type { OptionValues } from './spec.js';

function isFormatName(name: string): name is FormatChoice['name'] {
  return (formatNames as readonly string[]).includes(name);
}

function columnNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw problem({
    code: 'usage',
    message: `--columns has an empty name: ${text}`,
    hint: '--columns id,name,price',
  });
}

/** Reads `name` or `name:pattern`; `options` may hold --pattern and --columns. Throws usage problems. */
export function formatChoice(text: string, options: OptionValues): FormatChoice {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  if (!isFormatName(name)) {
    const hint = didYouMean(name, formatNames);
    throw problem({
      code: 'usage',
      message: `unknown format ${name}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const inName = colon < 0 ? undefined : text.slice(colon + 1);
  const inOption = textOf(options, 'pattern');
  if (inName !== undefined && inOption !== undefined) {
    throw problem({ code: 'usage', message: `the pattern is given twice: ${text} and --pattern` });
  }
  const pattern = inName ?? inOption;
  if (pattern !== undefined && name !== 'nginx' && name !== 'apache') {
    throw problem({
      code: 'usage',
      message: `the format ${name} takes no pattern`,
      hint: 'nginx and apache do',
    });
  }
  const columns = textOf(options, 'columns');
  if (columns !== undefined && name !== 'csv' && name !== 'tsv') {
    throw problem({
      code: 'usage',
      message: `the format ${name} takes no --columns`,
      hint: 'csv and tsv do',
    });
  }
  return {
    name,
    ...(pattern === undefined ? {} : { pattern }),
    ...(columns === undefined ? {} : { columns: columnNames(columns) }),
  };
}

/** The format that the ending of a path or glob says: csv, tsv, or json for every other. */
function formatOfPath(path: string): 'json' | 'csv' | 'tsv' {
  const ending = /\.(csv|tsv)(\.gz|\.zst)?$/i.exec(path)?.[1]?.toLowerCase();
  return ending === 'csv' || ending === 'tsv' ? ending : 'json';
}

/**
 * The format of an input: what --format says, else what the endings of its paths say, which must agree. Throws usage
 * problems.
 */
export function inputFormat(uris: readonly string[], options: OptionValues): FormatChoice {
  const said = textOf(options, 'format');
  if (said !== undefined) return formatChoice(said, options);
  const endings = new Set(uris.map(formatOfPath));
  if (endings.size <= 1) return formatChoice([...endings][0] ?? 'json', options);
  throw problem({
    code: 'usage',
    message: `one input has files that end like different formats: ${uris.join(', ')}`,
    hint: 'say --format when they are of one, or read them with several inputs of a union',
  });
}
