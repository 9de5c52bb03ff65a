/** The client of a schema registry: what is asked and kept, logins, and what is said when it cannot answer. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import t, { type Test } from 'tap';
import { createValueDecoder, createValueEncoder } from '../../../../src/kafka/index.js';
import { createRegistry } from '../../../../src/kafka/values/registry/registry.js';
import { type RegistryDouble, startRegistry } from '../../../harness/schema-registry.js';
import { decoded, encoded, hex, problemOf, withId } from './value-codecs.js';

async function registryFor(t: Test, login?: string): Promise<RegistryDouble> {
  const registry = await startRegistry(login === undefined ? {} : { login });
  t.teardown(registry.close);
  return registry;
}

const point = '{"type":"record","name":"P","fields":[{"name":"x","type":"int"}]}';

t.test('a schema is asked for once', async (t) => {
  const registry = await registryFor(t);
  const id = registry.add('points-value', { schema: point });
  const avro = createValueDecoder('avro', { registry: `${registry.url}/` });
  const value = withId(id, hex('02'));
  t.not(avro.prepare?.(value), undefined, 'its schema is not known yet');
  t.equal(await decoded(avro, value), '{"x":1}');
  t.equal(await decoded(avro, withId(id, hex('03'))), '{"x":-2}');
  t.equal(avro.prepare?.(value), undefined, 'and is known now');
  t.same(registry.asked, [`GET /schemas/ids/${id}`]);
});

t.test('schemas that name others bring them along, each once', async (t) => {
  const registry = await registryFor(t);
  registry.add('colour', { schema: '{"type":"enum","name":"shop.Colour","symbols":["RED","BLUE"]}' });
  registry.add('paint', {
    schema: '{"type":"record","name":"shop.Paint","fields":[{"name":"colour","type":"Colour"}]}',
    references: [{ name: 'shop.Colour', subject: 'colour', version: 1 }],
  });
  const id = registry.add('orders', {
    schema:
      '{"type":"record","name":"shop.Order","fields":[{"name":"a","type":"Paint"},{"name":"b","type":"shop.Colour"}]}',
    references: [
      { name: 'shop.Paint', subject: 'paint', version: 1 },
      { name: 'shop.Colour', subject: 'colour', version: 1 },
    ],
  });
  const avro = createValueDecoder('avro', { registry: registry.url });
  t.equal(await decoded(avro, withId(id, hex('00 02'))), '{"a":{"colour":"RED"},"b":"BLUE"}');
  t.equal(registry.asked.length, 3);
});

t.test(
  'values without a schema, or with one that is not there, are bad and not asked for again',
  async (t) => {
    const registry = await registryFor(t);
    const avro = createValueDecoder('avro', { registry: registry.url });
    const json = Buffer.from('{"a":1}');
    t.equal(avro.prepare?.(json), undefined);
    t.match(await problemOf(() => avro.decode(json)), { code: 'bad-record', hint: /format=json/ });
    t.match(await problemOf(() => avro.decode(hex('0000'))), { code: 'bad-record' });
    const value = withId(77, hex('02'));
    for (let k = 0; k < 3; k++) {
      t.match(await problemOf(() => decoded(avro, value)), {
        code: 'bad-record',
        message: /schema 77 is not in the registry/,
      });
    }
    t.same(registry.asked, ['GET /schemas/ids/77']);
    const id = registry.add('x', { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' });
    t.match(await problemOf(() => decoded(avro, withId(id))), {
      code: 'bad-record',
      message: /of PROTOBUF and not of AVRO/,
    });
    const broken = registry.add('y', {
      schema: '{"type":"record","name":"R","fields":[{"name":"a","type":"Nowhere"}]}',
    });
    t.match(await problemOf(() => decoded(avro, withId(broken))), {
      code: 'bad-record',
      message: /Nowhere, which is nowhere defined/,
    });
  },
);

t.test('a login comes from the environment and is never shown', async (t) => {
  const registry = await registryFor(t, 'anna:se:cret');
  const id = registry.add('points-value', { schema: point });
  const value = withId(id, hex('02'));
  const refusalWith = (environment: Record<string, string>) =>
    problemOf(() => decoded(createValueDecoder('avro', { registry: registry.url, environment }), value));
  t.match(await refusalWith({}), {
    code: 'input',
    hint: 'set SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO to USER:PASSWORD',
  });
  const wrong = await refusalWith({ SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: 'anna:wrong' });
  t.match(wrong, { code: 'input', message: /refuses the login \(401\)/, hint: /is the login .* right/ });
  t.notMatch(JSON.stringify(wrong), /anna|wrong/);
  const environment = { SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: 'anna:se:cret' };
  t.equal(
    await decoded(createValueDecoder('avro', { registry: registry.url, environment }), value),
    '{"x":1}',
  );
  const inside = await problemOf(() => createRegistry('http://anna:cret@127.0.0.1:1', {}));
  t.match(inside, { code: 'usage', message: /no place in the address/, hint: /SCHEMA_REGISTRY/ });
  t.notMatch(JSON.stringify(inside), /anna|cret/);
});

t.test('an address has to be one', async (t) => {
  t.match(await problemOf(() => createRegistry('registry:8081', {})), {
    code: 'usage',
    hint: /http:\/\/host:port/,
  });
  t.match(await problemOf(() => createRegistry('nowhere', {})), { code: 'usage' });
});

/** The address of a server that answers every request so; it is closed at the end of the test. */
async function serverOf(t: Test, handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

t.test('what is no registry, or is not there, is told', async (t) => {
  const value = withId(1, hex('02'));
  const refusalAt = (registry: string) =>
    problemOf(() => decoded(createValueDecoder('avro', { registry }), value));
  t.match(await refusalAt(`http://127.0.0.1:${await closedPort()}`), {
    code: 'input',
    message: /cannot be reached: ECONNREFUSED/,
  });
  const page = await serverOf(t, (_, response) => response.end('<html>hello</html>'));
  t.match(await refusalAt(page), { code: 'input', message: /is it a schema registry/ });
  const lost = await serverOf(t, (_, response) => response.writeHead(404).end('not here'));
  t.match(await refusalAt(lost), { code: 'input', message: /status 404: not here/ });
  const other = await serverOf(t, (_, response) => response.end('{"a":1}'));
  t.match(await refusalAt(other), { code: 'input', message: /something that is no schema/ });
  const broken = await serverOf(t, (_, response) =>
    response.writeHead(500).end('{"message":"store timeout"}'),
  );
  t.match(await refusalAt(broken), { code: 'input', message: /status 500: store timeout/ });
});

t.test('an answer that does not come is not waited for', async (t) => {
  const silent = await serverOf(t, () => {});
  const halting = await serverOf(t, (_, response) => response.write('{"schema":'));
  for (const url of [silent, halting]) {
    const refusal = await problemOf(() => createRegistry(url, {}, 50).byId(1));
    t.match(refusal, { code: 'input', message: /cannot be reached: it gave no answer within 0.05 s/ });
  }
});

t.test('a registry that was away is asked again', async (t) => {
  let away = true;
  const url = await serverOf(t, (_, response) => {
    if (away) response.writeHead(503).end('{"message":"away"}');
    else response.end(JSON.stringify({ schema: point }));
  });
  const avro = createValueDecoder('avro', { registry: url });
  t.match(await problemOf(() => decoded(avro, withId(1, hex('02')))), { code: 'input' });
  away = false;
  t.equal(await decoded(avro, withId(1, hex('02'))), '{"x":1}');
});

t.test('a sink writes with a schema that is there, and registers only when asked', async (t) => {
  const registry = await registryFor(t);
  const id = registry.add('points-value', { schema: point });
  const own = { registry: registry.url, subject: 'points-value' };
  const record = { x: 1 };
  t.same(
    await encoded(createValueEncoder('avro', own), record),
    withId(id, hex('02')),
    'the newest of the subject',
  );
  t.same(
    await encoded(createValueEncoder('avro', { ...own, schema: point }), record),
    withId(id, hex('02')),
    'one that it has',
  );
  const other = '{"type":"record","name":"P","fields":[{"name":"x","type":"long"}]}';
  t.match(await problemOf(() => encoded(createValueEncoder('avro', { ...own, schema: other }), record)), {
    code: 'output',
    message: /does not have this schema/,
  });
  const written = registry.asked.filter((one) => one.startsWith('POST /subjects/points-value/versions'));
  t.same(written, [], 'nothing was registered so far');
  const registered = await encoded(
    createValueEncoder('avro', { ...own, schema: other, register: true }),
    record,
  );
  t.same(registered, withId(id + 1, hex('02')));
  t.match(await problemOf(() => encoded(createValueEncoder('avro', { ...own, subject: 'nobody' }), record)), {
    code: 'output',
    message: /no subject nobody/,
  });
  t.match(
    await problemOf(() =>
      encoded(createValueEncoder('avro', { ...own, schema: 'bad', register: true }), record),
    ),
    { code: 'input', message: /status 422: Invalid schema/ },
  );
  t.match(await problemOf(() => encoded(createValueEncoder('protobuf', own), record)), {
    code: 'output',
    message: /one of AVRO and not of PROTOBUF/,
  });
});
