/**
 * Reads `sasl.jaas.config`: `org.apache.kafka.common.security.plain.PlainLoginModule required username="alice"
 * password="...";`. The words are those of Java's StreamTokenizer: quoted texts with backslash escapes, plain
 * words, comments. Complaints never quote what was read, since a password may be anywhere in it.
 */
import { type Problem, problem } from '../../diagnostics/index.js';
import type { Setting } from './settings.js';

export interface JaasEntry {
  /** Name of the class without its package. */
  readonly loginModule: string;
  readonly options: ReadonlyMap<string, string>;
}

type Token = { readonly kind: 'word' | 'quoted' | 'sign'; readonly text: string };

const tokenPattern =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:\\[\s\S]|[^"\\\n])*)"|'((?:\\[\s\S]|[^'\\\n])*)'|([=;])|([^\s=;"']+)/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b', v: '\v' };

const unescaped = (text: string): string =>
  text.replace(/\\([\s\S])/g, (_match, sign: string) => escapes[sign] ?? sign);

function refused(setting: Setting, why: string): Problem {
  return problem({
    code: 'input',
    place: setting.place,
    message: `sasl.jaas.config cannot be understood: ${why}`,
    hint: 'it looks like: org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";',
  });
}

function tokensOf(setting: Setting): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < setting.value.length) {
    const match = tokenPattern.exec(setting.value);
    if (match === null) throw refused(setting, 'a quote is not closed');
    const [, double, single, sign, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: unescaped(quoted) });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

const flags = /^(required|requisite|sufficient|optional)$/i;

const isEnd = (token: Token): boolean => token.kind === 'sign' && token.text === ';';

/** The one login module that is named, with its options. */
export function readJaas(setting: Setting): JaasEntry {
  const tokens = tokensOf(setting);
  const [name, flag] = tokens;
  if (name?.kind !== 'word') throw refused(setting, 'it does not begin with the name of a login module');
  if (flag?.kind !== 'word' || !flags.test(flag.text)) {
    throw refused(setting, 'the word required is missing after the login module');
  }
  const options = new Map<string, string>();
  let at = 2;
  while (at < tokens.length && !isEnd(tokens[at]!)) {
    const [key, equals, value] = tokens.slice(at, at + 3);
    const complete =
      key?.kind === 'word' && equals?.kind === 'sign' && equals.text === '=' && value !== undefined;
    if (!complete || value.kind === 'sign')
      throw refused(setting, 'an option is not written as name="value"');
    options.set(key.text, value.text);
    at += 3;
  }
  if (at >= tokens.length) throw refused(setting, 'the ; at its end is missing');
  if (at < tokens.length - 1) throw refused(setting, 'it names more than one login module');
  return { loginModule: name.text.slice(name.text.lastIndexOf('.') + 1), options };
}
