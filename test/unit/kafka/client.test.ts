/** Which of several brokers a client asks: one that takes the connection and says nothing does not hold up the next. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { createKafkaClient } from '../../../src/kafka/index.js';

async function mute(t: Test): Promise<{ readonly server: net.Server; readonly address: string }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => server.emit('asked'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

t.test('a mute broker does not hold up the next one', async (t) => {
  const [first, second] = [await mute(t), await mute(t)];
  const asked = once(second.server, 'asked');
  const client = createKafkaClient({
    brokers: [first.address, second.address],
    clientId: 'test',
    connectTimeoutMs: 3_600_000,
  });
  const answer = t.rejects(client.topics([]));
  await asked;
  client.close();
  await answer;
});

t.test('the first of them says what is wrong', async (t) => {
  const { address } = await mute(t);
  const client = createKafkaClient({
    brokers: [address, '127.0.0.1:1'],
    clientId: 'test',
    connectTimeoutMs: 10,
  });
  const failure = await client.topics([]).catch((error: unknown) => error);
  t.match(failure, { broker: address });
  client.close();
});
