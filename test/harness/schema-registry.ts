/**
 * A double of a schema registry on loopback, with the part of Confluent's API that is asked for: schemas by number, newest
 * and single versions of a subject, looking up and registering. What was asked is kept.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GivenSchema {
  readonly schema: string;
  readonly schemaType?: 'AVRO' | 'PROTOBUF' | 'JSON';
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

export interface RegistryDouble {
  readonly url: string;
  /** `METHOD PATH` of each request so far. */
  readonly asked: string[];
  /** Adds a version to a subject and says the number of the schema. */
  add(subject: string, schema: GivenSchema): number;
  close(): Promise<void>;
}

interface Stored extends GivenSchema {
  readonly id: number;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const missing = (code: number, message: string): Reply => ({
  status: 404,
  body: { error_code: code, message },
});

/** With `login` (USER:PASSWORD) nobody else is answered. */
export async function startRegistry({ login }: { readonly login?: string } = {}): Promise<RegistryDouble> {
  const subjects = new Map<string, Stored[]>();
  const asked: string[] = [];

  const add = (subject: string, schema: GivenSchema): number => {
    const all = [...subjects.values()].flat();
    const same = all.find((one) => one.schema === schema.schema && one.schemaType === schema.schemaType);
    const id = same?.id ?? 100 + new Set(all.map((one) => one.id)).size;
    const versions = subjects.get(subject) ?? [];
    if (!versions.some((one) => one.id === id)) versions.push({ ...schema, id });
    subjects.set(subject, versions);
    return id;
  };

  const answer = (method: string, path: string, body: string): Reply => {
    const byId = /^\/schemas\/ids\/(\d+)$/.exec(path);
    if (byId !== null) {
      const found = [...subjects.values()].flat().find(({ id }) => id === Number(byId[1]));
      if (found === undefined) return missing(40403, 'Schema not found');
      const { id: _, ...schema } = found;
      return { status: 200, body: schema };
    }
    const [, name, rest] = /^\/subjects\/([^/]+)(.*)$/.exec(path) ?? [];
    if (name === undefined) return { status: 404, body: 'no such page' };
    const subject = decodeURIComponent(name);
    if (method === 'POST' && rest === '/versions') {
      const given = JSON.parse(body) as GivenSchema;
      if (given.schema === 'bad')
        return { status: 422, body: { error_code: 42201, message: 'Invalid schema' } };
      return { status: 200, body: { id: add(subject, given) } };
    }
    const versions = subjects.get(subject);
    if (versions === undefined) return missing(40401, `Subject '${subject}' not found.`);
    if (method === 'POST') {
      const { schema } = JSON.parse(body) as GivenSchema;
      const found = versions.find((one) => one.schema === schema);
      return found === undefined ? missing(40403, 'Schema not found') : { status: 200, body: found };
    }
    const version =
      rest === '/versions/latest' ? versions.length : Number(/^\/versions\/(\d+)$/.exec(rest ?? '')?.[1]);
    const found = versions[version - 1];
    return found === undefined
      ? missing(40402, 'Version not found')
      : { status: 200, body: { ...found, version } };
  };

  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push(`${method} ${url}`);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      const allowed =
        login === undefined || headers.authorization === `Basic ${Buffer.from(login).toString('base64')}`;
      const reply = allowed
        ? answer(method, url, body)
        : { status: 401, body: { error_code: 401, message: 'no' } };
      response.writeHead(reply.status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    add,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
