/** A disk that fails a sink, as a problem that names the file and says what can be done. */
import { isProblem, type Problem, problem } from '../../../diagnostics/index.js';

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'make room and type the same line again: the job goes on from its last checkpoint',
  EDQUOT: 'raise the quota and type the same line again: the job goes on from its last checkpoint',
};
const goOn = 'once it can be written, type the same line again: the job goes on from its last checkpoint';

/** The problem behind what a sink threw; what is no failure of a file is thrown on as it is. */
export function sinkFailure(sink: string, error: unknown): Problem {
  if (isProblem(error)) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  const reason = code === 'ENOSPC' ? 'no space is left on the device' : message;
  return problem({
    code: 'output',
    message: `the output cannot be kept: ${reason}`,
    place: { kind: 'file', path: path ?? sink },
    hint: hints[code] ?? goOn,
    cause: error,
  });
}

/** Runs a call of a sink. */
export async function withSinkFailure<Value>(sink: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw sinkFailure(sink, error);
  }
}
