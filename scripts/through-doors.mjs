/**
 * An esbuild plugin that leads imports through the door of a room (its index.ts) to the files behind it. Chunks are made of
 * whole files: without this, one name taken from a room would bring the whole room along, and nothing in it could be left
 * for later. It is sound as long as no module of src does anything when it is evaluated but define things.
 */
import fs from 'node:fs';
import path from 'node:path';

const fileOf = (importer, specifier) => path.join(path.dirname(importer), specifier.replace(/\.js$/, '.ts'));

/** The words between the braces of an import or export: what it is called there, and what here. */
function namesIn(braces) {
  return braces
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && !word.startsWith('type '))
    .map((word) => word.split(' as '))
    .map(([there, here = there]) => ({ there, here }));
}

/** What a file exports: name to the file that defines it and its name there. What it hands on is followed. */
function exportsOf(file, known) {
  const kept = known.get(file);
  if (kept !== undefined) return kept;
  const names = new Map();
  known.set(file, names);
  const text = fs.readFileSync(file, 'utf8');
  if (/^export (?:let|var) /m.test(text)) throw new Error(`${file} exports something that may change`);
  for (const [, name] of text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm)) {
    names.set(name, { file, name });
  }
  for (const [, braces, specifier] of text.matchAll(/^export (?:\*|\{([^}]*)\}) from '(\.[^']+)';/gm)) {
    const there = exportsOf(fileOf(file, specifier), known);
    if (braces === undefined) for (const [name, place] of there) names.set(name, place);
    else
      for (const one of namesIn(braces)) if (there.has(one.there)) names.set(one.here, there.get(one.there));
  }
  return names;
}

/** An import through a door as imports of the files behind it. */
function importsBehind(importer, braces, specifier, known) {
  const door = fileOf(importer, specifier);
  const names = exportsOf(door, known);
  return namesIn(braces)
    .map(({ there, here }) => {
      const { file, name } = names.get(there) ?? { file: door, name: there };
      return `import { ${name} as ${here} } from ${JSON.stringify(file)};`;
    })
    .join(' ');
}

/** `const { a, b } = await import('../room/index.js')` from the one file that has all of the names, if one does. */
function loadBehind(importer, braces, specifier, known) {
  const names = exportsOf(fileOf(importer, specifier), known);
  const wanted = braces.split(',').map((name) => names.get(name.trim()));
  const file = wanted[0]?.file;
  const isOne = wanted.every(
    (place, index) => place?.file === file && place.name === braces.split(',')[index].trim(),
  );
  return `const {${braces}} = await import(${JSON.stringify(isOne && file !== undefined ? file : specifier)})`;
}

export const throughDoors = {
  name: 'through-doors',
  setup({ onLoad }) {
    const known = new Map();
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, 'utf8');
      const contents = text
        .replace(
          /^import (type )?\{([^}]*)\} from '(\.[^']*\/index\.js)';/gm,
          (_, type, braces, specifier) =>
            type === undefined ? importsBehind(file, braces, specifier, known) : '',
        )
        .replace(/\bconst \{([\w\s,]*)\} = await import\('(\.[^']*\/index\.js)'\)/g, (_, braces, specifier) =>
          loadBehind(file, braces, specifier, known),
        );
      return { contents, loader: 'ts' };
    });
  },
};
