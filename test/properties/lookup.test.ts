/**
 * Random tables and random records: what a lookup gives is what the oracle gives, which holds every record against every
 * row. Keys are texts, numbers, texts that spell numbers, nulls and others; records have names that clash, or have not.
 * LEAT_RUNS multiplies the number of runs.
 */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import type { LookupNode } from '../../src/plan/index.js';
import { lookUp } from '../harness/oracle/lookup.js';
import { parseRecord, spellRecord } from '../harness/oracle/record.js';
import { runPlan } from '../harness/run-plan.js';
import { temporaryFolder } from '../harness/shell.js';

const runs = 300 * Number(process.env['LEAT_RUNS'] ?? 1);

/** Values as they are spelled in a record. */
const key = fc.constantFrom(
  ...[
    '"a"',
    '"b"',
    '"\\u0061"',
    '1',
    '2',
    '1.0',
    '1e0',
    '"1"',
    '"1.0"',
    '" 1"',
    '"x\\"y"',
    '"ø"',
    'null',
    '"true"',
  ],
  ...['12345678901234567890', '"12345678901234567890"', '""', '"-"', '0.5', '".5"'],
);
const members = (values: Readonly<Record<string, string | null>>): string =>
  `{${Object.entries(values)
    .filter(([, text]) => text !== null)
    .map(([name, text]) => `"${name}":${text}`)
    .join(',')}}`;
const maybe = <Item>(item: fc.Arbitrary<Item>) => fc.option(item, { nil: null });
const value = fc.constantFrom('1', '"v"', 'null', '{"d":[1,2]}', '1.50', '"\\n"');

const rowText = fc.record({ id: maybe(key), id2: maybe(key), v: maybe(value), k: maybe(value) }).map(members);
const recordText = fc
  .record({ k: maybe(key), k2: maybe(key), v: maybe(value), t_v: fc.option(value, { nil: null, freq: 1 }) })
  .map(members);

const stage = fc
  .record({
    on: fc.constantFrom('k = id', 'k = id, k2 = id2', 'lower(k2) = id', 'k', 'k2 = id2'),
    kind: fc.constantFrom('', ' --kind left'),
    fields: fc.constantFrom('', ' --fields v', ' --fields v, v.d as deep', ' --fields id as v, k'),
  })
  .map(({ on, kind, fields }) => `--on ${on}${kind}${fields} --prefix t_`);

function answerOf(node: LookupNode, table: readonly string[], records: readonly string[]) {
  const rows = table.map((line) => parseRecord(line)!);
  const output: string[] = [];
  let rejected = 0;
  for (const line of records) {
    try {
      output.push(...lookUp(node, rows, parseRecord(line)!).map(({ fields }) => spellRecord(fields)));
    } catch {
      rejected++;
    }
  }
  return { output, rejected };
}

/** Numbers as JSON.parse reads them, for the oracle spells values and not the texts they came as. */
const read = (line: string): string => spellRecord(parseRecord(line)!.fields);

t.test('a lookup says what the oracle says', async (t) => {
  const file = path.join(temporaryFolder(), 'table.ndjson');
  await fc.assert(
    fc.asyncProperty(
      stage,
      fc.array(rowText, { maxLength: 8 }),
      fc.array(recordText, { maxLength: 12 }),
      fc.constantFrom(1, 50, 65_536),
      async (words, rows, records, chunkBytes) => {
        // A table in which no row has the key is refused.
        const table = ['{"id":null,"id2":null,"k":null}', ...rows];
        fs.writeFileSync(file, table.join('\n'));
        const text = `lookup ${file} ${words}`;
        const plan = parsePipeline(text);
        const wanted = answerOf(plan.nodes[1] as LookupNode, table, records);
        const got = await runPlan(plan, { input: `${records.join('\n')}\n`, chunkBytes });
        const output = got.output.split('\n').slice(0, -1).map(read);
        const answer = { output, rejected: got.rejected.length };
        if (JSON.stringify(answer) !== JSON.stringify(wanted)) {
          throw new Error(
            `${text}\ntable:\n${table.join('\n')}\nrecords:\n${records.join('\n')}\nsaid: ${got.said.join('\n')}\ngot:\n${JSON.stringify(answer, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
          );
        }
      },
    ),
    { numRuns: runs },
  );
  t.pass('all agree');
});
