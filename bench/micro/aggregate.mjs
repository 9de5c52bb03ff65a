/**
 * Where the time of an aggregation goes: scanning, event time, aggregation and encoding, in one process without reading or
 * writing files. `node bench/micro/aggregate.mjs [file.ndjson [field]]`: a click stream with the fields ts, user and bytes
 * (default: 500,000 lines made here); `field` is the second key to group by (default status).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const [file, field = 'status'] = process.argv.slice(2);

/** The source, bundled into a module of its own for this run. */
async function load() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-bench-'));
  const outfile = path.join(folder, 'operators.mjs');
  await build({
    stdin: {
      contents: `export * from './src/operators/index.ts';
        export * from './src/record/index.ts';
        export * from './src/plan/index.ts';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    loader: { '.wasm': 'binary' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const loaded = await import(pathToFileURL(outfile).href);
  fs.rmSync(folder, { recursive: true });
  return loaded;
}

/** Lines with times that go back and forth by up to 2 s and users of whom a few come often. */
function makeLines(count) {
  let seed = 42;
  const random = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 4294967296;
  };
  const lines = [];
  let time = Date.UTC(2026, 10, 1);
  for (let n = 0; n < count; n++) {
    time += Math.floor(random() * 4);
    lines.push(
      JSON.stringify({
        ts: new Date(time - Math.floor(random() * 2000)).toISOString(),
        user: `u${Math.floor(random() ** 3 * 100_000)}`,
        page: `/product/${Math.floor(random() * 5000)}`,
        status: random() < 0.9 ? 200 : 404,
        bytes: Math.floor(random() * 50_000),
        ua: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
      }),
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const leat = await load();
const bytes = file === undefined ? makeLines(500_000) : fs.readFileSync(file);

function measure(name, sizeMs, by, calls) {
  const layout = leat.createLayout();
  let place = {
    rows: { fields: new Map(), open: true, dropped: new Set(), layout },
    time: undefined,
    key: [],
    window: undefined,
    bounded: true,
  };
  const timed = leat.buildEventTime({ field: 'ts', delayMs: 3000 }, place);
  place = timed.place;
  const base = { inputs: [], id: '' };
  const built = leat.buildWindowedAggregate(
    leat.window({
      ...base,
      window: { shape: 'tumble', sizeMs, offsetMs: 0 },
      processingTime: false,
      by: [],
      late: { kind: 'drop' },
    }),
    leat.aggregate({ ...base, by: by.map((expression) => ({ name: expression, expression })), calls }),
    place,
  );
  const spent = { scan: 0, time: 0, aggregate: 0, encode: 0 };
  let rows = 0;
  let late = 0;
  const services = { clock: Date.now, reports: { reject() {}, late: () => late++ } };
  const out = leat.createByteWriter(1 << 20);
  let encoder;
  let outBytes = 0;
  const operator = built.create(
    {
      batch(batch) {
        const from = performance.now();
        encoder ??= leat.createEncoder(batch.image);
        rows += batch.selected;
        out.length = 0;
        leat.encodeBatch(encoder, batch, out);
        outBytes += out.length;
        spent.encode += performance.now() - from;
      },
      watermark() {},
    },
    services,
  );
  const head = timed.create(
    {
      batch(batch) {
        const from = performance.now();
        operator.onBatch(batch);
        spent.aggregate += performance.now() - from;
      },
      watermark(mark) {
        const from = performance.now();
        operator.onWatermark(mark);
        spent.aggregate += performance.now() - from;
      },
    },
    services,
  );
  const scanner = leat.createScanner(layout);
  const batch = leat.createBatch({ base: 'line', dropped: [], fields: [] });
  const chunkBytes = 1 << 18;
  const chunk = scanner.allocate?.(chunkBytes + 4096) ?? new Uint8Array(chunkBytes + 4096);
  const start = performance.now();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.lastIndexOf(10, Math.min(at + chunkBytes, bytes.length) - 1) + 1;
    chunk.set(bytes.subarray(at, end));
    for (let from = 0; from < end - at; ) {
      const before = performance.now();
      from = scanner.scan(chunk, from, end - at, true, batch);
      const after = performance.now();
      spent.scan += after - before;
      const inside = spent.aggregate;
      head.onBatch(batch);
      spent.time += performance.now() - after - (spent.aggregate - inside);
    }
    at = end;
  }
  head.onWatermark(Number.POSITIVE_INFINITY);
  head.onEnd();
  const total = performance.now() - start;
  spent.aggregate -= spent.encode;
  const parts = Object.entries(spent).map(([part, ms]) => `${part} ${ms.toFixed(0)}`);
  console.log(
    `${name.padEnd(24)} ${String(rows).padStart(8)} rows ${(outBytes / 1e6).toFixed(0).padStart(4)} MB  late ${late}  ` +
      `${total.toFixed(0).padStart(5)} ms: ${parts.join(', ')}`,
  );
}

const call = (name, fn, ...args) => ({ name, function: fn, arguments: args, distinct: false });
const countAndSum = [call('n', 'count'), call('bytes', 'sum', 'bytes')];
for (let round = 0; round < 3; round++) {
  measure('user, 1 minute', 60_000, ['user'], countAndSum);
  measure(`${field}, 10 s`, 10_000, [field], countAndSum);
  measure(
    'page, 10 s, many',
    10_000,
    ['page'],
    [
      ...countAndSum,
      call('avg', 'avg', 'bytes'),
      call('min', 'min', 'bytes'),
      call('max', 'max', 'bytes'),
      call('p95', 'quantile', 'bytes', '0.95'),
      call('last', 'last', 'user'),
      call('users', 'approx_distinct', 'user'),
    ],
  );
}
