/**
 * An esbuild plugin that leads imports through the door of a room (its index.ts) to the files behind it. Chunks are made of
 * whole files: without this, one name taken from a room would bring the whole room along, and nothing in it could be left
 * for later. It is sound as long as no module of src does anything when it is evaluated but define things.
 */
import fs from 'node:fs';
import { exportReader, wordsIn } from './exported-names.mjs';

/** An import through a door as imports of the files behind it. */
function importsBehind(importer, braces, specifier, { fileOf, exportsOf }) {
  const door = fileOf(importer, specifier);
  const names = exportsOf(door);
  return wordsIn(braces)
    .filter(({ isType }) => !isType)
    .map(({ there, here }) => {
      const { file, name } = names.get(there) ?? { file: door, name: there };
      return `import { ${name} as ${here} } from ${JSON.stringify(file)};`;
    })
    .join(' ');
}

/** `const { a, b } = await import('../room/index.js')` from the one file that has all of the names, if one does. */
function loadBehind(importer, braces, specifier, { fileOf, exportsOf }) {
  const names = exportsOf(fileOf(importer, specifier));
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
    const reader = exportReader({
      ending: '.ts',
      declared: /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm,
      check(file, text) {
        if (/^export (?:let|var) /m.test(text)) throw new Error(`${file} exports something that may change`);
      },
    });
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, 'utf8');
      const contents = text
        .replace(
          /^import (type )?\{([^}]*)\} from '(\.[^']*\/index\.js)';/gm,
          (_, type, braces, specifier) =>
            type === undefined ? importsBehind(file, braces, specifier, reader) : '',
        )
        .replace(/\bconst \{([\w\s,]*)\} = await import\('(\.[^']*\/index\.js)'\)/g, (_, braces, specifier) =>
          loadBehind(file, braces, specifier, reader),
        );
      return { contents, loader: 'ts' };
    });
  },
};
