/**
 * Help as text: of all commands, or of one. Made from the command table only, so that it cannot say what the commands
 * do not do. It writes nothing itself; width and colour are handed in.
 */
import { type CommandWords, commandUsage, globalOptions } from '../../frontends/index.js';
import { argumentSection, optionGroups, optionMeaning } from './sections.js';
import { columns, wrap, wrapParagraphs } from './wrap.js';

export interface HelpStyle {
  /** Columns of the terminal. Text is kept between 40 and 100 of them. */
  readonly width: number;
  readonly color: boolean;
}

function heading(text: string, style: HelpStyle): string {
  return style.color ? `\u001b[1m${text}\u001b[22m` : text;
}

function dim(text: string, style: HelpStyle): string {
  return style.color ? `\u001b[2m${text}\u001b[22m` : text;
}

function widthOf(style: HelpStyle): number {
  return Math.min(100, Math.max(40, style.width));
}

function helpOfCommand(spec: CommandWords, style: HelpStyle): string[] {
  const width = widthOf(style);
  const lines = [
    `${heading(`leat ${spec.name}`, style)}: ${spec.summary}`,
    '',
    heading('Usage', style),
    `  leat ${commandUsage(spec)}`,
    '',
    ...wrapParagraphs(spec.description, width),
  ];
  const { title, rows } = argumentSection(spec);
  if (rows.length > 0) lines.push('', heading(title, style), ...columns(rows, width));
  for (const { title, options } of optionGroups(spec)) {
    const rows = options.map((option) => [option.flags, optionMeaning(option)] as const);
    lines.push('', heading(title, style), ...columns(rows, width));
  }
  lines.push('', heading('Examples', style));
  for (const { shell, says } of spec.examples) lines.push(`  ${dim(`# ${says}`, style)}`, `  ${shell}`);
  return lines;
}

const introduction =
  'Streams of records through the Unix pipe, with event time, windows and keyed state. Records are lines of NDJSON; ' +
  'each command reads stdin and writes stdout, and run takes a whole pipeline.';

function helpOfAll(table: readonly CommandWords[], style: HelpStyle): string[] {
  const width = widthOf(style);
  const commands = table.map((spec) => [spec.name, spec.summary] as const);
  const options = globalOptions.map((option) => [option.flags, optionMeaning(option)] as const);
  const exampleOf = (name: string) => table.find((spec) => spec.name === name)?.examples[0]?.shell;
  const examples = ['window', 'run'].map(exampleOf).filter((shell) => shell !== undefined);
  return [
    heading('Usage', style),
    '  leat <command> [arguments] [options]',
    '',
    ...wrap(introduction, width),
    '',
    heading('Commands', style),
    ...columns(commands, width),
    '',
    heading('Common options', style),
    ...columns([...options, ['--version', 'print the version']], width),
    '',
    heading('Examples', style),
    ...examples.map((shell) => `  ${shell}`),
    '',
    'leat <command> --help says more about one of them, leat help functions about expressions.',
  ];
}

/** Help for a command, or for all when a table is given. Ends with a newline. */
export function renderHelp(subject: CommandWords | readonly CommandWords[], style: HelpStyle): string {
  const lines = 'name' in subject ? helpOfCommand(subject, style) : helpOfAll(subject, style);
  return `${lines.join('\n')}\n`;
}
