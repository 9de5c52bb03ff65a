/**
 * The rules of the house, read from the source text: which room may import which, and only through its door; how long
 * files and lines may be; what may not appear. Nothing is parsed but import and export lines, by regular expression.
 * A rule that turns out wrong is changed here, with its reason, not worked around.
 */
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';

const root = process.env.LEAT_ROOT!;
const source = path.join(root, 'src');

/**
 * Rooms that a room may import; diagnostics is open to all. A room that is not listed here does not exist.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  diagnostics: [],
  disk: [],
  record: [],
  time: [],
  expression: ['record', 'time'],
  formats: ['record', 'time'],
  stream: ['record', 'time'],
  state: ['record', 'disk'],
  kafka: ['record', 'time'],
  plan: ['expression', 'time'],
  connectors: ['stream', 'formats', 'kafka', 'record', 'disk'],
  operators: ['plan', 'expression', 'stream', 'state', 'record', 'time'],
  frontends: ['plan', 'expression', 'time'],
  'backends/flink': ['plan', 'expression', 'time'],
  'backends/local': [
    'plan',
    'operators',
    'connectors',
    'stream',
    'state',
    'disk',
    'record',
    'time',
    'formats',
  ],
  terminal: ['record', 'stream'],
};

/** What wires the rooms together may import any of them. */
const wiring: ReadonlySet<string> = new Set(['cli', 'program', 'index.ts']);

const bannedNames = /^(utils?|helpers?|common|misc|types)(\.|$)/;

const files = fs
  .readdirSync(source, { recursive: true })
  .map((file) => String(file).split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();
const textOf = new Map(files.map((file) => [file, fs.readFileSync(path.join(source, file), 'utf8')]));

/** AssemblyScript is compiled by another compiler: its imports and style are its own. */
const isAssembly = (file: string): boolean => file.endsWith('.as.ts');

/** The room of a path inside src: its folder, or two folders for back ends, or the file itself. */
function roomOf(file: string): string {
  const [first, second] = file.split('/') as [string, string | undefined];
  return first === 'backends' ? `${first}/${second}` : first;
}

interface Import {
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
  /** Path inside src of what is imported, or undefined for packages. */
  readonly target: string | undefined;
}

/** Every `from '...'`, `import '...'` and `import('...')` of a text. */
export function specifiersOf(text: string): string[] {
  const found = text.matchAll(/(?:\bfrom|^\s*import|\bimport\(|\brequire\()\s*'([^']+)'/gm);
  return [...found].map((match) => match[1]!);
}

const imports: Import[] = files
  .filter((file) => !isAssembly(file))
  .flatMap((file) =>
    specifiersOf(textOf.get(file)!).map((specifier) => ({
      file,
      specifier,
      target: specifier.startsWith('.')
        ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, '.ts')))
        : undefined,
    })),
  );

/**
 * Whether a line holds a text for people, which cannot be broken; the formatter keeps code itself to 110
 * columns.
 */
const holdsText = (line: string): boolean => /['"`]/.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line);

/** Asserts that a list of complaints is empty, and shows them when it is not. */
function none(t: Test, complaints: readonly string[], rule: string): void {
  t.same(complaints, [], rule);
}

t.test('the reader of imports finds them in every spelling', (t) => {
  const text = [
    "import a from 'a';",
    "import { b } from './b.js';",
    "import {\n  c,\n} from '../c/index.js';",
    "export * from './d.js';",
    "import 'e';",
    "const f = await import('./f.js');",
  ].join('\n');
  t.same(specifiersOf(text), ['a', './b.js', '../c/index.js', './d.js', 'e', './f.js']);
  t.ok(imports.length > 100, 'and there are imports in the source');
  t.end();
});

t.test('rooms import only rooms below them', (t) => {
  const complaints: string[] = [];
  for (const { file, specifier, target } of imports) {
    if (target === undefined) continue;
    const from = roomOf(file);
    const to = roomOf(target);
    if (from === to || wiring.has(from) || to === 'diagnostics') continue;
    if (mayImport[from] === undefined) complaints.push(`${file}: ${from} is not a room of the house`);
    else if (!mayImport[from].includes(to)) complaints.push(`${file} may not import ${specifier}`);
  }
  none(t, complaints, 'imports go one way');
  t.end();
});

t.test('rooms are imported through their door', (t) => {
  const complaints: string[] = [];
  for (const { file, specifier, target } of imports) {
    if (target === undefined || target.startsWith('..')) continue;
    const to = roomOf(target);
    if (roomOf(file) !== to && target !== `${to}/index.ts`) complaints.push(`${file} imports ${specifier}`);
  }
  none(t, complaints, 'other rooms are imported as ../room/index.js');
  t.end();
});

t.test('imports of our own files exist and end in .js', (t) => {
  const complaints = imports
    .filter(({ specifier, target }) => {
      if (target === undefined) return false;
      const known = fs.existsSync(path.join(source, target));
      return !known || !/\.(js|json|wasm)$/.test(specifier);
    })
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  none(t, complaints, 'paths are those of files');
  t.end();
});

t.test('what may touch the process stays out of the pure rooms', (t) => {
  const pure = new Set(['diagnostics', 'record', 'time', 'expression', 'formats', 'stream', 'state', 'plan']);
  const allowed = /^node:(buffer|crypto|util|module)$/;
  const complaints = imports
    .filter(({ file, specifier }) => {
      const room = roomOf(file);
      if (!pure.has(room) && room !== 'operators' && room !== 'frontends') return false;
      return specifier.startsWith('node:') && !allowed.test(specifier);
    })
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  none(t, complaints, 'files, processes and threads are for connectors, back ends and cli');
  t.end();
});

t.test('operators read no clock', (t) => {
  const complaints = files.filter(
    (file) =>
      roomOf(file) === 'operators' && /\b(Date\.now|performance\.now|new Date\(\))/.test(textOf.get(file)!),
  );
  none(t, complaints, 'time is handed to operators');
  t.end();
});

t.test('only the stream room spells control lines', (t) => {
  const complaints = files.filter((file) => {
    const room = roomOf(file);
    // The scanner and the encoder know the first bytes, to stop at control lines and to escape data.
    if (room === 'stream' || room === 'record' || file.startsWith('cli/help/')) return false;
    return /\$leat"?\s*:/.test(textOf.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''));
  });
  none(t, complaints, 'no other room writes $leat');
  t.end();
});

t.test('files are short and open with what they are', (t) => {
  const complaints: string[] = [];
  for (const [file, text] of textOf) {
    const lines = text.replace(/\n$/, '').split('\n');
    if (lines.length > 400) complaints.push(`${file} has ${lines.length} lines, more than 400`);
    lines.forEach((line, index) => {
      const most = holdsText(line) ? Number.POSITIVE_INFINITY : 126;
      if (line.length > most)
        complaints.push(`${file}:${index + 1} has ${line.length} columns, over ${most}`);
    });
    if (!/^(import .*\n|\n)*(\/\*\*|\/\/)/.test(text))
      complaints.push(`${file} does not open with a comment`);
    if (!text.endsWith('\n')) complaints.push(`${file} does not end with a newline`);
  }
  none(t, complaints, 'length, width and first comment');
  t.end();
});

t.test('names say what is inside', (t) => {
  const complaints = files.filter((file) => file.split('/').some((part) => bannedNames.test(part)));
  none(t, complaints, 'no utils, helpers, common, misc or types');
  const odd = files.filter(
    (file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.as|\.d)?\.ts$/.test(file),
  );
  none(t, odd, 'kebab-case');
  t.end();
});

t.test('the source holds nothing that does not belong there', (t) => {
  const banned: readonly (readonly [RegExp, string])[] = [
    [/^export default\b/m, 'a default export'],
    [/\b(TODO|FIXME|XXX)\b/, 'something left to do'],
    [/^\s*(export\s+)?(const\s+)?enum\s/m, 'an enum'],
    [/^\s*@[A-Za-z]+\(?.*\n\s*(export\s+)?class\s/m, 'a decorator'],
    [/\.\.\/shared\b/, 'a path outside the project'],
    [/\/(work|home|tmp)\/[a-z]/, 'a path of one machine'],
    [/\b(DESIGN|SEMANTICS|STYLE)\b/, 'a document that is not part of the project'],
    [/@ts-(ignore|nocheck)/, 'a silenced type check'],
  ];
  const complaints: string[] = [];
  for (const [file, text] of textOf) {
    if (isAssembly(file)) continue;
    for (const [pattern, what] of banned) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const line = text.slice(0, match.index).split('\n').length;
      complaints.push(`${file}:${line} has ${what}: ${match[0].trim().split('\n')[0]}`);
    }
  }
  none(t, complaints, 'no default exports, enums, decorators or leftovers');
  t.end();
});

t.test('only connectors, back ends and what wires them write', (t) => {
  const writers = new Set(['disk', 'connectors', 'backends/local', 'terminal', 'cli', 'program']);
  const complaints = files.filter(
    (file) =>
      !writers.has(roomOf(file)) && /\b(console\.|process\.std(out|err)|writeSync\()/.test(textOf.get(file)!),
  );
  none(t, complaints, 'no other room prints');
  t.end();
});

t.test('every room has a door and every listed room is sane', (t) => {
  const rooms = new Set(files.map(roomOf).filter((room) => !room.endsWith('.ts')));
  for (const room of rooms) t.ok(textOf.has(`${room}/index.ts`), `${room} has an index.ts`);
  for (const [room, below] of Object.entries(mayImport)) {
    for (const other of below) {
      t.ok(!mayImport[other]?.includes(room), `${room} and ${other} do not import each other`);
    }
  }
  t.end();
});

t.test('tests have no cases that sleep or are left out', (t) => {
  const folder = path.join(root, 'test');
  const complaints = fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('tidy'))
    .filter((file) =>
      /\bt\.only\(|\{\s*only:\s*true|\{\s*skip:\s*true|await sleep\(/.test(
        fs.readFileSync(path.join(folder, file), 'utf8'),
      ),
    );
  none(t, complaints, 'no only, no unconditional skip, no sleep');
  t.end();
});

t.test('only state/paths.ts spells a path of the store', (t) => {
  const spelled =
    /[`'"/](?:checkpoints|generations|savepoints|operators|epochs)\/|manifest\.json|\.segment['"`]/;
  const complaints = files.filter((file) => {
    if (roomOf(file) !== 'state' || file === 'state/paths.ts') return false;
    const code = textOf.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|^(import|export) .*$|^} from .*$/gm, '');
    return spelled.test(code);
  });
  none(t, complaints, 'paths are made by the functions of paths.ts');
  t.match("'/checkpoints/x'", spelled, 'the pattern finds one');
  t.end();
});
