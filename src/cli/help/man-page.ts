/**
 * Man pages in roff (the man macros) from the command table. They carry no date, so that the same table
 * gives the same bytes and a check can compare them.
 */
import { type CommandWords, commandUsage, globalOptions, type OptionSpec } from '../../frontends/index.js';
import { argumentSection, exitStatuses, optionGroups, optionMeaning } from './sections.js';

/** Text that roff shows as it is written. */
function escapeRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^\./gm, '\\&.');
}

function paragraphs(text: string): string[] {
  return text.split(/\n\s*\n/).flatMap((paragraph, i) => {
    const line = escapeRoff(paragraph.replace(/\s+/g, ' ').trim());
    return i === 0 ? [line] : ['.PP', line];
  });
}

function terms(rows: readonly (readonly [string, string])[]): string[] {
  return rows.flatMap(([term, meaning]) => ['.TP', `.B ${escapeRoff(term)}`, escapeRoff(meaning)]);
}

function optionTerms(options: readonly OptionSpec[]): string[] {
  return terms(options.map((option) => [option.flags, optionMeaning(option)]));
}

function section(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [`.SH ${title.toUpperCase()}`, ...body];
}

function examplesOf(spec: CommandWords): string[] {
  return spec.examples.flatMap(({ shell, says }) => [
    '.PP',
    escapeRoff(`${says}:`),
    '.PP',
    '.nf',
    '.RS 4',
    escapeRoff(shell),
    '.RE',
    '.fi',
  ]);
}

function titleLine(name: string, version: string): string {
  return `.TH "${escapeRoff(name.toUpperCase())}" "1" "" "leat ${version}" "leat manual"`;
}

/** The page leat-<command>(1). */
export function commandManPage(spec: CommandWords, version: string): string {
  const name = `leat-${spec.name}`;
  const { title, rows } = argumentSection(spec);
  const lines = [
    titleLine(name, version),
    ...section('name', [`${escapeRoff(name)} \\- ${escapeRoff(spec.summary)}`]),
    ...section('synopsis', [`.B leat ${escapeRoff(commandUsage(spec))}`]),
    ...section('description', paragraphs(spec.description)),
    ...section(title, terms(rows)),
    ...optionGroups(spec).flatMap(({ title, options }) => section(title, optionTerms(options))),
    ...section('examples', examplesOf(spec)),
    ...section('see also', ['.BR leat (1)']),
  ];
  return `${lines.join('\n')}\n`;
}

/** The page leat(1). */
export function mainManPage(table: readonly CommandWords[], version: string): string {
  const commands = table.map((spec) => [`leat-${spec.name}(1)`, spec.summary] as const);
  const lines = [
    titleLine('leat', version),
    ...section('name', ['leat \\- stream processing for the Unix pipe']),
    ...section('synopsis', ['.B leat <command> [arguments] [options]']),
    ...section(
      'description',
      paragraphs(
        `Brings event time, windows and keyed state to the pipe. Records are lines of NDJSON; each command reads stdin and
writes stdout, and leat run takes a whole pipeline and runs it in one process, with the same answer.

Between two stages the stream also carries control lines, whose first key is $leat: the event time, watermarks and
the end. The stage that uses them up takes them out, and they are never written to a terminal or a file.`,
      ),
    ),
    ...section('commands', terms(commands)),
    ...section('common options', optionTerms(globalOptions)),
    ...section('exit status', terms(exitStatuses)),
    ...section('environment', terms([['NO_COLOR', 'no colours, when set to anything but an empty text']])),
    ...section(
      'see also',
      table.map((spec, i) => `.BR leat\\-${spec.name} (1)${i === table.length - 1 ? '' : ','}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** All pages by file name. */
export function manPages(table: readonly CommandWords[], version: string): ReadonlyMap<string, string> {
  const pages = new Map([['leat.1', mainManPage(table, version)]]);
  for (const spec of table) pages.set(`leat-${spec.name}.1`, commandManPage(spec, version));
  return pages;
}
