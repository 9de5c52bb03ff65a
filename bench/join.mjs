/**
 * What an interval join costs: two streams of orders and of their payments, which follow within ten minutes of event time, and
 * how much memory it takes for inputs of two lengths. `node bench/join.mjs [records of each] [runs]`; prints, stores nothing. The
 * shorter inputs have a tenth of the records.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const leat = path.join(root, 'bin/leat');
const [records = 1_000_000, runs = 3] = process.argv.slice(2).map(Number);
fs.mkdirSync(path.join(root, 'bench/data'), { recursive: true });
const folder = fs.mkdtempSync(path.join(root, 'bench/data/join-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const at = (name) => path.join(folder, name);

const report = at('report.cjs');
fs.writeFileSync(
  report,
  `process.on('exit', () => require('node:fs').writeFileSync(__filename + '.json', JSON.stringify(process.resourceUsage())));`,
);

/** Ten orders a second, three of four paid, each payment up to ten minutes behind its order. */
function generate(count, orders, payments) {
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const [out, due] = [fs.createWriteStream(orders), []];
  const base = 1_760_000_000_000;
  for (let id = 0; id < count; id++) {
    const time = base + id * 100;
    const sum = Math.round(random() * 10_000) / 100;
    out.write(`{"order":${id},"at":${time},"user":"u${Math.floor(random() * 10_000)}","sum":${sum}}\n`);
    if (random() < 0.75) due.push({ id, time: time + Math.floor(random() * 600_000), sum });
  }
  due.sort((a, b) => a.time - b.time);
  const paid = fs.createWriteStream(payments);
  for (const { id, time, sum } of due) {
    paid.write(`{"order":${id},"paid_at":${time},"sum":${sum},"by":"card"}\n`);
  }
  return Promise.all([out, paid].map((file) => new Promise((resolve) => file.end(resolve))));
}

function timed(orders, payments) {
  const text = `from ${orders} --time at | join ${payments} --time paid_at --on order --between 0s..10m | to ${at('answer')}`;
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--require', report, leat, 'run', text]);
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(stderr.toString());
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(fs.readFileSync(`${report}.json`, 'utf8'));
  const pairs = fs.readFileSync(at('answer')).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
  return { ms, processorMs: (userCPUTime + systemCPUTime) / 1000, residentMib: maxRSS / 1024, pairs };
}

const best = (figures, name) => Math.min(...figures.map((one) => one[name]));
for (const count of [records / 10, records]) {
  const [orders, payments] = [at('orders.ndjson'), at('payments.ndjson')];
  await generate(count, orders, payments);
  const figures = Array.from({ length: runs }, () => timed(orders, payments));
  const inputs = count + figures[0].pairs;
  console.log(
    `${inputs} records, ${figures[0].pairs} pairs: ${(best(figures, 'ms') / 1000).toFixed(2)} s` +
      ` (processor ${(best(figures, 'processorMs') / 1000).toFixed(2)} s),` +
      ` ${Math.round(inputs / best(figures, 'ms'))} thousand records a second,` +
      ` at most ${Math.round(best(figures, 'residentMib'))} MiB`,
  );
}
