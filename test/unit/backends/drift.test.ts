/**
 * An input that is far ahead in event time waits for the others: it is not read on, so nothing of it piles up. Said by its
 * reads: of the input that is an hour ahead, only what one chunk and the one read in advance hold comes before the other has
 * ended.
 */
import t from 'tap';
import { runLocal } from '../../../src/backends/local/index.js';
import type { ByteSource } from '../../../src/connectors/index.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import { memorySink, memorySource } from '../../harness/run-plan.js';

const records = 5000;
const chunkBytes = 1000;

const linesFrom = (second: number): Buffer =>
  Buffer.from(
    Array.from({ length: records }, (_, i) => `${JSON.stringify({ ts: second + i / 10, k: i % 7 })}\n`).join(
      '',
    ),
  );

/** How many bytes of the input ahead had been read when the one behind had ended, and in the end. */
async function readAhead(text: string): Promise<{ early: number; whole: number }> {
  const read = { behind: 0, ahead: 0 };
  let early = 0;
  const source = (name: string): Promise<ByteSource> => {
    const isAhead = name === 'ahead';
    const inner = memorySource(name, linesFrom(isAhead ? 100_000 : 1000), chunkBytes);
    return Promise.resolve({
      ...inner,
      async read(target) {
        const count = await inner.read(target);
        read[isAhead ? 'ahead' : 'behind'] += count;
        if (!isAhead && count === 0) early = read.ahead;
        return count;
      },
    });
  };
  const options = { say() {}, chunkBytes, open: { source, sink: () => memorySink('file') } };
  await runLocal(parsePipeline(text), options);
  return { early, whole: read.ahead };
}

const questions = [
  'from ahead --time ts | union behind',
  'from behind --time ts | union ahead',
  'from ahead --time ts | join behind --on k --within 1s',
  'from behind --time ts | join ahead --on k --within 1s --kind full',
  'from ahead --time ts | join behind --on k --window tumble 1m --kind anti',
  'from behind --time ts | join ahead --on k --temporal',
];

t.test('an input that is ahead is not read on', async (t) => {
  for (const text of questions) {
    const { early, whole } = await readAhead(text);
    t.equal(whole, linesFrom(100_000).length, `${text}: all is read in the end`);
    t.ok(early > 0 && early <= 4 * chunkBytes, `${text}: ${early} bytes before the other has ended`);
  }
});
