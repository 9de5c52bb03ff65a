/**
 * Examples of a Markdown document: blocks of ```console hold commands behind `$ `, each followed by what it prints on
 * stdout and stderr. A command goes on in the next line when it ends in a backslash. A printed line `...`
 * stands for any number of lines.
 */

export interface Example {
  /** Line of the document on which the command stands, from 1. */
  readonly line: number;
  readonly command: string;
  /** What it prints, with a newline at the end of each line. */
  readonly prints: string;
}

/** All examples of a document, in order. */
export function examplesOf(markdown: string): Example[] {
  const examples: { line: number; command: string; prints: string }[] = [];
  let inside = false;
  let continues = false;
  markdown.split('\n').forEach((text, index) => {
    if (text.startsWith('```')) inside = text === '```console';
    else if (inside && continues) {
      const last = examples.at(-1)!;
      last.command += `\n${text}`;
      continues = text.endsWith('\\');
    } else if (inside && text.startsWith('$ ')) {
      examples.push({ line: index + 1, command: text.slice(2), prints: '' });
      continues = text.endsWith('\\');
    } else if (inside) {
      const last = examples.at(-1);
      if (last === undefined) throw new Error(`line ${index + 1} stands in front of any command`);
      last.prints += `${text}\n`;
    }
  });
  return examples;
}

/** Whether what was printed is what the document says. */
export function printsAs(printed: string, said: string): boolean {
  const pattern = said
    .split(/^\.\.\.\n/m)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(?:.*\\n)*');
  return new RegExp(`^${pattern}$`).test(printed);
}
