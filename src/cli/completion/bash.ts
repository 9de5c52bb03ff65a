/** The completion script for bash (3.2 and newer; works without the package bash-completion). */
import type { CompletedCommand, CompletedOption } from './words.js';

const words = (texts: readonly string[]): string => texts.join(' ');

/** Arms of a case: which options of a command take what. */
function valueArms({ name, options }: CompletedCommand): string[] {
  const arm = (chosen: readonly CompletedOption[], then: string): string[] =>
    chosen.length === 0
      ? []
      : [`    ${chosen.map((option) => `'${name} --${option.name}'`).join(' | ')}) ${then} ;;`];
  const of = (value: CompletedOption['value']) => options.filter((option) => option.value === value);
  const choices = of('words').map(
    (option) => `    '${name} --${option.name}') _leat_words '${words(option.words)}' ;;`,
  );
  return [
    ...choices,
    ...arm(of('file'), '_leat_files'),
    ...arm(of('fields'), '_leat_fields'),
    ...arm(of('other'), ':'),
  ];
}

function argumentArm({ name, arguments: kind, words: its }: CompletedCommand): string[] {
  if (kind === 'other') return [];
  const first = `[ "$prev" = "$command" ] && _leat_words '${words(its)}'`;
  const then = { words: first, file: '_leat_files', fields: '_leat_fields' }[kind];
  return [`    ${name}) ${then} ;;`];
}

/** The script. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const options = commands.map(
    ({ name, options }) => `    ${name}) _leat_words '${words(options.map((one) => `--${one.name}`))}' ;;`,
  );
  return `# Completion of leat for bash, made by leat completion bash.
_leat_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_leat_files() { COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2> /dev/null; }
_leat_fields() {
  # The last field of what is written so far: it may stand behind others and operators.
  local before=\${cur%"\${cur##*[!A-Za-z0-9_.]}"} word=\${cur##*[!A-Za-z0-9_.]}
  COMPREPLY=($(compgen -P "$before" -W "$(leat completion fields "\${COMP_LINE:0:COMP_POINT}" 2> /dev/null)" -- "$word"))
  compopt -o nospace 2> /dev/null
}
_leat() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in -*) ;; *) command=\${COMP_WORDS[i]}; break ;; esac
  done
  if [ -z "$command" ]; then
    _leat_words '${words(commands.map(({ name }) => name))} --help --version'
    return
  fi
  case "$command $prev" in
${commands.flatMap(valueArms).join('\n')}
    *) _leat_rest ;;
  esac
}
_leat_rest() {
  if [ "\${cur:0:1}" = - ]; then
    case "$command" in
${options.map((line) => `  ${line}`).join('\n')}
    esac
    return
  fi
  case "$command" in
${commands.flatMap(argumentArm).join('\n')}
  esac
}
complete -F _leat leat
`;
}
