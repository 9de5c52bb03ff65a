/**
 * Which options a command takes in the shell form: its own, --from and --to in place of stdin and stdout,
 * the format of what --from reads. Where a command has a --format or --pattern of its own, these keep the
 * command's meaning.
 */
import { formatOptions, inputOptions, outputOptions } from './options.js';
import type { CommandWords, OptionSpec } from './spec.js';

/** Options that stand for a `from` in front of the command; empty for those that are sources. */
export function inputOptionsOf(spec: CommandWords): readonly OptionSpec[] {
  if (spec.role === 'source' || spec.role === 'tool') return [];
  const formats = new Set(formatOptions.map(({ name }) => name));
  const own = spec.options.some(({ name }) => formats.has(name));
  return own ? inputOptions : [...inputOptions, ...formatOptions];
}

/** Options that stand for a `to` behind the command; empty for the sink. */
export function outputOptionsOf(spec: CommandWords): readonly OptionSpec[] {
  return spec.role === 'sink' || spec.role === 'tool' ? [] : outputOptions;
}

/** All options of the shell form but the global ones. */
export function shellOptionsOf(spec: CommandWords): readonly OptionSpec[] {
  return [...spec.options, ...inputOptionsOf(spec), ...outputOptionsOf(spec)];
}
