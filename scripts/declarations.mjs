/**
 * Type declarations of the API alone: leads the imports of each declaration through the doors of rooms to the files behind them,
 * as through-doors.mjs does for the program, and removes what nothing leads to any more. What is inside need not be read by
 * whoever compiles against leat, and what it asks of other packages is not asked of them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { exportReader, wordsIn } from './exported-names.mjs';

const declared =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function|const|class|interface|type|enum) (\w+)/gm;
const imported = /^(import|export)( type)? \{([^}]*)\} from '(\.[^']+)';/gm;

function specifierOf(from, to) {
  const relative = path.relative(path.dirname(from), to).replace(/\.d\.ts$/, '.js');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The text of a declaration with every name from the file that declares it. */
function straightened(file, { fileOf, exportsOf }) {
  return fs.readFileSync(file, 'utf8').replace(imported, (_, kind, type = '', braces, specifier) =>
    wordsIn(braces)
      .map(({ isType, there, here }) => {
        const door = fileOf(file, specifier);
        const place = exportsOf(door).get(there) ?? { file: door, name: there };
        const word = `${isType ? 'type ' : ''}${place.name === here ? here : `${place.name} as ${here}`}`;
        return `${kind}${type} { ${word} } from '${specifierOf(file, place.file)}';`;
      })
      .join('\n'),
  );
}

/** Leaves of the declarations in a folder those that its index needs. */
export function keepDeclarations(folder) {
  const reader = exportReader({ ending: '.d.ts', declared });
  const texts = new Map();
  const wanted = [path.join(folder, 'index.d.ts')];
  for (const file of wanted) {
    if (texts.has(file)) continue;
    const text = straightened(file, reader);
    texts.set(file, text);
    for (const [, from, inline] of text.matchAll(/ from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)) {
      wanted.push(reader.fileOf(file, from ?? inline));
    }
  }
  fs.rmSync(folder, { recursive: true });
  for (const [file, text] of texts) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
