/**
 * Which text format an input is in, as the user says it. The names are a closed list; a new format is a new
 * name here and a reader of its own. JSON is in the list of what can be asked for and is no text format: it
 * has its own scanner.
 */

/** The text formats that can be read. */
export const formatNames = ['nginx', 'apache', 'logfmt', 'syslog', 'csv', 'tsv'] as const;
export type FormatName = (typeof formatNames)[number];

/**
 * A choice of format. `pattern` is a log_format or LogFormat string or the name of a preset (nginx and
 * apache); `columns` names the columns of csv and tsv without a header line.
 */
export interface TextFormatChoice {
  readonly name: FormatName | 'json';
  readonly pattern?: string;
  readonly columns?: readonly string[];
}

/** The choice in a few words, for explain: `nginx combined`, `csv with a header`, `csv of id, name`. */
export function describeFormat(choice: TextFormatChoice): string {
  switch (choice.name) {
    case 'nginx':
    case 'apache': {
      const pattern = choice.pattern ?? 'combined';
      return /^\w+$/.test(pattern) ? `${choice.name} ${pattern}` : `${choice.name} '${pattern}'`;
    }
    case 'csv':
    case 'tsv':
      return choice.columns === undefined
        ? `${choice.name} with a header`
        : `${choice.name} of ${choice.columns.join(', ')}`;
    default:
      return choice.name;
  }
}
