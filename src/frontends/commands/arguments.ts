/**
 * How many arguments a command takes, and how it is written: shared by the shell form, the pipeline text and
 * help.
 */
import { problem } from '../../diagnostics/index.js';
import type { ArgumentSpec, CommandWords } from './spec.js';

function argumentUsage({ name, required, variadic }: ArgumentSpec): string {
  const word = variadic ? `${name}...` : name;
  return required ? `<${word}>` : `[${word}]`;
}

/** `leat window <shape> <size...> [options]`, without `leat`. */
export function commandUsage(spec: CommandWords): string {
  return [spec.name, ...spec.arguments.map(argumentUsage), '[options]'].join(' ');
}

/** How words too many may have been meant: as the field of --by, and as a direction. */
function byHint(
  { name, options, arguments: own }: CommandWords,
  args: readonly string[],
): string | undefined {
  if (!options.some((option) => option.name === 'by')) return undefined;
  const [field, ...more] = args.slice(own.length) as [string, ...string[]];
  const flag = more.map((word) => word.toLowerCase()).find((word) => word === 'desc' || word === 'asc');
  const direction = options.some((option) => option.name === flag) ? ` --${flag}` : '';
  const list = /^[\w.]+$/.test(field) ? field : `'${field}'`;
  return `${[name, ...args.slice(0, own.length)].join(' ')} --by ${list}${direction}`;
}

/** Throws a usage problem when there are too few or too many arguments. */
export function checkArguments(spec: CommandWords, args: readonly string[]): void {
  const required = spec.arguments.filter((argument) => argument.required);
  if (args.length < required.length) {
    const missing = required[args.length]!;
    throw problem({
      code: 'usage',
      message: `${spec.name} needs ${/^[aeiou]/.test(missing.name) ? 'an' : 'a'} ${missing.name}: ${missing.summary}`,
      hint: commandUsage(spec),
    });
  }
  const variadic = spec.arguments.some((argument) => argument.variadic);
  if (!variadic && args.length > spec.arguments.length) {
    const extra = args[spec.arguments.length]!;
    throw problem({
      code: 'usage',
      message: `${spec.name} does not know what to do with ${extra}`,
      place: { kind: 'text', text: extra, start: 0, end: extra.length },
      hint: byHint(spec, args) ?? commandUsage(spec),
    });
  }
}
