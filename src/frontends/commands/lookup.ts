/** `lookup`: fields of a table file for each record. */
import { problem } from '../../diagnostics/index.js';
import {
  barePath,
  type Expression,
  parseSelectList,
  printExpression,
  printPath,
} from '../../expression/index.js';
import { defaultName, type LookupKey, type LookupNode, type NamedExpression } from '../../plan/index.js';
import { readKeys } from './expressions.js';
import { inputFormat } from './format-choice.js';
import { formatOptions, textOf } from './options.js';
import type { CommandSpec, OptionValues } from './spec.js';

const tableFormats = ['json', 'csv', 'tsv'] as const;

function wrongKey(text: string, message: string): Error {
  return problem({
    code: 'usage',
    message,
    place: { kind: 'text', text, start: 0, end: text.length },
    hint: "--on 'user = id' says that user of the record is id of the table; --on id, that both are called so",
  });
}

function keyOf(text: string, expression: Expression): LookupKey {
  const pair = expression.kind === 'binary' && expression.operator === '=';
  const [left, right] = pair ? [expression.left, expression.right] : [expression, expression];
  if (right.kind !== 'path') throw wrongKey(text, `${printExpression(right)} is no field of the table`);
  return { expression: printExpression(left), field: printPath(right.path) };
}

/** Reads `user = id, lower(page) = page, country`. */
function readOn(text: string): readonly LookupKey[] {
  const { star, items } = parseSelectList(text);
  if (star) {
    throw wrongKey(text, '--on takes pairs of fields that have to be equal');
  }
  return items.map(({ expression }) => keyOf(text, expression));
}

/** Reads `plan, country as land, address.city`. */
function readFields(text: string): readonly NamedExpression[] {
  const fields = readKeys(text);
  const other = fields.find(({ expression }) => barePath(expression) === undefined);
  if (other === undefined) return fields;
  throw problem({
    code: 'usage',
    message: `--fields takes fields of the table, not ${other.expression}`,
    place: { kind: 'text', text, start: 0, end: text.length },
    hint: 'compute behind it: lookup ... | select *, upper(plan) as plan',
  });
}

/** The name of a file without folder and extensions. */
function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return name.replace(/(?<=.)\.(gz|zst)$/, '').replace(/(?<=.)\.[^.]*$/, '');
}

function formatOf(file: string, options: OptionValues): LookupNode['format'] {
  const format = inputFormat([file], options);
  if ((tableFormats as readonly string[]).includes(format.name)) return format;
  throw problem({
    code: 'usage',
    message: `a table cannot be ${format.name}`,
    hint: `its format is one of ${tableFormats.join(', ')}`,
  });
}

function prefixOf(file: string, options: OptionValues): string {
  const prefix = textOf(options, 'prefix') ?? `${defaultName(stemOf(file))}_`;
  if (prefix !== '') return prefix;
  throw problem({ code: 'usage', message: '--prefix cannot be empty', hint: '--prefix user_' });
}

export const lookupCommand: CommandSpec = {
  name: 'lookup',
  summary: 'add the fields of a table file, found by key',
  description: `The table is a file of NDJSON, CSV or TSV, .gz and .zst too. It is read and indexed once, and read again when it changes
on disk: records are joined with the table as it is when they pass. What cannot be read is reported, and the table stays as
it was; replace the file by renaming a new one, so that no half of it is seen.

Each record gets the fields of the row whose key is equal, as = in expressions says; of several rows it is passed on once for
each, in the order of the file. Null is equal to nothing. Without a row the record is left out, or with --kind left passed on
with nulls. A field that the record has already keeps its value; that of the table is added under its name with a prefix.`,
  role: 'stage',
  arguments: [{ name: 'file', summary: 'path of the table', required: true, variadic: false, kind: 'word' }],
  options: [
    {
      flags: '--on <pairs>',
      name: 'on',
      kind: 'list',
      summary: "key: pairs such as 'user = id', of the record and of the table; one name where both have it",
    },
    {
      flags: '--kind <kind>',
      name: 'kind',
      kind: 'choice',
      choices: ['inner', 'left'],
      default: 'inner',
      summary: 'records without a row: left out (inner), or passed on with nulls (left)',
    },
    {
      flags: '--fields <list>',
      name: 'fields',
      kind: 'list',
      summary: "fields of the table to add, such as 'plan, country as land'; all but the key when left out",
    },
    {
      flags: '--prefix <text>',
      name: 'prefix',
      kind: 'text',
      summary: 'put before the name of a field that the record has already; the name of the file and _',
    },
    ...formatOptions
      .filter(({ name }) => name !== 'pattern')
      .map((option) =>
        option.name === 'format'
          ? {
              ...option,
              default: 'by the name of the file',
              summary: 'format of the table: json, csv or tsv',
            }
          : option,
      ),
  ],
  examples: [
    {
      shell: `leat lookup examples/countries.csv --on 'country = code' --fields 'name, continent' < examples/clicks.ndjson`,
      says: 'clicks with the names of their countries',
    },
    {
      shell: `leat run "from examples/clicks.ndjson --time ts --delay 2s | lookup examples/countries.csv --on country = code | window tumble 1m | aggregate count(*) as n --by continent"`,
      says: 'clicks by continent',
    },
  ],
  toNodes(args, options) {
    const file = args[0]!;
    const on = textOf(options, 'on');
    const fields = textOf(options, 'fields');
    if (on === undefined) throw wrongKey('', 'lookup needs --on, the key by which rows are found');
    return [
      {
        kind: 'lookup',
        file,
        format: formatOf(file, options),
        on: readOn(on),
        join: textOf(options, 'kind') === 'left' ? 'left' : 'inner',
        ...(fields === undefined ? {} : { fields: readFields(fields) }),
        prefix: prefixOf(file, options),
      },
    ];
  },
};
