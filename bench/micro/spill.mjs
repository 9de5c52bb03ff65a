/**
 * What the disk backend costs: many groups on disk and in memory, time and greatest resident set of the process, and whether
 * the answers are the same. `node bench/micro/spill.mjs [keys [memory]]`, after a build: default 5,000,000 keys, of which
 * every fifth comes twice, and 128MiB. The resident set counts pages of files that are mapped, which the system takes
 * back when it needs them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const [keys = '5000000', memory = '128MiB'] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-bench-'));
const input = path.join(folder, 'input.ndjson');
const report = path.join(folder, 'max-rss.cjs');

function writeInput(count) {
  const fd = fs.openSync(input, 'w');
  const records = Math.floor(count * 1.2);
  let lines = [];
  for (let n = 0; n < records; n++) {
    const user = Number((BigInt(n) * 2654435761n) % BigInt(count));
    lines.push(
      `{"ts":${1.7e12 + n},"user":"user-${user.toString(36).padStart(8, '0')}","bytes":${n % 1000}}`,
    );
    if (lines.length === 20_000 || n === records - 1) {
      fs.writeSync(fd, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  fs.closeSync(fd);
}

function checksum(file) {
  const hash = createHash('sha256');
  const fd = fs.openSync(file, 'r');
  const piece = Buffer.alloc(1 << 20);
  for (let count = fs.readSync(fd, piece); count > 0; count = fs.readSync(fd, piece)) {
    hash.update(piece.subarray(0, count));
  }
  fs.closeSync(fd);
  return hash.digest('hex');
}

function measure(name, words) {
  const output = path.join(folder, 'output');
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--require',
      report,
      'bin/leat',
      'aggregate',
      'count(*) as n, sum(bytes) as bytes',
      '--by',
      'user',
      ...words,
    ],
    { cwd: root, stdio: [fs.openSync(input, 'r'), fs.openSync(output, 'w'), 'pipe'], encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const figures = JSON.parse(fs.readFileSync(`${report}.json`, 'utf8'));
  console.log(
    `${name.padEnd(24)} ${seconds} s (${figures.cpu} s of processor), ${figures.rss} MB resident at most`,
  );
  return checksum(output);
}

fs.writeFileSync(
  report,
  `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const cpu = ((userCPUTime + systemCPUTime) / 1e6).toFixed(1);
    require('node:fs').writeFileSync(${JSON.stringify(`${report}.json`)}, JSON.stringify({ rss: Math.round(maxRSS / 1024), cpu }));
  });\n`,
);
try {
  writeInput(Number(keys));
  console.log(`${keys} keys, ${(fs.statSync(input).size / 1e6).toFixed(0)} MB of input`);
  const inMemory = measure('memory', []);
  const onDisk = measure(`disk, ${memory}`, ['--state-backend', 'disk', '--state-memory', memory]);
  if (inMemory !== onDisk) throw new Error('the answers differ');
  console.log('the answers are the same');
} finally {
  fs.rmSync(folder, { recursive: true });
}
