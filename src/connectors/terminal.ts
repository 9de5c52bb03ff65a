/** Whether a descriptor is a terminal. node:tty, which loads node:net, is asked for devices only. */
import fs from 'node:fs';

/** Whether there is a terminal behind an open descriptor. */
export function isTerminal(descriptor: number): boolean {
  return (
    fs.fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor)
  );
}
