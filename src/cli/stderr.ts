/**
 * Text for people. The stream of stderr is made when there is something to say: most runs say nothing, and would pay for
 * it when they start and when they end.
 */
let used = false;

/** Writes a text to stderr. */
export function tell(text: string): void {
  used = true;
  process.stderr.write(text);
}

/** Calls back once everything that was told is written. */
export function whenTold(then: () => void): void {
  if (used) process.stderr.write('', then);
  else then();
}
