/** The completion script for fish. */
import type { CompletedCommand, CompletedOption } from './words.js';

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

function optionLine(command: string, { name, short, summary, value, words }: CompletedOption): string {
  const flags = `-l ${name}${short === undefined ? '' : ` -s ${short}`}`;
  const argument = {
    none: '',
    words: ` -x -a ${quoted(words.join(' '))}`,
    file: ' -r -F',
    fields: ' -x -a "(__leat_fields)"',
    other: ' -x',
  }[value];
  return `complete -c leat -n '__fish_seen_subcommand_from ${command}' ${flags}${argument} -d ${quoted(summary)}`;
}

function argumentLines({ name, arguments: kind, words }: CompletedCommand): string[] {
  const seen = `complete -c leat -n '__fish_seen_subcommand_from ${name}'`;
  if (kind === 'words')
    return [`complete -c leat -n '__leat_is_behind ${name}' -a ${quoted(words.join(' '))}`];
  if (kind === 'fields') return [`${seen} -a "(__leat_fields)"`];
  return kind === 'file' ? [`${seen} -F`] : [];
}

/** The script. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c leat -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...argumentLines(command),
    ...command.options.map((option) => optionLine(command.name, option)),
  ]);
  return `# Completion of leat for fish, made by leat completion fish.
function __leat_fields
    leat completion fields (commandline -c) 2> /dev/null
end
function __leat_is_behind
    test (commandline -opc)[-1] = $argv[1]
end
complete -c leat -f
${lines.join('\n')}
`;
}
