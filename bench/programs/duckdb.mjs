/**
 * A question put to DuckDB through its Node package, on as many threads as said: the columns named, so that nothing is
 * guessed, the answer copied to NDJSON. Usage: node duckdb.mjs QUESTION INPUT OUTPUT THREADS [TABLE].
 * The package is found beside leat's own, or in the folder that LEAT_BENCH_DUCKDB names (one that holds node_modules).
 */
import { createRequire } from 'node:module';
import path from 'node:path';

const [question, input, output, threads, table] = process.argv.slice(2);
const folder = process.env.LEAT_BENCH_DUCKDB ?? path.resolve(import.meta.dirname, '../..');
const { DuckDBInstance } = createRequire(path.join(folder, 'package.json'))('@duckdb/node-api');

const read = (columns, file = input) =>
  `read_ndjson('${file}', columns = {${columns.map(([name, type]) => `${name}: '${type}'`).join(', ')}})`;

const group = (key, seconds) => `
  SELECT time_bucket(INTERVAL '${seconds} seconds', ts) AS window_start,
         time_bucket(INTERVAL '${seconds} seconds', ts) + INTERVAL '${seconds} seconds' AS window_end,
         ${key}, count(*) AS n, sum(bytes) AS bytes
  FROM ${read([
    ['ts', 'TIMESTAMP'],
    [key, 'VARCHAR'],
    ['bytes', 'BIGINT'],
  ])}
  GROUP BY ALL`;

const questions = {
  country: group('country', 10),
  user: group('user', 60),
  project: `
    SELECT ts, "user", page
    FROM ${read([
      ['ts', 'VARCHAR'],
      ['user', 'VARCHAR'],
      ['page', 'VARCHAR'],
      ['status', 'INTEGER'],
    ])}
    WHERE status >= 400`,
  lookup: `
    SELECT time_bucket(INTERVAL '60 seconds', ts) AS window_start,
           time_bucket(INTERVAL '60 seconds', ts) + INTERVAL '60 seconds' AS window_end,
           plan, country, count(*) AS n
    FROM ${read([
      ['ts', 'TIMESTAMP'],
      ['user', 'VARCHAR'],
      ['country', 'VARCHAR'],
    ])} AS clicks
    JOIN ${read(
      [
        ['id', 'VARCHAR'],
        ['plan', 'VARCHAR'],
      ],
      table,
    )} AS users ON clicks."user" = users.id
    GROUP BY ALL`,
};

if (question === '--version') {
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll('SELECT version()');
  console.log(reader.getRows()[0][0]);
} else {
  const instance = await DuckDBInstance.create(':memory:', { threads });
  const connection = await instance.connect();
  await connection.run('SET preserve_insertion_order = false');
  await connection.run(`COPY (${questions[question]}) TO '${output}' (FORMAT json)`);
}
