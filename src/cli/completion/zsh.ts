/** The completion script for zsh; compinit has to be loaded before it. */
import type { CompletedCommand, CompletedOption } from './words.js';

/** A text inside '...' of zsh, in which brackets and colons mean something to _arguments. */
const quoted = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");

function specOf({ name, summary, value, words }: CompletedOption): string {
  const head = `--${name}[${quoted(summary)}]`;
  if (value === 'none') return `'${head}'`;
  const action = { words: `(${words.join(' ')})`, file: '_files', fields: '_leat_fields', other: '' }[value];
  return `'${head}:${name}:${action}'`;
}

function armOf({ name, options, arguments: kind, words }: CompletedCommand): string {
  const first = kind === 'words' ? [`'1:argument:(${words.join(' ')})'`] : [];
  const rest = { words: '', file: '_files', fields: '_leat_fields', other: '' }[kind];
  const specs = [...options.map(specOf), ...first, `'*:argument:${rest}'`].map((spec) => `        ${spec}`);
  return `    ${name})\n      _arguments \\\n${specs.join(' \\\n')}\n      ;;`;
}

/** The script. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  return `#compdef leat
# Completion of leat for zsh, made by leat completion zsh.
_leat_fields() {
  local -a fields
  fields=(\${(f)"$(leat completion fields "$LBUFFER" 2> /dev/null)"})
  compset -P '*[^A-Za-z0-9_.]'
  compadd -S '' -a fields
}
_leat() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(armOf).join('\n')}
  esac
}
# Loaded by its name from a folder of functions, it is to complete at once.
if [ "$funcstack[1]" = _leat ]; then _leat "$@"; else compdef _leat leat; fi
`;
}
