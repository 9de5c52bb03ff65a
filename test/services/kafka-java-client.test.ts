/**
 * Beside Kafka's own Java client, through a real broker and for every codec: what it writes leat reads, what leat writes it reads,
 * and both send a key to the same partition. The records are generated, some of which do not get smaller.
 */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Codec, codecs } from '../../src/kafka/index.js';
import { codecsOnDisk, javaConsume, javaProduce } from '../harness/java-client.js';
import { needsBroker, startBroker } from '../harness/kafka-broker.js';
import { runShell, temporaryFolder } from '../harness/shell.js';

const folder = temporaryFolder();
const partitions = 3;
t.setTimeout(900_000);

interface Entry {
  readonly key: string;
  /** A JSON object with its key in `k`. */
  readonly value: string;
}

const key = fc.stringMatching(/^[a-z0-9æøå-]{1,12}$/);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/shop', '/shop/basket', '/help') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.base64String({ maxLength: 400 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1000, maxLength: 3000, unit: fc.constantFrom('a', 'b') }) },
);

function entries(seed: number): Entry[] {
  return fc
    .sample(fc.tuple(key, text, fc.integer()), { seed, numRuns: 3000 })
    .map(([k, page, n], index) => ({ key: k, value: JSON.stringify({ k, page, n, index }) }));
}

const indexOf = (value: string): number => (JSON.parse(value) as { index: number }).index;
const byIndex = (a: Entry, b: Entry): number => indexOf(a.value) - indexOf(b.value);

/** Runs a script that must succeed, and gives the lines of its stdout. */
async function run(t: Test, script: string, stdin?: string): Promise<string[]> {
  const more = stdin === undefined ? {} : { stdin };
  const { status, stdout, stderr } = await runShell(script, { cwd: folder, deadlineMs: 120_000, ...more });
  t.equal(status, 0, stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Records as leat gives them with their key and partition in front. */
function withMeta(line: string): Entry & { readonly partition: number } {
  const { $key, $partition, ...rest } = JSON.parse(line) as { $key: string; $partition: number };
  return { key: $key, partition: $partition, value: JSON.stringify(rest) };
}

t.test('the Java client', async (t) => {
  if (!needsBroker(t)) return;
  const broker = await startBroker(t);
  const seed = Number(process.env['LEAT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  t.comment(`LEAT_SEED=${seed}`);
  const all = entries(seed);
  const file = path.join(folder, 'records.ndjson');
  fs.writeFileSync(file, all.map(({ value }) => `${value}\n`).join(''));
  /** What the Java client says of where its keys went, by codec. */
  const places = new Map<Codec, ReadonlyMap<string, number>>();

  for (const codec of codecs) {
    t.test(`${codec}: what it writes is read`, async (t) => {
      const topic = `java-${codec}`;
      await broker.createTopic(topic, partitions);
      await javaProduce(
        broker,
        topic,
        codec,
        all.map((entry) => [entry.key, entry.value]),
      );
      const lines = await run(
        t,
        `leat from 'kafka://${broker.address}/${topic}?end=latest' --meta key,partition`,
      );
      const read = lines.map(withMeta).sort(byIndex);
      t.strictSame(
        read.map((entry) => ({ key: entry.key, value: entry.value })),
        all,
      );
      places.set(codec, new Map(read.map((entry) => [entry.key, entry.partition])));
    });

    t.test(
      `${codec}: what leat writes it reads, from the partitions where it would have written`,
      async (t) => {
        const topic = `leat-${codec}`;
        await broker.createTopic(topic, partitions);
        await run(t, `leat to 'kafka://${broker.address}/${topic}?compression=${codec}' --key k`, file);
        const read = (await javaConsume(broker, topic, all.length)).sort(byIndex);
        t.strictSame(
          read.map((entry) => ({ key: entry.key, value: entry.value })),
          all,
        );
        const place = places.get(codec)!;
        const elsewhere = read.filter((entry) => entry.partition !== place.get(entry.key));
        t.strictSame(elsewhere, []);
      },
    );
  }

  t.test('all of them were compressed as asked', async (t) => {
    const found = await codecsOnDisk(
      broker,
      codecs.flatMap((codec) => [`java-${codec}`, `leat-${codec}`]),
    );
    for (const codec of codecs) {
      t.strictSame([found[`java-${codec}`], found[`leat-${codec}`]], [[codec], [codec]], codec);
    }
  });
});
