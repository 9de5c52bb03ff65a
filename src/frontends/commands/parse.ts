/** `parse`: turns lines of text into records. */
import { formatChoice } from './format-choice.js';
import { formatNames, formatOptions } from './options.js';
import type { CommandSpec } from './spec.js';

export const parseCommand: CommandSpec = {
  name: 'parse',
  summary: 'turn lines of a log or a table into records',
  description: `Reads text in a format and writes records. Right behind a source it is the same as the source's --format.
The fields of nginx and Apache formats are named after the nginx variables; the request is also split into method, path,
query and protocol, and the time of every log format stands in the field "time" as ISO 8601.`,
  role: 'stage',
  arguments: [
    {
      name: 'format',
      summary: 'nginx, apache, logfmt, syslog, csv, tsv or json; nginx:combined names a log_format as well',
      required: true,
      variadic: false,
      kind: 'word',
      suggestions: formatNames,
    },
  ],
  options: formatOptions.filter((option) => option.name !== 'format'),
  examples: [
    { shell: 'head -n 100 examples/access.log | leat parse nginx', says: 'the lines of a log as records' },
    {
      shell: 'echo "level=warn msg=slow ms=812" | leat parse logfmt',
      says: 'key=value pairs as a record',
    },
  ],
  toNodes(args, options) {
    return [{ kind: 'parse', format: formatChoice(args[0]!, options) }];
  },
};
