/**
 * Makes CommonJS of the chunks that esbuild cuts the program into: leat.cjs has those that every run needs, parts/ the
 * others, each loaded when it is asked for. A name that a chunk imports is taken over as a constant when the chunk is evaluated,
 * so that hot loops see a variable and not a property: modules export nothing that changes later, and no two chunks need each
 * other.
 */
import path from 'node:path';
import vm from 'node:vm';

const nameOf = (file) => path.basename(file, '.js');

/** What stands for `import CLAUSE from`, the clause in the forms that esbuild writes. */
function declaration(clause, target) {
  const [, all, single, braces] = /^(?:\*as ([\w$]+)|([\w$]+)|\{([^{}]*)\})$/.exec(clause.trim()) ?? [];
  const pattern = all ?? single ?? (braces === undefined ? undefined : `{${braces.replaceAll(' as ', ':')}}`);
  if (pattern === undefined) throw new Error(`an import of another form: ${clause}`);
  return `const ${pattern}=${target};`;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A chunk as the body of a function of `require` and `exports`. `targetOf` says how another chunk is asked for. */
function bodyOf(text, imports, targetOf) {
  let body = text;
  for (const { path: file, kind, external } of imports) {
    const specifier = external === true ? file : `./${path.basename(file)}`;
    const target = external === true ? `require("${specifier}")` : targetOf(nameOf(file));
    const quoted = escaped(`"${specifier}"`);
    if (kind === 'dynamic-import') {
      body = body.replaceAll(`import("${specifier}")`, `Promise.resolve().then(()=>${target})`);
      continue;
    }
    body = body.replace(new RegExp(`\\bimport([^"'();]*?)from${quoted};`, 'g'), (_, clause) =>
      declaration(clause, target),
    );
    body = body.replaceAll(`import"${specifier}";`, '');
  }
  return body.replace(/\bexport\{([^{}]*)\};\s*$/, (_, names) =>
    names
      .split(',')
      .map((name) => name.split(' as '))
      .map(([here, there = here]) => `exports.${there}=${here};`)
      .join(''),
  );
}

/** The chunks that a chunk needs at once and it, each behind those that it needs itself. */
function inOrder(entry, outputs) {
  const order = [];
  const begun = new Set();
  const visit = (file) => {
    if (order.includes(file)) return;
    if (begun.has(file)) throw new Error(`${nameOf(file)} and another chunk need each other`);
    begun.add(file);
    for (const { path: other, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && external !== true) visit(other);
    }
    order.push(file);
  };
  visit(entry);
  return order;
}

/** Text is read byte by byte as characters, which is faster than to decode it: it must be ASCII, and a script. */
function checked(name, text) {
  if (Buffer.byteLength(text) > text.length) throw new Error(`${name} has characters outside of ASCII`);
  new vm.Script(`(function(exports,require,module){${text}\n})`, { filename: name });
  return text;
}

/**
 * The files of the program by their names: `leat.cjs` and `parts/NAME.cjs`. `texts` are the chunks by file, `outputs` what esbuild
 * says of them.
 */
export function partsOf(entry, texts, outputs) {
  const first = inOrder(entry, outputs);
  const files = new Map();
  const isFirst = new Set(first.map(nameOf));
  const bodies = first.map((file) => {
    const body = bodyOf(texts.get(file), outputs[file].imports, (name) =>
      isFirst.has(name) ? `own["${name}"]` : `require("./parts/${name}.cjs")`,
    );
    return `(exports=>{${body}\n})(own["${nameOf(file)}"]={});`;
  });
  files.set(
    'leat.cjs',
    checked('leat.cjs', `"use strict";const own=module.exports;\n${bodies.join('\n')}\n`),
  );
  for (const file of Object.keys(outputs)) {
    if (isFirst.has(nameOf(file))) continue;
    inOrder(file, outputs);
    const body = bodyOf(texts.get(file), outputs[file].imports, (name) =>
      isFirst.has(name) ? `require("../leat.cjs")["${name}"]` : `require("./${name}.cjs")`,
    );
    const name = `parts/${nameOf(file)}.cjs`;
    files.set(name, checked(name, `"use strict";${body}\n`));
  }
  return files;
}
