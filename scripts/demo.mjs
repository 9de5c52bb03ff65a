/**
 * `npm run demo`: three real questions on the sample data, each with the command line that asks it and its answer. The
 * commands are run by a shell, as a person would; change them and run them again.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

const questions = [
  {
    asks: 'Which pages failed most, and when? An nginx access log, by five minutes and path.',
    command: `leat from examples/access.log --format nginx \\
  | leat filter 'status >= 500' \\
  | leat window tumble 5m \\
  | leat aggregate 'count(*) as errors, max(body_bytes_sent) as most_bytes' --by path \\
  | leat filter 'errors >= 3' \\
  | leat to --format table`,
  },
  {
    asks: 'What does each country click? A clickstream out of order by up to two seconds, in one process.',
    command: `leat run "
  from examples/clicks.ndjson --time ts --delay 2s
  | window tumble 1s
  | aggregate count(*) as clicks, sum(bytes) as bytes, p95(ms) as p95_ms --by country
  | filter clicks >= 40
  | select window_start, country, clicks, bytes, round(p95_ms, 1) as p95_ms
  | to --format table"`,
  },
  {
    asks: 'How slow was the slowest checkout, and whose was it? No window: one answer at the end of the file.',
    command: `leat filter "page = '/checkout'" < examples/clicks.ndjson \\
  | leat aggregate 'count(*) as n, median(ms) as median_ms, max(ms) as worst_ms, argmax(user, ms) as whose'`,
  },
];

for (const { asks, command } of questions) {
  console.log(`# ${asks}\n$ ${command.replaceAll('\n', '\n  ')}\n`);
  const { status } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: root,
    env: { ...process.env, PATH: `${path.join(root, 'bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    console.error(`\nthe command ended with status ${status}`);
    process.exit(1);
  }
  console.log();
}
