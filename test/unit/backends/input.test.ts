/** The driver of an input: its position at the end of every chunk, and going on from it with another driver. */
import t, { type Test } from 'tap';
import {
  driveInput,
  firstSource,
  type InputPosition,
  noHead,
  readHead,
} from '../../../src/backends/local/input.js';
import { openListFeed } from '../../../src/connectors/index.js';
import { createFormatScanner } from '../../../src/formats/index.js';
import {
  createBatch,
  createIntake,
  createJsonScanner,
  createLayout,
  lineOf,
  recordText,
} from '../../../src/record/index.js';
import { memorySource } from '../../harness/run-plan.js';

interface Setting {
  readonly format: 'csv' | 'json';
  readonly files: Readonly<Record<string, string>>;
  readonly chunkBytes: number;
  readonly maxLineBytes?: number;
}

interface Driven {
  /** Records with their places, refused lines, control lines, in order. */
  readonly found: readonly string[];
  /** How much had been found at the end of each chunk, and where the input stood. */
  readonly chunks: readonly { readonly found: number; readonly position: InputPosition }[];
  readonly position: InputPosition;
}

async function drive(setting: Setting, position?: InputPosition): Promise<Driven> {
  const { format, files, chunkBytes, maxLineBytes } = setting;
  const open = (path: string) => Promise.resolve(memorySource(path, Buffer.from(files[path]!), chunkBytes));
  const feed = await openListFeed({ paths: Object.keys(files), open, position: position?.feed });
  const first = firstSource(feed, position);
  const head = format === 'json' && position === undefined ? await readHead(feed) : noHead;
  const layout = createLayout();
  const scanner = format === 'csv' ? createFormatScanner({ name: 'csv' }, layout) : createJsonScanner(layout);
  scanner.controlLines = (position?.stream ?? head.stream) !== undefined;
  const batch = createBatch({ base: format === 'csv' ? 'foreign' : 'line', dropped: [], fields: [] });
  const intake = createIntake(scanner, {
    batch,
    chunkBytes,
    ...first,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
  });
  const found: string[] = [];
  const chunks: { found: number; position: InputPosition }[] = [];
  const keep = async (): Promise<InputPosition> =>
    JSON.parse(JSON.stringify(await driver.position())) as InputPosition;
  const driver = driveInput(
    { feed, first, head, intake, position },
    {
      work() {
        for (;;) {
          const find = intake.next();
          if (find === 'hungry' || find === 'done') return;
          if (find === 'control') found.push(intake.control);
          else {
            const lines = batch.rejected.map(({ line, reason }) => ({ line, text: reason }));
            for (let row = 0; row < batch.count; row++) {
              lines.push({ line: lineOf(batch, row), text: recordText(batch, row) });
            }
            lines.sort((one, other) => one.line - other.line);
            found.push(...lines.map(({ line, text }) => `${batch.source}:${line} ${text}`));
          }
        }
      },
      async chunkDone() {
        chunks.push({ found: found.length, position: await keep() });
        return true;
      },
      nextTimer: () => Number.POSITIVE_INFINITY,
      onTimer() {},
      onProgress() {},
    },
    Date.now,
  );
  await driver.run();
  return { found, chunks, position: await keep() };
}

/** Goes on from every chunk; what comes then is exactly what had not come. */
async function goOnEverywhere(t: Test, setting: Omit<Setting, 'chunkBytes'>, expected: readonly string[]) {
  for (const chunkBytes of [1, 2, 7, 64, 65_536]) {
    const whole = await drive({ ...setting, chunkBytes });
    t.same(whole.found, expected, `the whole in chunks of ${chunkBytes}`);
    t.ok(whole.chunks.length > 0);
    for (const { found, position } of whole.chunks) {
      const rest = await drive({ ...setting, chunkBytes: 5 }, position);
      t.same(rest.found, expected.slice(found), JSON.stringify(position));
    }
    const none = await drive({ ...setting, chunkBytes }, whole.position);
    t.same(none.found, [], 'nothing comes behind the end');
  }
}

t.test('NDJSON with byte order mark, blank lines and an unfinished last line', async (t) => {
  const files = { one: '\ufeff{"a":1}\n\n{"a":2}\nx\n{"a":3}', two: '', three: '{"a":4}\n' };
  await goOnEverywhere(t, { format: 'json', files }, [
    'one:1 {"a":1}',
    'one:3 {"a":2}',
    `one:4 not JSON: unexpected 'x' at column 1`,
    'one:5 {"a":3}',
    'three:1 {"a":4}',
  ]);
});

t.test('a header that was read is known to whoever goes on', async (t) => {
  const files = { one: 'a,b\n1,2\n"x\ny",4\n', two: '\nb,a\n5,6\n7\n', three: 'c\n8\n' };
  await goOnEverywhere(t, { format: 'csv', files }, [
    'one:2 {"a":1,"b":2}',
    'one:3 {"a":"x\\ny","b":4}',
    'two:3 {"b":5,"a":6}',
    'two:4 1 field where 2 are expected',
    'three:2 {"c":8}',
  ]);
});

t.test('the stream line of an input is kept with its position', async (t) => {
  const stream = '{"$leat":"stream","version":1,"key":["a"]}';
  const files = { '-': `${stream}\n{"a":1}\n{"$leat":"watermark","time":5}\n{"a":2}\n{"$leat":"end"}\n` };
  await goOnEverywhere(t, { format: 'json', files }, [
    '-:1 {"a":1}',
    '{"$leat":"watermark","time":5}',
    '-:3 {"a":2}',
    '{"$leat":"end"}',
  ]);
});

t.test('a line that is too long is refused once, also when its middle is gone on with', async (t) => {
  const files = { one: `{"a":1}\n{"a":"${'x'.repeat(50)}"}\n{"a":2}\n` };
  const reason = 'longer than 20 bytes (its first 20 are kept)';
  const setting = { format: 'json', files, maxLineBytes: 20 } as const;
  await goOnEverywhere(t, setting, ['one:1 {"a":1}', `one:2 ${reason}`, 'one:3 {"a":2}']);
});
