/** Inputs that a command names besides the one that comes to it: paths, or streams of the pipeline text. */
import { inputFormat } from './format-choice.js';
import type { CommandContext, NodeDraft, OptionValues } from './spec.js';
import { timeAssignment } from './time-assignment.js';

/**
 * The drafts of one more input: a stream that the pipeline has named, or what is read from a path, with the options of the
 * command about format and event time. Where they say no time, that of the first input holds.
 */
export function otherInput(
  name: string,
  options: OptionValues,
  context: CommandContext,
): readonly NodeDraft[] {
  const stream = context.stream?.(name);
  if (stream !== undefined) return stream;
  const time = timeAssignment(options, context.time) ?? context.time;
  return [
    {
      kind: 'from',
      uris: [name],
      format: inputFormat([name], options),
      ...(time === undefined ? {} : { time }),
    },
  ];
}
