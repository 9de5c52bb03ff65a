/**
 * nginx's log_format: `$name` and `${name}` between literal text. Accepted are the name of a preset, a
 * format string, and a whole `log_format name escape=... '...' '...';` directive as it stands in nginx.conf.
 * Source: nginx's documentation of ngx_http_log_module and its list of variables.
 */
import {
  assemblePattern,
  type LogPattern,
  type PatternPiece,
  patternProblem,
  type VariableKind,
} from './log-pattern.js';

const common = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent';
const combined = `${common} "$http_referer" "$http_user_agent"`;

/**
 * `main` is the one in the nginx.conf that nginx installs; `vhost_combined` is Debian's, named as in Apache.
 */
const presets: Readonly<Record<string, string>> = {
  combined,
  common,
  main: `${combined} "$http_x_forwarded_for"`,
  vhost_combined: `$server_name:$server_port ${combined}`,
};

/** Variables that are numbers, as far as they are not `-` or lists. */
const numbers = new RegExp(
  `^(${[
    'status',
    'upstream_status',
    'body_bytes_sent',
    'bytes_(sent|received)',
    'content_length',
    'connection(_requests|_time)?',
    'pid',
    'gzip_ratio',
    '(request|session)_(length|time)',
    '(remote|server|proxy_protocol)_port',
    'upstream_\\w*(time|length|bytes_sent|bytes_received)',
  ].join('|')})$`,
);

const lists = /^(upstream_(?!http_|cookie_)\w+|http_x_forwarded_for|proxy_add_x_forwarded_for)$/;

const kinds: Readonly<Record<string, VariableKind>> = {
  request: 'request',
  time_local: 'local-time',
  time_iso8601: 'iso-time',
  msec: 'epoch-s',
};

/** What an nginx variable holds, by its name without the dollar sign. */
function kindOf(name: string): VariableKind {
  return kinds[name] ?? (numbers.test(name) ? 'number' : 'text');
}

/** The format string and the escape of a log_format directive, or undefined if the text is none. */
function readDirective(text: string): { format: string; escapes: boolean } | undefined {
  const directive = /^\s*log_format\s+\S+\s+(?:escape=(\w+)\s+)?([\s\S]*?);?\s*$/.exec(text);
  if (directive === null) return undefined;
  let format = '';
  for (const part of directive[2]!.matchAll(/'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|(\S+)/g)) {
    format += (part[1] ?? part[2] ?? part[3]!).replace(/\\(["'\\])/g, '$1').replaceAll('\\t', '\t');
  }
  return { format, escapes: directive[1] !== 'none' };
}

/**
 * Reads a preset's name, a format string or a directive. Throws a syntax problem that points into the
 * pattern.
 */
export function readNginxPattern(pattern = 'combined'): LogPattern {
  const preset = presets[pattern.trim()];
  const directive = preset === undefined ? readDirective(pattern) : undefined;
  const text = preset ?? directive?.format ?? pattern;
  const pieces: PatternPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    const name = found[1] ?? found[2]!;
    pieces.push(text.slice(at, found.index), {
      name,
      kind: kindOf(name),
      list: lists.test(name),
      spelling: `$${name}`,
    });
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  if (at === 0) {
    const hint = `a preset (${Object.keys(presets).join(', ')}) or a log_format string such as '${common}'`;
    throw patternProblem(pattern, 'no preset and no variables of nginx', 0, pattern.length, hint);
  }
  return assemblePattern(pieces, directive?.escapes ?? true, text);
}
