/** `completion`: what shells need to complete command lines of leat. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, word } from './tool-words.js';

const script = (name: string, how: string): ActionSpec => ({
  name,
  summary: `print the script for ${name}: ${how}`,
  arguments: [],
  options: [],
});

const actions: readonly ActionSpec[] = [
  script('bash', 'source <(leat completion bash) in ~/.bashrc'),
  script('zsh', 'source <(leat completion zsh) in ~/.zshrc, behind compinit'),
  script('fish', 'leat completion fish > ~/.config/fish/completions/leat.fish'),
  {
    name: 'fields',
    summary:
      'print the fields of the first record of the file that a command line reads; the scripts ask for them',
    arguments: [word('line', 'the command line, as far as it is written')],
    options: [],
  },
];

export const completionCommand: ToolSpec = {
  name: 'completion',
  summary: 'print a script by which a shell completes command lines',
  description: `Completes commands, options and their values, actions of tools, file names, and in expressions the fields of the input:
those of the first record of the file that the line reads with "from", --from or <. The scripts are made from the same table
as this help, and never differ from it.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [],
  examples: [
    { shell: 'leat completion bash > leat.bash', says: 'the script for bash, to be sourced' },
    {
      shell: `leat completion fields 'leat from examples/access.log --format nginx | leat filter '`,
      says: 'what can stand in the condition',
    },
  ],
};
