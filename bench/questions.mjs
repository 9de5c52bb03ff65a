/**
 * The questions that are asked of several programs, and how each of them is asked. A command is a line of shell that
 * reads `input` and writes `output`; what is not installed is left out and said so. Every program must give the same
 * answer: `row` makes of a line of its output the text that is compared, in any order.
 */
import path from 'node:path';

const programs = path.join(import.meta.dirname, 'programs');
const leat = path.resolve(import.meta.dirname, '../bin/leat');
const node = process.execPath;

/** A time in any spelling, cut or whole, as 14 digits down to the second. */
const second = (text) => String(text).replaceAll(/\D/g, '').slice(0, 14).padEnd(14, '0');

const groupRow = (key) => (line) => {
  const { window_start, n, bytes, [key]: value } = JSON.parse(line);
  return `${second(window_start)} ${value} ${n} ${bytes}`;
};

const split2 = (question) => ({
  name: 'split2 + JSON.parse',
  needs: 'node',
  command: ({ input, output }) => `${node} ${programs}/split2.mjs ${question} < ${input} > ${output}`,
});

const duckdb = (question, threads) => ({
  name: `DuckDB, ${threads} thread${threads > 1 ? 's' : ''}`,
  needs: 'duckdb',
  command: ({ input, output }) => `${node} ${programs}/duckdb.mjs ${question} ${input} ${output} ${threads}`,
});

function grouping({ id, title, key, size, cut, field }) {
  const aggregate = `count(*) as n, sum(bytes) as bytes`;
  return {
    id,
    title,
    data: 'clicks',
    row: groupRow(key),
    contenders: [
      {
        name: 'leat, fused',
        needs: 'leat',
        command: ({ input, output }) =>
          `${leat} run "from ${input} --time ts --delay 3s | window tumble ${size} | aggregate ${aggregate} --by ${key}" > ${output}`,
      },
      {
        name: 'leat, two processes',
        needs: 'leat',
        command: ({ input, output }) =>
          `${leat} window tumble ${size} --time ts --delay 3s --by ${key} < ${input} | ${leat} aggregate '${aggregate}' > ${output}`,
      },
      duckdb(id, 1),
      duckdb(id, 2),
      split2(id),
      {
        name: 'mlr',
        needs: 'mlr',
        command: ({ input, output }) =>
          `mlr --ijsonl --ojsonl put '$window_start = substr0($ts, 0, ${cut - 1})' then stats1 -a count,sum -f bytes -g ${key},window_start then rename bytes_count,n,bytes_sum,bytes ${input} > ${output}`,
      },
      {
        name: 'mawk, splitting at quotes',
        needs: 'mawk',
        command: ({ input, output }) =>
          `mawk -F'"' -v key=${field} -v name=${key} -v cut=${cut} -f ${programs}/group.awk ${input} > ${output}`,
      },
      {
        name: 'gawk, splitting at quotes',
        needs: 'gawk',
        command: ({ input, output }) =>
          `gawk -b -F'"' -v key=${field} -v name=${key} -v cut=${cut} -f ${programs}/group.awk ${input} > ${output}`,
      },
      {
        name: 'jq',
        needs: 'jq',
        command: ({ input, output }) =>
          `jq -n -c --arg key ${key} --argjson cut ${cut} -f ${programs}/group.jq ${input} > ${output}`,
      },
    ],
  };
}

const project = {
  id: 'project',
  title: 'records with a status of 400 and more, three fields of them',
  data: 'clicks',
  row: (line) => {
    const { ts, user, page } = JSON.parse(line);
    return `${ts} ${user} ${page}`;
  },
  contenders: [
    {
      name: 'leat, fused',
      needs: 'leat',
      command: ({ input, output }) =>
        `${leat} run "from ${input} | filter status >= 400 | select ts, user, page" > ${output}`,
    },
    {
      name: 'leat, two processes',
      needs: 'leat',
      command: ({ input, output }) =>
        `${leat} filter 'status >= 400' < ${input} | ${leat} select 'ts, user, page' > ${output}`,
    },
    duckdb('project', 1),
    duckdb('project', 2),
    split2('project'),
    {
      name: 'mlr',
      needs: 'mlr',
      command: ({ input, output }) =>
        `mlr --ijsonl --ojsonl filter '$status >= 400' then cut -o -f ts,user,page ${input} > ${output}`,
    },
    {
      name: 'jq',
      needs: 'jq',
      command: ({ input, output }) =>
        `jq -c 'select(.status >= 400) | {ts, user, page}' ${input} > ${output}`,
    },
  ],
};

const failures = {
  id: 'failures',
  title: 'access log: responses of 500 and more by minute and path',
  data: 'access-log',
  row: (line) => {
    const { window_start, path: where, n } = JSON.parse(line);
    return `${second(window_start)} ${where} ${n}`;
  },
  contenders: [
    {
      name: 'leat, fused',
      needs: 'leat',
      command: ({ input, output }) =>
        `${leat} run "from ${input} --format nginx | filter status >= 500 | window tumble 1m --delay 3s | aggregate count(*) as n --by path" > ${output}`,
    },
    {
      name: 'leat, four processes',
      needs: 'leat',
      command: ({ input, output }) =>
        `${leat} from ${input} --format nginx | ${leat} filter 'status >= 500' | ${leat} window tumble 1m --delay 3s | ${leat} aggregate 'count(*) as n' --by path > ${output}`,
    },
    {
      name: 'mawk',
      needs: 'mawk',
      command: ({ input, output }) => `mawk -f ${programs}/failures.awk ${input} > ${output}`,
    },
    {
      name: 'gawk',
      needs: 'gawk',
      command: ({ input, output }) => `gawk -b -f ${programs}/failures.awk ${input} > ${output}`,
    },
    split2('failures'),
  ],
};

const lookup = {
  id: 'lookup',
  title: 'clicks joined with a table of 100,000 users, counted by (plan, country, 1 minute)',
  data: 'clicks',
  table: 100_000,
  row: (line) => {
    const { window_start, plan, country, n } = JSON.parse(line);
    return `${second(window_start)} ${plan} ${country} ${n}`;
  },
  contenders: [
    {
      name: 'leat, fused',
      needs: 'leat',
      command: ({ input, output, table }) =>
        `${leat} run "from ${input} --time ts --delay 3s | lookup ${table} --on user = id --fields plan | window tumble 1m | aggregate count(*) as n --by plan, country" > ${output}`,
    },
    {
      name: 'leat, two processes',
      needs: 'leat',
      command: ({ input, output, table }) =>
        `${leat} lookup ${table} --on 'user = id' --fields plan < ${input} | ${leat} run "window tumble 1m --time ts --delay 3s | aggregate count(*) as n --by plan, country" > ${output}`,
    },
    ...[1, 2].map((threads) => ({
      name: `DuckDB, ${threads} thread${threads > 1 ? 's' : ''}`,
      needs: 'duckdb',
      command: ({ input, output, table }) =>
        `${node} ${programs}/duckdb.mjs lookup ${input} ${output} ${threads} ${table}`,
    })),
  ],
};

export const questions = [
  grouping({
    id: 'country',
    title: 'count and sum by (country, 10 s)',
    key: 'country',
    size: '10s',
    cut: 18,
    field: 12,
  }),
  grouping({
    id: 'user',
    title: 'count and sum by (user, 1 minute)',
    key: 'user',
    size: '1m',
    cut: 16,
    field: 8,
  }),
  project,
  lookup,
  failures,
];
