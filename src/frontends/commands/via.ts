/** `via`: records through a program of somebody else, control lines around it. */

import { problem } from '../../diagnostics/index.js';
import { viaSettles } from '../../plan/index.js';
import { commandArgument } from './command-argument.js';
import { textOf } from './options.js';
import type { CommandSpec, OptionSpec, OptionValues } from './spec.js';

/** The statuses of programs that say more than "done" with their status. */
export const okOption: OptionSpec = {
  flags: '--ok <statuses>',
  name: 'ok',
  kind: 'text',
  default: '0',
  summary: 'exit statuses of the command that count as success, such as 0,1 for grep',
};

/** The statuses that --ok says. */
export function readOk(options: OptionValues): readonly number[] {
  const said = textOf(options, 'ok') ?? '0';
  return said.split(',').map((text) => {
    if (/^\s*\d{1,3}\s*$/.test(text) && Number(text) < 256) return Number(text);
    throw problem({
      code: 'usage',
      message: `${JSON.stringify(text.trim())} is no exit status`,
      place: { kind: 'argument', name: '--ok' },
      hint: 'they are numbers from 0 to 255, such as --ok 0,1',
    });
  });
}

export const viaCommand: CommandSpec = {
  name: 'via',
  summary: 'send the records through another program, such as jq or sed',
  description: `Starts the program, gives it the records as NDJSON and takes NDJSON from it. Everything behind -- is the program
and its arguments; no shell reads them. Control lines go around it and keep their place: before one is passed on,
everything that the program owes for the records before it has come out. Most programs hold their output back, so:

--settle restart ends it in front of a control line and starts it again behind. Right for every filter that looks at each
line by itself (jq, grep, sed, mlr). Control lines are rare: barriers, and watermarks that records do not say.

--settle count is for a program that gives exactly one line for each line. It is started once; a line more or less
is an error.

--settle mark is for a program that keeps something from line to line. It is started once, and a mark, a record of
leat's own, is sent through it for each control line. A program that does not pass it on is refused at the start.

With count and mark the program must not hold lines back: jq --unbuffered, sed -u, grep --line-buffered, stdbuf -oL.
An exit status other than 0 (see --ok), or an end before everything was read, ends the run.`,
  role: 'stage',
  arguments: [commandArgument],
  options: [
    {
      flags: '--settle <how>',
      name: 'settle',
      kind: 'choice',
      choices: viaSettles,
      default: 'restart',
      summary: 'how the program is brought to give all it owes: restart, count or mark',
    },
    okOption,
    {
      flags: '--untimed',
      name: 'untimed',
      kind: 'flag',
      summary: 'what comes out of it has no event time any more',
    },
  ],
  examples: [
    {
      shell: `leat via -- sed -e 's/NO/Norway/' < examples/clicks.ndjson | leat aggregate 'count(*)' --by country`,
      says: 'a filter between two stages',
    },
    {
      shell:
        'leat run "from examples/clicks.ndjson --time ts | via -- sed s/NO/Norway/ | window tumble 1h | aggregate count(*)"',
      says: 'in a pipeline, with the event time going around it',
    },
  ],
  toNodes(args, options) {
    const settle = viaSettles.find((kind) => kind === options['settle']) ?? 'restart';
    return [
      { kind: 'via', command: args, settle, ok: readOk(options), untimed: options['untimed'] === true },
    ];
  },
};
