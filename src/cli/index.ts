/**
 * The program: from the words of a command line to an exit status. Wires the rooms together and decides nothing about
 * records. What a command does not need (commander, help, formats) is loaded when it is needed. The launcher
 * answers --version itself.
 */
import { exitStatusOf, isProblem, renderProblem } from '../diagnostics/index.js';
import { paintFor } from './color.js';
import { runCommandLine } from './command-line.js';
import { tell, whenTold } from './stderr.js';

async function report(error: unknown, debug: boolean): Promise<number> {
  const paint = await paintFor(process.stderr);
  if (isProblem(error)) {
    tell(`${renderProblem(error.details, paint)}\n`);
    if (debug) tell(`${error.stack}\n`);
    return exitStatusOf(error.details);
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell(`leat: this is a defect of leat itself, please report it:\n${text}\n`);
  return 1;
}

/** Ends the process once stderr is written; open handles (an idle stdin) do not keep it. */
function exit(status: number): void {
  process.exitCode = status;
  whenTold(() => process.exit(status));
}

const words = process.argv.slice(2);
// Whoever waits for what nothing can bring any more would end in silence, and with success.
process.once('beforeExit', () => {
  const stuck = new Error('nothing is left to wait for, and the work is not done');
  void report(stuck, false).then(exit);
});
runCommandLine(words).then(exit, async (error) => exit(await report(error, words.includes('--debug'))));
