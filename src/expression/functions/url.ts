/**
 * Functions on URLs. A URL is taken apart by its delimiters (RFC 3986, appendix B) and never judged, so that
 * the path and query of a log line, which have no host in front, can be asked as well.
 */
import type { Value } from '../value.js';
import { textOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';

const urlParts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** Parts of an authority such as `user:secret@[::1]:8080`. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return /^\[[^\]]*\]/.exec(host)?.[0] ?? host.replace(/:\d*$/, '');
}

function queryValue(query: string, key: string): string | null {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals >= 0 && pair.slice(0, equals) === key) return pair.slice(equals + 1);
  }
  return null;
}

function urlPart(url: string, part: string): string | null {
  const match = urlParts.exec(url.trim());
  if (match === null) return null;
  const [, protocol, authority, path = '', query, fragment] = match;
  switch (part) {
    case 'PROTOCOL':
      return protocol ?? null;
    case 'AUTHORITY':
      return authority ?? null;
    case 'HOST':
      return authority === undefined ? null : hostOf(authority);
    case 'USERINFO':
      return authority?.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : null;
    case 'PATH':
      return path;
    case 'FILE':
      return query === undefined ? path : `${path}?${query}`;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return fragment ?? null;
    default:
      return null;
  }
}

function parseUrl([url, part, key]: readonly Value[]): string | null {
  const name = textOf(part).toUpperCase();
  const found = urlPart(textOf(url), name);
  if (key === undefined) return found;
  return name === 'QUERY' && found !== null ? queryValue(found, textOf(key)) : null;
}

/** As HTML forms do: blanks are +, and all but letters, digits and * - . _ are percent-encoded. */
function encoded(text: string): string {
  return encodeURIComponent(
    text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD'),
  )
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** All functions on URLs. */
export const urlFunctions: readonly FunctionDefinition[] = [
  {
    name: 'PARSE_URL',
    family: 'url',
    usage: 'PARSE_URL(url, part [, key])',
    summary:
      'HOST, PATH, QUERY, REF, PROTOCOL, AUTHORITY, FILE or USERINFO of a URL, or one value of its query.',
    example: ["PARSE_URL('http://leat.example/p?k1=v1&k2=v2#top', 'QUERY', 'k1')", '"v1"'],
    parameters: ['text', 'text', 'text'],
    required: 2,
    returns: 'text',
    evaluate: parseUrl,
  },
  {
    name: 'URL_ENCODE',
    family: 'url',
    usage: 'URL_ENCODE(text)',
    summary: 'The text as it stands in a query: blanks as +, other characters as %XX.',
    example: ["URL_ENCODE('a b&c')", '"a+b%26c"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => encoded(textOf(text)),
  },
  {
    name: 'URL_DECODE',
    family: 'url',
    usage: 'URL_DECODE(text)',
    summary: 'The text that stands encoded in a query; NULL if it is not encoded right.',
    example: ["URL_DECODE('a+b%26c')", '"a b&c"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => decoded(textOf(text)),
  },
];
