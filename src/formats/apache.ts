/**
 * Apache's LogFormat: percent directives between literal text. Accepted are the name of a preset, a format
 * string (with or without its quotes escaped), and a whole `LogFormat "..." name` line. The fields get the
 * names of nginx's variables, so that a question asked of one log can be asked of the other.
 * Source: Apache's documentation of mod_log_config and mod_logio.
 */
import {
  assemblePattern,
  type LogPattern,
  type LogVariable,
  type PatternPiece,
  patternProblem,
  type VariableKind,
} from './log-pattern.js';

const common = '%h %l %u %t "%r" %>s %b';
const agents = '"%{Referer}i" "%{User-Agent}i"';
const combined = `${common} ${agents}`;

/** As Apache's documentation has them; vhost_combined as Debian ships it, whose bytes include the header. */
const presets: Readonly<Record<string, string>> = {
  common,
  combined,
  vhost_combined: `%v:%p %h %l %u %t "%r" %>s %O ${agents}`,
};

/** Directives of one letter: the field and what it holds. */
const directives: Readonly<Record<string, readonly [name: string, kind: VariableKind]>> = {
  a: ['remote_addr', 'text'],
  A: ['server_addr', 'text'],
  B: ['body_bytes_sent', 'number'],
  b: ['body_bytes_sent', 'number'],
  D: ['request_time', 'microseconds'],
  f: ['request_filename', 'text'],
  h: ['remote_addr', 'text'],
  H: ['server_protocol', 'text'],
  I: ['request_length', 'number'],
  k: ['connection_requests', 'number'],
  l: ['remote_logname', 'text'],
  L: ['request_log_id', 'text'],
  m: ['request_method', 'text'],
  O: ['bytes_sent', 'number'],
  p: ['server_port', 'number'],
  P: ['pid', 'number'],
  q: ['args', 'query'],
  r: ['request', 'request'],
  R: ['handler', 'text'],
  s: ['status', 'number'],
  S: ['bytes_total', 'number'],
  T: ['request_time', 'number'],
  u: ['remote_user', 'text'],
  U: ['uri', 'text'],
  v: ['server_name', 'text'],
  V: ['host', 'text'],
  X: ['connection_status', 'text'],
};

/** Directives with a name in braces: the field is prefixed as nginx prefixes its own. */
const prefixes: Readonly<Record<string, string>> = {
  C: 'cookie_',
  e: 'env_',
  i: 'http_',
  n: 'note_',
  o: 'sent_http_',
  x: 'ssl_',
};

const clockKinds: Readonly<Record<string, readonly [name: string, kind: VariableKind]>> = {
  sec: ['msec', 'epoch-s'],
  msec: ['time_msec', 'epoch-ms'],
  usec: ['time_usec', 'epoch-us'],
  '%d/%b/%Y:%H:%M:%S %z': ['time_local', 'local-time'],
  '%d/%b/%Y:%T %z': ['time_local', 'local-time'],
  '%Y-%m-%dT%H:%M:%S%z': ['time_iso8601', 'iso-time'],
  '%Y-%m-%dT%T%z': ['time_iso8601', 'iso-time'],
  '%FT%T%z': ['time_iso8601', 'iso-time'],
};

const durationKinds: Readonly<Record<string, VariableKind>> = {
  s: 'number',
  ms: 'milliseconds',
  us: 'microseconds',
};

const fieldName = (name: string): string => name.toLowerCase().replace(/\W/g, '_');

function variable(letter: string, argument: string | undefined, spelling: string): LogVariable | undefined {
  const make = (name: string, kind: VariableKind): LogVariable => ({ name, kind, list: false, spelling });
  if (argument === undefined) {
    const known = directives[letter];
    return known === undefined ? undefined : make(...known);
  }
  if (letter === 't') {
    const known = clockKinds[argument.replace(/^(begin|end):/, '')];
    // A clock that nobody knows is still text that can be asked for; it gives no event time.
    return known === undefined ? make('time_text', 'text') : make(...known);
  }
  if (letter === 'T') {
    const kind = durationKinds[argument];
    return kind === undefined ? undefined : make('request_time', kind);
  }
  if (letter === 'a' || letter === 'h') return make('realip_remote_addr', 'text');
  if (letter === 'p') return make(argument === 'remote' ? 'remote_port' : 'server_port', 'number');
  if (letter === 'P') return make('pid', 'number');
  const prefix = prefixes[letter];
  if (prefix === undefined) return undefined;
  // SSL_PROTOCOL is ssl_protocol in nginx: not twice ssl.
  const name = fieldName(argument);
  return make(name.startsWith(prefix) ? name : prefix + name, 'text');
}

/** The format string of a LogFormat line, or the text itself; `\"` is a quote in both. */
function formatOf(text: string): string {
  const line = /^\s*(?:Log|Custom)Format\s+(?:"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)')/.exec(text);
  return (line?.[1] ?? line?.[2] ?? text).replace(/\\(["'\\])/g, '$1').replaceAll('\\t', '\t');
}

/**
 * Reads a preset's name, a format string or a LogFormat line. Throws a syntax problem that points into the
 * pattern.
 */
export function readApachePattern(pattern = 'combined'): LogPattern {
  const text = presets[pattern.trim()] ?? formatOf(pattern);
  const pieces: PatternPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(/%(?:%|[!\d,]*[<>]?(?:\{([^}]*)\})?[<>]?(\^?[A-Za-z]+?))/g)) {
    pieces.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[0] === '%%') pieces.push('%');
    else if (found[2] === 't' && found[1] === undefined) {
      pieces.push('[', { name: 'time_local', kind: 'local-time', list: false, spelling: '%t' }, ']');
    } else {
      const known = variable(found[2]!, found[1], found[0]);
      if (known === undefined) {
        throw patternProblem(text, `unknown directive ${found[0]}`, found.index, at, 'see mod_log_config');
      }
      pieces.push(known);
    }
  }
  pieces.push(text.slice(at));
  if (at === 0) {
    const hint = `a preset (${Object.keys(presets).join(', ')}) or a LogFormat string such as '${common}'`;
    throw patternProblem(pattern, 'no preset and no directives of Apache', 0, pattern.length, hint);
  }
  return assemblePattern(pieces, true, text);
}
