/** `leat completion`: prints the scripts, and the fields that they ask for. */
import { allWords } from '../../frontends/index.js';
import { bashScript, completedCommands, fieldsOf, fishScript, zshScript } from '../completion/index.js';
import { print, type ToolCall } from './tool-call.js';

const printed = (script: typeof bashScript) => async (): Promise<number> => {
  await print(script(completedCommands(allWords)));
  return 0;
};

export const bash = printed(bashScript);
export const zsh = printed(zshScript);
export const fish = printed(fishScript);

export async function fields({ args }: ToolCall): Promise<number> {
  const names = await fieldsOf(args.join(' '));
  await print(names.map((name) => `${name}\n`).join(''));
  return 0;
}
