/** What files export, read from their text: what is handed on through the door of a room is followed to the file that declares it. */
import fs from 'node:fs';
import path from 'node:path';

/** The words between the braces of an import or export: what it is called there, and what here. */
export function wordsIn(braces) {
  return braces
    .split(',')
    .map((text) => /^(type )?(\S+)(?: as (\S+))?$/.exec(text.trim()))
    .filter((found) => found !== null)
    .map(([, type, there, here = there]) => ({ isType: type !== undefined, there, here }));
}

const handedOn = /^export (?:type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)';/gm;

/**
 * Reads files with an ending. `declared` finds what a text declares and exports; `check` may refuse a text. Gives `fileOf`, the
 * file that an import means, and `exportsOf`: name to the file that declares it and its name there.
 */
export function exportReader({ ending, declared, check = () => {} }) {
  const known = new Map();
  const fileOf = (importer, specifier) =>
    path.join(path.dirname(importer), specifier.replace(/\.js$/, ending));
  const exportsOf = (file) => {
    const kept = known.get(file);
    if (kept !== undefined) return kept;
    const names = new Map();
    known.set(file, names);
    const text = fs.readFileSync(file, 'utf8');
    check(file, text);
    for (const [, name] of text.matchAll(declared)) names.set(name, { file, name });
    for (const [, braces, specifier] of text.matchAll(handedOn)) {
      const there = exportsOf(fileOf(file, specifier));
      const words =
        braces === undefined
          ? [...there.keys()].map((name) => ({ there: name, here: name }))
          : wordsIn(braces);
      for (const word of words) if (there.has(word.there)) names.set(word.here, there.get(word.there));
    }
    return names;
  };
  return { fileOf, exportsOf };
}
