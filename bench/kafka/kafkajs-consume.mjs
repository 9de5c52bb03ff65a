/**
 * How fast kafkajs reads when nothing is done with the records: large fetches, whole batches, and only counting.
 * Prints the records a second from the first batch to the last one, without connecting and joining a group.
 *
 *     node bench/kafka/kafkajs-consume.mjs BROKER TOPIC RECORDS
 */
import kafkajs from 'kafkajs';

const [broker, topic, records] = process.argv.slice(2);
const client = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
const consumer = client.consumer({
  groupId: `bench-${process.pid}-${Date.now()}`,
  maxBytesPerPartition: 4 << 20,
  maxBytes: 16 << 20,
});
let seen = 0;
let began;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await new Promise((resolve) => {
  consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: ({ batch }) => {
      began ??= performance.now();
      seen += batch.messages.length;
      if (seen >= Number(records)) resolve();
      return Promise.resolve();
    },
  });
});
console.log(`${(seen * 1000) / (performance.now() - began)} records a second`);
process.exit(seen === Number(records) ? 0 : 1);
