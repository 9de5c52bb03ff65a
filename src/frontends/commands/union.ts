/** `union`: several inputs as one stream. */
import { formatOptions, timeOptions, uidOf, uidOption } from './options.js';
import { otherInput } from './other-input.js';
import type { CommandSpec } from './spec.js';

export const unionCommand: CommandSpec = {
  name: 'union',
  summary: 'join the records of several inputs into one stream',
  description: `Passes on the records of its input and of the inputs that are named: paths, globs, or streams that the pipeline text
has named. Where they have event time, the records come in its order, as far as each input is in order itself: an input
that is ahead is not read until the others have come up to it, so that memory does not grow, and the watermark is that of
the input furthest behind. An input that is silent holds the others up, unless --idle leaves it out after a while. Inputs
of which nothing is said take the event time of the first one, and plain stdin that of the others.

An input may be a pipe of another process, as in union <(leat from ...). With --branch at its head it is part of the
job whose head names it with --branches, and both go on from the same checkpoint.

Without event time, files are read one after the other, and what comes through pipes is passed on as it comes.`,
  role: 'stage',
  arguments: [
    {
      name: 'inputs',
      summary: 'paths or globs, or names of streams in pipeline text',
      required: true,
      variadic: true,
      kind: 'word',
    },
  ],
  options: [...formatOptions, ...timeOptions, uidOption],
  examples: [
    {
      shell: `leat from examples/clicks.ndjson --time ts --delay 2s | leat union examples/clicks.ndjson | leat window tumble 1m | leat aggregate 'count(*) as n'`,
      says: 'two clickstreams counted as one',
    },
  ],
  toNodes(args, options, context) {
    const others = args.map((name) => otherInput(name, options, context));
    return [{ kind: 'union', others, ...uidOf(options) }];
  },
};
