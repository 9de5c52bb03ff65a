/**
 * A writer that rotates at random moments, and a follower that stops and goes on from its position at random moments: all
 * lines arrive, each once, and in order within each file. A seed gives the same schedule again, not the same moments at which
 * the follower looks: LEAT_SEED=n, or LEAT_SEED=n-m for many.
 */
import path from 'node:path';
import t, { type Test } from 'tap';
import { type FeedPosition, openFeed } from '../../../src/connectors/index.js';
import { createRandom } from '../../harness/disk/random.js';
import { type Reader, readFeed } from '../../harness/feed-reader.js';
import { compareLines, createRotatingWriter, outOfOrder } from '../../harness/rotating-writer.js';

const steps = 60;
const [first, last] = (process.env['LEAT_SEED'] ?? '1-20').split('-').map(Number) as [number, number?];

/** What arrives of a random schedule; the wait for it has an end. */
async function runSchedule(folder: string, seed: number) {
  const random = createRandom(seed).below;
  const writer = createRotatingWriter(folder, random);
  const got: string[] = [];
  let position: FeedPosition | undefined;
  let reader: Reader | undefined;
  const start = async (): Promise<void> => {
    const uris = [path.join(folder, '*')];
    const feed = await openFeed({ uris, position, follow: { lingerMs: 0 } });
    reader = readFeed(feed, [7, 100, 65_536][random(3)]);
  };
  const stop = async (): Promise<void> => {
    const stopped = reader!;
    reader = undefined;
    // As a run that works line by line: what was given of an unfinished line is not worked on.
    const unreadOf = (text: string): number => text.length - 1 - text.lastIndexOf('\n');
    position = await stopped.stop(unreadOf);
    const text = stopped.text();
    const whole = text.slice(0, text.length - unreadOf(text));
    got.push(...whole.split('\n').slice(0, -1));
  };
  for (let step = 0; step < steps; step++) {
    writer.step();
    // Lets the follower see some of the states between.
    for (let turns = random(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    if (random(8) !== 0) continue;
    if (reader === undefined) await start();
    else await stop();
  }
  if (reader === undefined) await start();
  writer.endLines();
  const failure = await reader!.until(writer.lines.length - got.length).catch((error: Error) => error);
  await stop();
  return { failure: failure?.message, ...compareLines(writer.lines, got), disordered: outOfOrder(got) };
}

async function runSeed(t: Test, seed: number): Promise<void> {
  const outcome = await runSchedule(t.testdir({}), seed);
  const calm = { failure: undefined, missing: [], doubled: [], foreign: [], disordered: [] };
  t.same(outcome, calm, `seed ${seed}: every line once, in order within each file`);
}

for (let seed = first; seed <= (last ?? first); seed++) t.test(`seed ${seed}`, (t) => runSeed(t, seed));
