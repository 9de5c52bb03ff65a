/**
 * Tables for people: columns as wide as their widest cell, numbers to the right. Width is counted in terminal cells
 * (wide characters take two), control characters are shown escaped so that data cannot draw on the terminal.
 */
import stringWidth from 'string-width';

export type Alignment = 'left' | 'right';

function shown(cell: string): string {
  return cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

function pad(cell: string, width: number, alignment: Alignment): string {
  const fill = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return alignment === 'right' ? fill + cell : cell + fill;
}

/**
 * Lays out a table: a header line, a rule, and a line for each row, without a final newline. Rows shorter than the
 * header are filled with empty cells.
 */
export function layOutTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const cells = [header, ...rows].map((row) => header.map((_, column) => shown(row[column] ?? '')));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column]!)), 1));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => pad(cell, widths[column]!, alignments[column] ?? 'left'))
      .join('  ')
      .trimEnd();
  const [head, ...body] = cells;
  return [line(head!), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}
