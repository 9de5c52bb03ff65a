/** Groups of several keys against a Map: whatever kinds of columns their keys come from, in turns of tables that share a reader. */
import fc from 'fast-check';
import t from 'tap';
import {
  assignSlots,
  createGroupKeys,
  createKeyReader,
  resetKeys,
} from '../../../src/operators/keyed-cells/group-keys.js';
import { type Column, createBatch, createColumn, hashBytes, Tag } from '../../../src/record/index.js';

type Value = string | number | null;

/** Some that are alike, and so many that several have one place. */
const texts = ['', 'a', 'b', 'ab', 'ba', 'aab', 'a long text with an end', 'a long text with an End', '1'];
for (let number = 0; number < 300; number++) texts.push(`t${number}`);
const values: readonly Value[] = [...texts, 1, 2, null];

const spelled = (value: Value): string => (value === null ? '' : String(value));

function tagOf(value: Value): Tag {
  if (value === null) return Tag.null;
  return typeof value === 'number' ? Tag.number : Tag.text;
}

function fill(column: Column, row: number, value: Value, start: number): void {
  const text = Buffer.from(spelled(value));
  column.tags[row] = tagOf(value);
  column.starts[row] = start;
  column.lengths[row] = text.length;
  column.numbers[row] = typeof value === 'number' ? value : 0;
  // Only texts have hashes, as the scanner gives them.
  if (typeof value === 'string') column.hashes[row] = hashBytes(text, 0, text.length);
}

/** Values one behind the other, as a scanner finds them. */
function scanned(rows: readonly Value[]): Column {
  const column = createColumn(rows.length);
  column.bytes = Buffer.from(rows.map(spelled).join(''));
  let start = 0;
  rows.forEach((value, row) => {
    fill(column, row, value, start);
    start += column.lengths[row]!;
  });
  return column;
}

const places = new Map<Value, number>();
let dictionaryText = '';
for (const value of values) {
  places.set(value, dictionaryText.length + 1);
  dictionaryText += `\0${spelled(value)}`;
}
const dictionaryBytes = Buffer.from(dictionaryText);

/** Values by their places, as a lookup gives them; nulls leave whatever place was there. */
function fromDictionary(rows: readonly Value[]): Column {
  const column = Object.assign(createColumn(rows.length), { bytes: dictionaryBytes, isDictionary: true });
  rows.forEach((value, row) => {
    fill(column, row, value, value === null ? places.get('ab')! : places.get(value)!);
  });
  return column;
}

const kinds = { hashed: scanned, unhashed: scanned, dictionary: fromDictionary } as const;
const kind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));
const value = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...texts) },
  { weight: 8, arbitrary: fc.constantFrom('', 'a', 'ab', 'ba') },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, null) },
);

t.test('rows with equal keys have one slot, others have others, in order of arrival', (t) => {
  const question = fc.array(kind, { minLength: 2, maxLength: 3 }).chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      batches: fc.array(
        fc.record({
          table: fc.nat(1),
          reset: fc.boolean(),
          rows: fc.array(fc.array(value, { minLength: columns.length, maxLength: columns.length }), {
            minLength: 1,
            maxLength: 100,
            size: 'max',
          }),
        }),
        { maxLength: 6, size: 'max' },
      ),
    }),
  );
  fc.assert(
    fc.property(question, ({ columns, batches }) => {
      const reader = createKeyReader(
        columns.map((_, column) => column),
        columns.map((name) => name === 'hashed'),
      );
      const tables = [0, 1].map(() => ({
        keys: createGroupKeys(columns.length),
        known: new Map<string, number>(),
      }));
      return batches.every(({ table, reset, rows }) => {
        const { keys, known } = tables[table]!;
        if (reset) {
          resetKeys(keys);
          known.clear();
        }
        const batch = createBatch({ base: 'line', dropped: [], fields: [] }, rows.length);
        batch.columns.push(...columns.map((name, column) => kinds[name](rows.map((row) => row[column]!))));
        const slots = new Int32Array(rows.length);
        assignSlots(keys, reader, batch, Int32Array.from(rows.keys()), rows.length, slots);
        return rows.every((row, at) => {
          const key = JSON.stringify(row);
          if (!known.has(key)) known.set(key, known.size);
          return slots[at] === known.get(key);
        });
      });
    }),
    { numRuns: 300 },
  );
  t.end();
});
