import { createHash } from 'node:crypto';
import t from 'tap';
import { createGenerator, type Dataset, type GeneratorOptions } from '../../../src/connectors/index.js';
import { scanText } from '../formats/scan-text.js';

const datasets: readonly Dataset[] = ['clicks', 'access-log', 'nexmark'];

function generate(options: GeneratorOptions, bufferBytes = 1 << 16): string {
  const generator = createGenerator(options);
  const buffer = new Uint8Array(bufferBytes);
  const pieces: Buffer[] = [];
  for (;;) {
    const length = generator.fill(buffer);
    if (length === 0) break;
    pieces.push(Buffer.from(buffer.subarray(0, length)));
  }
  return Buffer.concat(pieces).toString('utf8');
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
const jsonLines = (text: string) => linesOf(text).map((line) => JSON.parse(line));

for (const dataset of datasets) {
  t.test(`${dataset}: a seed gives the same bytes, whatever they are read into`, (t) => {
    const whole = generate({ dataset, seed: 7, count: 300 });
    t.equal(linesOf(whole).length, 300);
    t.ok(whole.endsWith('\n'));
    for (const bufferBytes of [1, 100, 2048, 5000]) {
      t.equal(generate({ dataset, seed: 7, count: 300 }, bufferBytes), whole, `${bufferBytes} bytes`);
    }
    t.not(generate({ dataset, seed: 8, count: 300 }), whole);
    t.ok(generate({ dataset, seed: 7, count: 400 }).startsWith(whole));
    t.end();
  });

  t.test(`${dataset}: large buffers get whole lines, and records are counted`, (t) => {
    const generator = createGenerator({ dataset, seed: 1 });
    const buffer = new Uint8Array(20_000);
    let made = 0;
    for (let round = 0; round < 5; round++) {
      const length = generator.fill(buffer);
      t.equal(buffer[length - 1], 10);
      t.ok(length > buffer.length - 2048);
      made += linesOf(Buffer.from(buffer.subarray(0, length)).toString()).length;
      t.equal(generator.made, made);
    }
    t.end();
  });

  t.test(`${dataset}: no records make no bytes`, (t) => {
    t.equal(generate({ dataset, seed: 1, count: 0 }), '');
    t.end();
  });
}

t.test('what a seed gives does not change unnoticed', (t) => {
  const digest = (dataset: Dataset): string =>
    createHash('sha256')
      .update(generate({ dataset, seed: 42, count: 1000 }))
      .digest('hex')
      .slice(0, 16);
  t.strictSame(Object.fromEntries(datasets.map((dataset) => [dataset, digest(dataset)])), {
    clicks: 'de3b2d33eae4d985',
    'access-log': '0d41510b089b218b',
    nexmark: '0a089e544e94e4d3',
  });
  t.end();
});

t.test('clicks come out of order by less than two seconds', (t) => {
  const startMs = Date.UTC(2020, 1, 29, 23, 59, 50);
  const records = jsonLines(generate({ dataset: 'clicks', seed: 3, count: 20_000, startMs }));
  const times = records.map(({ ts }) => Date.parse(ts));
  let highest = 0;
  let worst = 0;
  for (const time of times) {
    worst = Math.max(worst, highest - time);
    highest = Math.max(highest, time);
  }
  t.ok(worst > 1500 && worst < 2000, `${worst} ms behind`);
  t.ok(times[0]! >= startMs && times[0]! < startMs + 2000);
  t.ok(highest - startMs > 25_000 && highest - startMs < 35_000, 'about 1.5 ms between records');
  t.strictSame(Object.keys(records[0]!), [
    'ts',
    'user',
    'country',
    'page',
    'status',
    'bytes',
    'ms',
    'ref',
    'ua',
  ]);
  t.ok(records.every(({ ms, bytes }) => ms >= 0 && ms < 100 && Number.isInteger(bytes)));
  t.ok(records.some(({ ref }) => ref === null) && records.some(({ ref }) => typeof ref === 'string'));
  t.equal(new Set(records.map(({ country }) => country)).size, 40);
  t.end();
});

t.test('the access log is in the combined format, with bots and bursts of 5xx', (t) => {
  const text = generate({ dataset: 'access-log', seed: 1, count: 20_000 });
  const { records, refused } = scanText({ name: 'nginx' }, text);
  t.strictSame(refused, []);
  t.equal(records.length, 20_000);
  const times = records.map(({ time }) => Date.parse(String(time)));
  t.ok(times.every((time, index) => index === 0 || time >= times[index - 1]!));
  t.ok(new Set(records.map(({ path }) => path)).size > 2000);
  t.ok(records.some(({ http_user_agent: agent }) => /bot/i.test(String(agent))));
  t.ok(records.some(({ method, status }) => method === null && status === 400));
  const failed = new Map<number, number>();
  for (const [index, { status }] of records.entries()) {
    const minute = Math.floor(times[index]! / 60_000);
    failed.set(minute, (failed.get(minute) ?? 0) + (Number(status) >= 500 ? 1 : 0));
  }
  const counts = [...failed.values()];
  t.ok(counts.filter((count) => count > 30).length > 5, 'minutes of outage');
  t.ok(counts.filter((count) => count <= 2).length > counts.length / 2, 'calm minutes');
  t.end();
});

t.test('nexmark has persons, auctions and bids as 1:3:46, that refer to what there is', (t) => {
  const records = jsonLines(generate({ dataset: 'nexmark', seed: 1, count: 10_000 }));
  const kinds = [0, 0, 0];
  const persons = new Set<number>();
  const auctions = new Set<number>();
  let broken = 0;
  for (const { event_type: kind, dateTime, person, auction, bid } of records) {
    kinds[kind]!++;
    const inner = person ?? auction ?? bid;
    if (inner.dateTime !== dateTime) broken++;
    if (person !== undefined) persons.add(person.id);
    if (auction !== undefined) {
      auctions.add(auction.id);
      if (!persons.has(auction.seller) || auction.reserve <= auction.initialBid) broken++;
    }
    if (bid !== undefined && (!auctions.has(bid.auction) || !persons.has(bid.bidder) || bid.price < 100))
      broken++;
  }
  t.strictSame(kinds, [200, 600, 9200]);
  t.equal(persons.size, 200);
  t.equal(auctions.size, 600);
  t.equal(broken, 0);
  t.equal(records.at(-1)!.dateTime, '2026-11-01T00:00:00.999Z');
  t.end();
});
