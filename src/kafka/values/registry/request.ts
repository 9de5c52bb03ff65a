/**
 * One question to a schema registry over HTTP. It ends within ten seconds, with an answer or with a problem that says
 * what to mend. The login comes from the environment and never stands in an address or a message.
 */
import { problem } from '../../../diagnostics/index.js';

/** Confluent's `basic.auth.user.info`, USER:PASSWORD, under the name that its images take it by. */
export const loginVariable = 'SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO';

const defaultWithinMs = 10_000;

export interface RegistryLink {
  /** Without a slash at its end. */
  readonly url: string;
  /** The header with the login, if there is one. */
  readonly authorization: string | undefined;
  /** In this time an answer has to be there. */
  readonly withinMs: number;
}

export interface Question {
  /** Behind the address, with a slash before it. */
  readonly path: string;
  /** Something to post, as JSON. */
  readonly body?: unknown;
}

/** An answer with status 2xx, or `missing` with the registry's own words when there is no such thing. */
export type Answer = { readonly found: unknown } | { readonly missing: string };

function refuseUrl(url: string, message: string, hint: string): never {
  throw problem({ code: 'usage', message, hint, place: { kind: 'argument', name: url } });
}

/** Checks the address of a registry and takes the login from the environment. */
export function linkTo(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  withinMs = defaultWithinMs,
): RegistryLink {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    const shown = parsed === undefined ? 'registry' : `${parsed.protocol}//...`;
    return refuseUrl(
      shown,
      'this is no address of a schema registry',
      'write http://host:port or https://host',
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    const hint = `put USER:PASSWORD into the environment, as ${loginVariable}`;
    return refuseUrl(parsed.host, 'a login has no place in the address of a schema registry', hint);
  }
  const login = environment[loginVariable];
  return {
    url: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`,
    authorization: login ? `Basic ${Buffer.from(login).toString('base64')}` : undefined,
    withinMs,
  };
}

function unreachable(link: RegistryLink, cause: unknown): never {
  const inner = (cause as Error).cause as (Error & { code?: string }) | undefined;
  const late = (cause as Error).name === 'TimeoutError';
  const reason = late
    ? `it gave no answer within ${link.withinMs / 1000} s`
    : (inner?.code ?? inner?.message);
  throw problem({
    code: 'input',
    message: `the schema registry ${link.url} cannot be reached: ${reason ?? (cause as Error).message}`,
    hint: 'is the address right, and does the registry run?',
    cause,
  });
}

function refused(link: RegistryLink, status: number, message: string): never {
  if (status === 401 || status === 403) {
    const without = `set ${loginVariable} to USER:PASSWORD`;
    const hint =
      link.authorization === undefined
        ? without
        : `is the login in ${loginVariable} right, and may it do this?`;
    throw problem({
      code: 'input',
      message: `the schema registry ${link.url} refuses the login (${status})`,
      hint,
    });
  }
  throw problem({
    code: 'input',
    message: `the schema registry ${link.url} answers with status ${status}: ${message}`,
  });
}

/** The answer's text as JSON, or undefined. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks, and waits for the whole answer. */
export async function ask(link: RegistryLink, { path, body }: Question): Promise<Answer> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(link.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/vnd.schemaregistry.v1+json, application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/vnd.schemaregistry.v1+json' }),
        ...(link.authorization === undefined ? {} : { authorization: link.authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(link.withinMs),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    return unreachable(link, cause);
  }
  const answer = json(text) as { error_code?: number; message?: string } | undefined;
  // Its own errors have a code of five digits; a 404 without one is somebody else's.
  if (status === 404 && (answer?.error_code ?? 0) > 40_400) return { missing: String(answer?.message) };
  if (status >= 200 && status < 300 && typeof answer === 'object') return { found: answer };
  const said = answer?.message ?? `${text.slice(0, 60).replace(/\s+/g, ' ')}`;
  if (status >= 200 && status < 300)
    return refused(link, status, 'which is not JSON: is it a schema registry?');
  return refused(link, status, said);
}
