/**
 * Type declarations of the API alone: leads the imports of each declaration through the doors of rooms to the files behind them,
 * as through-doors.mjs does for the program, and removes what nothing leads to any more. What is inside need not be read by
 * whoever compiles against leat, and what it asks of other packages is not asked of them.
 */
import fs from 'node:fs';
import path from 'node:path';

const fileOf = (importer, specifier) =>
  path.join(path.dirname(importer), specifier.replace(/\.js$/, '.d.ts'));

/** A word between the braces of an import or export. */
function wordOf(text) {
  const [, type, there, here = there] = /^(type )?(\S+)(?: as (\S+))?$/.exec(text.trim());
  return { isType: type !== undefined, there, here };
}

const wordsIn = (braces) =>
  braces
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(wordOf);

const declared =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function|const|class|interface|type|enum) (\w+)/gm;
const handedOn = /^export (?:type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)';/gm;
const imported = /^(import|export)( type)? \{([^}]*)\} from '(\.[^']+)';/gm;

/** What a declaration exports: name to the file that declares it and its name there. */
function exportsOf(file, known) {
  const kept = known.get(file);
  if (kept !== undefined) return kept;
  const names = new Map();
  known.set(file, names);
  const text = fs.readFileSync(file, 'utf8');
  for (const [, name] of text.matchAll(declared)) names.set(name, { file, name });
  for (const [, braces, specifier] of text.matchAll(handedOn)) {
    const there = exportsOf(fileOf(file, specifier), known);
    if (braces === undefined) for (const [name, place] of there) names.set(name, place);
    else
      for (const word of wordsIn(braces))
        if (there.has(word.there)) names.set(word.here, there.get(word.there));
  }
  return names;
}

function specifierOf(from, to) {
  const relative = path.relative(path.dirname(from), to).replace(/\.d\.ts$/, '.js');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The text of a declaration with every name from the file that declares it. */
function straightened(file, known) {
  return fs.readFileSync(file, 'utf8').replace(imported, (_, kind, type = '', braces, specifier) =>
    wordsIn(braces)
      .map(({ isType, there, here }) => {
        const door = fileOf(file, specifier);
        const place = exportsOf(door, known).get(there) ?? { file: door, name: there };
        const word = `${isType ? 'type ' : ''}${place.name === here ? here : `${place.name} as ${here}`}`;
        return `${kind}${type} { ${word} } from '${specifierOf(file, place.file)}';`;
      })
      .join('\n'),
  );
}

/** Leaves of the declarations in a folder those that its index needs. */
export function keepDeclarations(folder) {
  const known = new Map();
  const texts = new Map();
  const wanted = [path.join(folder, 'index.d.ts')];
  for (const file of wanted) {
    if (texts.has(file)) continue;
    const text = straightened(file, known);
    texts.set(file, text);
    for (const [, from, inline] of text.matchAll(/ from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)) {
      wanted.push(fileOf(file, from ?? inline));
    }
  }
  fs.rmSync(folder, { recursive: true });
  for (const [file, text] of texts) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
