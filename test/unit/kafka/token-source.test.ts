/** Bearer tokens: asked for at an endpoint with client credentials, kept while they are fresh, read from a file each time. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import t, { type Test } from 'tap';
import { isProblem, renderProblem } from '../../../src/diagnostics/index.js';
import { secret } from '../../../src/kafka/config/secret.js';
import { tokenProvider } from '../../../src/kafka/config/token-source.js';

interface Asked {
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A token endpoint that gives numbered tokens with a life in seconds, and what it was asked. */
async function endpoint(t: Test, seconds: number, status = 200) {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ access_token: `token-${asked.length}`, expires_in: seconds }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?x=hidden`;
  const source = {
    kind: 'endpoint',
    url,
    clientId: 'me',
    clientSecret: secret('hunter2'),
    scope: 'read',
  } as const;
  return { asked, source };
}

async function refusal(work: Promise<string>): Promise<string> {
  return work.then(
    () => 'taken',
    (error: unknown) => (isProblem(error) ? renderProblem(error.details) : String(error)),
  );
}

t.test('a token is asked for once while it is fresh', async (t) => {
  const { asked, source } = await endpoint(t, 3600);
  const token = tokenProvider(source);
  t.equal(await token(), 'token-1');
  t.equal(await token(), 'token-1');
  const authorization = `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
  t.same(asked, [{ authorization, body: 'grant_type=client_credentials&scope=read' }]);
});

t.test('one whose life is over is asked for again', async (t) => {
  const { source } = await endpoint(t, 0);
  const token = tokenProvider(source);
  t.equal(await token(), 'token-1');
  t.equal(await token(), 'token-2');
});

t.test('an endpoint that refuses or is not there is named, without secrets', async (t) => {
  const { source } = await endpoint(t, 1, 401);
  const refused = await refusal(tokenProvider(source)());
  t.match(
    refused,
    /the token endpoint http:\/\/127\.0\.0\.1:\d+\/token answered with status 401[\s\S]*clientSecret/,
  );
  const gone = await refusal(tokenProvider({ ...source, url: 'http://127.0.0.1:1/token' })());
  t.match(gone, /does not answer/);
  for (const said of [refused, gone]) t.notMatch(said, /hunter2|token-1|hidden/);
});

t.test('a file is read each time, a fixed token is as it is', async (t) => {
  const file = path.join(t.testdir({ token: 'one\n' }), 'token');
  const token = tokenProvider({ kind: 'file', path: file });
  t.equal(await token(), 'one');
  fs.writeFileSync(file, 'two\n');
  t.equal(await token(), 'two');
  fs.rmSync(file);
  t.match(await refusal(token()), /does not exist/);
  t.equal(await tokenProvider({ kind: 'fixed', token: secret('abc') })(), 'abc');
});
