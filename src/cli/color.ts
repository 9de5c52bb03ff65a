/** Colour for terminals only: not in pipes, not where NO_COLOR is set (no-color.org) or TERM is dumb. */
import type { Paint } from '../diagnostics/index.js';

/** Whether text for this stream may be coloured. */
export function mayColor(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** How problems are painted on this stream. */
export async function paintFor(stream: { readonly isTTY?: boolean }): Promise<Paint> {
  if (!mayColor(stream)) return (_style, text) => text;
  const { default: chalk } = await import('chalk');
  const styles = { error: chalk.red.bold, caret: chalk.yellow.bold, hint: chalk.cyan };
  return (style, text) => styles[style](text);
}
