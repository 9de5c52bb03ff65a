/**
 * How fast kafkajs writes the lines of a file by its own `send`: ten thousand records a call, confirmed by all replicas.
 * Prints the records a second from the first call to the last answer, without reading the file and connecting.
 *
 *     node bench/kafka/kafkajs-produce.mjs BROKER TOPIC FILE
 */
import fs from 'node:fs';
import kafkajs from 'kafkajs';

const [broker, topic, file] = process.argv.slice(2);
const perCall = 10_000;
const client = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();
const lines = fs.readFileSync(file, 'latin1').trimEnd().split('\n');
const began = performance.now();
for (let from = 0; from < lines.length; from += perCall) {
  const messages = lines.slice(from, from + perCall).map((value) => ({ value }));
  await producer.send({ topic, messages, acks: -1 });
}
console.log(`${(lines.length * 1000) / (performance.now() - began)} records a second`);
await producer.disconnect();
