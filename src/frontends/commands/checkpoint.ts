/** `checkpoint`: cuts the stream of a foreign producer into epochs, so that the stages behind it keep their state. */
import { problem } from '../../diagnostics/index.js';
import type { CommandSpec } from './spec.js';

export const checkpointCommand: CommandSpec = {
  name: 'checkpoint',
  summary: 'begin a job behind a producer that is not leat',
  description: `Passes records on and puts a barrier among them every so often. At a barrier each stage further down keeps its state in
the folder of the job. Typed again after a crash, the pipe goes on from the last checkpoint: checkpoint counts the bytes
that it has read, and passes over them when the producer gives them again, as "tail -n +1 -F" and "cat" do. It compares
what it passes over with what it read before, and refuses an input that is another one.

Sources of leat need no such stage: "from", "gen" and "run" take --state and --checkpoint themselves.`,
  role: 'stage',
  arguments: [],
  options: [
    {
      flags: '--every <duration>',
      name: 'every',
      kind: 'duration',
      default: '10s',
      unit: 'duration',
      summary: 'time between two checkpoints',
    },
  ],
  examples: [
    {
      shell:
        "cat examples/clicks.ndjson | leat checkpoint --every 5s --state sessions | leat window session 30m --time ts --by user | leat aggregate 'count(*) as clicks' >> sessions.ndjson",
      says: 'sessions that survive a crash of any stage',
    },
  ],
  toNodes(_args, options) {
    if (options['every'] === 0)
      throw problem({ code: 'usage', message: '--every must be more than nothing' });
    return [];
  },
};
