/** Tables of results: for the terminal and for Markdown in one form, columns padded so that both can be read. */

/** Lays out rows of texts under a header; the first column to the left, the others to the right. */
export function table(header, rows) {
  const all = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const cell = (text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]));
  const line = (row) => `| ${row.map(cell).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}

const digits = (value) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);
export const seconds = (value) => `${value.toFixed(digits(value))} s`;
export const milliseconds = (value) => `${value.toFixed(1)} ms`;
export const mebibytes = (value) => (value === undefined ? '-' : `${Math.round(value)} MiB`);
export const times = (value) => value.toFixed(digits(value));
