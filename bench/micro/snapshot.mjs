/**
 * How long the state of an aggregation takes to be written as pages and to be read back, in one process without a store:
 * `node bench/micro/snapshot.mjs [keys]` (default 1,000,000). Pages are copied when they are written, as a store does.
 * Wall time / processor time.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const keys = Number(process.argv[2] ?? 1_000_000);

/** The source, bundled into a module of its own for this run. */
async function load() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-bench-'));
  const outfile = path.join(folder, 'operators.mjs');
  await build({
    stdin: {
      contents: `export * from './src/operators/index.ts';
        export * from './src/record/index.ts';
        export * from './src/frontends/index.ts';
        export * from './src/plan/index.ts';
        export { buildChain } from './src/backends/local/chain.ts';
        export { splitPlan } from './src/backends/local/ends.ts';`,
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

const leat = await load();

function createPages() {
  const sections = new Map();
  let bytes = 0;
  let pages = 0;
  return {
    writer: {
      page(section, _index, page) {
        const known = sections.get(section) ?? [];
        known.push(Uint8Array.from(page));
        sections.set(section, known);
        bytes += page.length;
        pages++;
      },
    },
    reader: {
      get sections() {
        return [...sections.keys()].sort();
      },
      pageCount: (section) => sections.get(section)?.length ?? 0,
      page: (section, index) => sections.get(section)[index],
    },
    size: () => ({ bytes, pages }),
  };
}

function create(text) {
  const parts = leat.splitPlan(leat.parsePipeline(text));
  const input = { source: '1-from', base: 'line', time: parts.source.time, stream: undefined, bounded: true };
  const chain = leat.buildChain(parts.middle, input);
  const services = { clock: Date.now, reports: { reject() {}, late() {} } };
  return { chain, ...chain.create({ batch() {}, watermark() {} }, () => services) };
}

function feed({ chain, head }) {
  const scanner = leat.createScanner(chain.layout);
  const chunkBytes = 1 << 18;
  const chunk = scanner.allocate?.(chunkBytes + 4096) ?? new Uint8Array(chunkBytes + 4096);
  for (let n = 0; n < keys; ) {
    let lines = '';
    for (; n < keys && lines.length < chunkBytes - 200; n++) {
      lines += `{"ts":${1_700_000_000_000 + (n % 1000)},"user":"user-${n}","n":${n},"bytes":${n % 5000}}\n`;
    }
    const length = chunk.length === 0 ? 0 : Buffer.from(lines).copy(chunk);
    for (let from = 0; from < length; ) {
      from = scanner.scan(chunk, from, length, true, chain.batch);
      head.onBatch(chain.batch);
    }
  }
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** Wall time and processor time (collections included) of a piece of work, in ms. */
function timed(work) {
  const before = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 };
}

const spell = (times) =>
  ['wall', 'processor']
    .map((kind) =>
      median(times.map((time) => time[kind]))
        .toFixed(0)
        .padStart(5),
    )
    .join(' /');

function measure(text) {
  const from = create(text);
  feed(from);
  const writing = [];
  const reading = [];
  let size;
  for (let round = 0; round < 5; round++) {
    const all = [];
    writing.push(
      timed(() => {
        for (const { operator } of from.named) {
          const pages = createPages();
          operator.snapshot(pages.writer);
          all.push(pages);
        }
      }),
    );
    const fresh = create(text);
    reading.push(
      timed(() => {
        fresh.named.forEach(({ operator }, index) => {
          if (operator.stateShape !== undefined) operator.restore(all[index].reader);
        });
      }),
    );
    size = all
      .map((pages) => pages.size())
      .reduce((a, b) => ({ bytes: a.bytes + b.bytes, pages: a.pages + b.pages }));
  }
  console.log(
    `${(size.bytes / 1e6).toFixed(0).padStart(4)} MB ${String(size.pages).padStart(6)} pages  ` +
      `write ${spell(writing)} ms  read ${spell(reading)} ms  ${text}`,
  );
}

const source = 'from - --time ts';
measure(`${source} | window tumble 1m | aggregate count(*) as c, sum(bytes) as b --by user`);
measure(`${source} | window tumble 1m | aggregate count(*) as c, sum(bytes) as b --by n`);
measure(`${source} | window tumble 1m | aggregate count(*) as c, sum(bytes) as b --by user, n`);
measure(`${source} | window session 1m --by user | aggregate count(*) as c, sum(bytes) as b`);
measure(`${source} | window tumble 1m | aggregate last(bytes) as l, max(user) as m --by user`);
measure(`${source} | window session 1m --by user`);
