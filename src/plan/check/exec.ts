/** What is wrong with an exec. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { carriesBounds, type Flow } from '../flow.js';
import { windowFields } from '../names.js';
import type { ExecNode } from '../nodes/index.js';

/** A field in braces; doubled braces are none. */
const placeholder = /(?<!\{)\{([A-Za-z_]\w*)\}(?!\})/g;

/** The fields that the arguments of a command name. */
export function fieldsOfCommand(command: readonly string[]): readonly string[] {
  return command.flatMap((word) => [...word.matchAll(placeholder)].map(([, name]) => name!));
}

export function checkExec({ per, as, command }: ExecNode, input: Flow): readonly ProblemDetails[] {
  if (per === 'record') return [];
  const found: ProblemDetails[] = [];
  if (input.window === undefined && !carriesBounds(input) && !input.piped) {
    const message = 'there are no windows to run the command for';
    found.push({ code: 'plan', message, hint: 'put a window in front, or leave --per window out' });
  }
  if (as !== undefined) {
    const message = '--as puts what was printed into a record, and a window has many';
    found.push({ code: 'plan', message, hint: 'leave --as out, or run the command for each record' });
  }
  const other = fieldsOfCommand(command).find((name) => !(windowFields as readonly string[]).includes(name));
  if (other !== undefined) {
    const message = `{${other}} has a value in each record, and the command is run for a window`;
    found.push({
      code: 'plan',
      message,
      hint: 'the records are on its stdin; {window_start} and {window_end} can be named',
    });
  }
  return found;
}
