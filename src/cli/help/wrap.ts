/** Text in lines of a width; words are never cut. */

/** The words of `text` in lines of at most `width` columns, where words allow. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Paragraphs (separated by empty lines) wrapped one by one, with an empty line between them. */
export function wrapParagraphs(text: string, width: number): string[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((paragraph, i) => [...(i === 0 ? [] : ['']), ...wrap(paragraph, width)]);
}

/** Terms with what they mean beside them, or below where a term is long. */
export function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.min(30, Math.max(...rows.map(([term]) => term.length)));
  const room = Math.max(24, width - left - 4);
  return rows.flatMap(([term, meaning]) => {
    const [first = '', ...rest] = wrap(meaning, room);
    const indent = ' '.repeat(left + 4);
    const more = rest.map((line) => indent + line);
    if (term.length > left) return [`  ${term}`, indent + first, ...more];
    return [`  ${term.padEnd(left)}  ${first}`.trimEnd(), ...more];
  });
}
