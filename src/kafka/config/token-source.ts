/**
 * Fetches bearer tokens. One from an endpoint is kept until four fifths of its life are over, as Java's client
 * does, so that a reconnect does not ask again; a file is read each time. What an endpoint answers is never
 * quoted: it may hold the token.
 */
import { type Problem, problem } from '../../diagnostics/index.js';
import type { TokenSource } from './sasl.js';
import { readNamedFile } from './settings.js';

type Endpoint = Extract<TokenSource, { kind: 'endpoint' }>;

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch from which on a new one is asked for. */
  readonly freshUntil: number;
}

const answerWithinMs = 10_000;
const shareOfLife = 0.8;

function failed(url: string, why: string, hint: string, cause?: unknown): Problem {
  const { origin, pathname } = new URL(url);
  return problem({
    code: 'input',
    message: `the token endpoint ${origin}${pathname} ${why}`,
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The code of what went wrong below `fetch`, which hides it in causes. */
function codeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? 'unknown error';
}

async function ask({ url, clientId, clientSecret, scope }: Endpoint): Promise<Response> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  const credentials = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
      body: form,
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch (error) {
    throw failed(
      url,
      `does not answer (${codeOf(error)})`,
      'sasl.oauthbearer.token.endpoint.url says it',
      error,
    );
  }
}

async function fetchToken(endpoint: Endpoint): Promise<Token> {
  const response = await ask(endpoint);
  if (!response.ok) {
    const hint = 'clientId and clientSecret of sasl.jaas.config are what it was asked with';
    throw failed(endpoint.url, `answered with status ${response.status}`, hint);
  }
  const answer = (await response.json().catch(() => undefined)) as Record<string, unknown> | undefined;
  const { access_token: value, expires_in: seconds } = answer ?? {};
  if (typeof value !== 'string' || value === '') {
    throw failed(endpoint.url, 'answered without an access_token', 'it should answer as RFC 6749 says');
  }
  const lifeMs = Number(seconds ?? 0) * 1000;
  return { value, freshUntil: Date.now() + lifeMs * shareOfLife };
}

/** A token that says who it is and is signed by nobody, which only a cluster for development takes. */
function unsecuredToken(subject: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 3600 })}.`;
}

/** Makes the function that gives the token to log in with now. */
export function tokenProvider(source: TokenSource): () => Promise<string> {
  let kept: Token | undefined;
  return async () => {
    switch (source.kind) {
      case 'fixed':
        return source.token.reveal();
      case 'file':
        return readNamedFile(source.path, { kind: 'file', path: source.path }).toString('utf8').trim();
      case 'unsecured':
        return unsecuredToken(source.subject);
      case 'endpoint':
        if (kept === undefined || Date.now() >= kept.freshUntil) kept = await fetchToken(source);
        return kept.value;
    }
  };
}
