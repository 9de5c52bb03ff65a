/**
 * `node scripts/kafka/start.mjs [--port N]`: a Kafka broker on this machine to try things with. Prints its address when it
 * is ready; Ctrl-C stops it and removes its data. Needs Java 17 and, the first time, Maven.
 */
import { parseArgs } from 'node:util';
import { startBrokerProcess } from './broker.mjs';
import { missingForBroker } from './jars.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const missing = missingForBroker();
if (missing !== undefined) {
  console.error(`no broker: ${missing}`);
  process.exit(1);
}
const broker = await startBrokerProcess({
  port: values.port === undefined ? undefined : Number(values.port),
});
console.log(broker.addresses.PLAINTEXT);
console.error(`the broker runs as process ${broker.pid()}; Ctrl-C stops it and removes its data`);
const alive = setInterval(() => {}, 60_000);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    clearInterval(alive);
    await broker.remove();
  });
}
