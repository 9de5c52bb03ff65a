/**
 * The arguments of a command for one record: {field} is the value of the field, {{ and }} are braces. A value is always a
 * part of one argument, whatever it holds, for nothing reads it but the program.
 */
import type { Member } from '../../record/index.js';

export type ArgumentsMade =
  | { readonly kind: 'made'; readonly command: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

const piece = /\{\{|\}\}|\{([A-Za-z_]\w*)\}/g;

/** Whether any argument names a field. */
export const namesFields = (command: readonly string[]): boolean => command.some((word) => /[{}]/.test(word));

function valueText(name: string, members: readonly Member[]): string {
  const value = members.find(([other]) => other === name)?.[1];
  if (value === undefined || value === 'null') throw new Error(`no value for {${name}} of the command`);
  const text = value.startsWith('"') ? (JSON.parse(value) as string) : value;
  if (text.includes('\0')) throw new Error(`the value of {${name}} holds a NUL, which no argument can`);
  return text;
}

/** Puts the values of a record into the words of a command. */
export function fillIn(words: readonly string[], members: readonly Member[]): ArgumentsMade {
  try {
    const command = words.map((word) =>
      word.replace(piece, (braces, name: string | undefined) =>
        name === undefined ? braces[0]! : valueText(name, members),
      ),
    );
    return { kind: 'made', command };
  } catch (error) {
    return { kind: 'refused', reason: (error as Error).message };
  }
}
