/**
 * A writer that rotates at random moments, and a follower that stops and goes on from its position at random moments: all
 * lines arrive, each once, and in order within each file. A seed gives the same schedule again: LEAT_SEED=n.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import t, { type Test } from 'tap';
import { type FeedPosition, openFeed } from '../../../src/connectors/index.js';
import { createRandom } from '../../harness/disk/random.js';
import { type Reader, readFeed } from '../../harness/feed-reader.js';

const steps = 60;
const only = process.env.LEAT_SEED;
const seeds = only === undefined ? Array.from({ length: 16 }, (_, index) => index + 1) : [Number(only)];

/** One log with its rotated files. */
interface Log {
  readonly name: string;
  /** Lines of each generation so far. */
  generation: number;
  written: number;
  /** A line was begun and not ended. */
  open: boolean;
  rotated: number;
}

interface Writer {
  readonly lines: readonly string[];
  step(): void;
}

function createWriter(folder: string, random: (below: number) => number): Writer {
  const lines: string[] = [];
  const logs: Log[] = ['app.log', 'web.log'].map((name) => ({
    name,
    generation: 0,
    written: 0,
    open: false,
    rotated: 0,
  }));
  const at = (name: string): string => path.join(folder, name);

  const append = (log: Log): void => {
    let text = log.open ? 'end\n' : '';
    log.open = false;
    for (let count = random(5); count > 0; count--) {
      const line = `${log.name} ${log.generation} ${log.written++} ${'x'.repeat(random(40))}`;
      const isOpen = count === 1 && random(3) === 0;
      lines.push(isOpen ? `${line}end` : line);
      log.open = isOpen;
      text += isOpen ? line : `${line}\n`;
    }
    fs.appendFileSync(at(log.name), text);
  };
  const endLine = (log: Log): void => {
    if (log.open) fs.appendFileSync(at(log.name), 'end\n');
    log.open = false;
  };
  /** app.log.1 becomes app.log.2 and so on, compressed or not. */
  const shift = (log: Log): void => {
    for (let number = log.rotated; number >= 1; number--) {
      for (const end of ['', '.gz']) {
        const from = at(`${log.name}.${number}${end}`);
        if (fs.existsSync(from)) fs.renameSync(from, at(`${log.name}.${number + 1}${end}`));
      }
    }
    log.rotated++;
    log.generation++;
  };
  const rename = (log: Log): void => {
    endLine(log);
    if (!fs.existsSync(at(log.name))) return;
    shift(log);
    fs.renameSync(at(log.name), at(`${log.name}.1`));
  };
  const copyTruncate = (log: Log): void => {
    endLine(log);
    if (!fs.existsSync(at(log.name))) return;
    shift(log);
    fs.copyFileSync(at(log.name), at(`${log.name}.1`));
    fs.truncateSync(at(log.name), 0);
  };
  const compress = (log: Log): void => {
    const plain = at(`${log.name}.${1 + random(Math.max(1, log.rotated))}`);
    if (!fs.existsSync(plain)) return;
    const whole = zlib.gzipSync(fs.readFileSync(plain));
    fs.writeFileSync(`${plain}.gz`, whole);
    fs.rmSync(plain);
  };

  return {
    lines,
    step() {
      const log = logs[random(logs.length)]!;
      const choice = random(12);
      if (choice === 0) rename(log);
      else if (choice === 1) copyTruncate(log);
      else if (choice === 2) compress(log);
      else append(log);
    },
  };
}

/** Lines whose number does not rise within their file. */
function outOfOrder(lines: readonly string[]): string[] {
  const last = new Map<string, number>();
  return lines.filter((line) => {
    const [name, generation, number] = line.split(' ') as [string, string, string];
    const before = last.get(`${name} ${generation}`) ?? -1;
    last.set(`${name} ${generation}`, Number(number));
    return Number(number) <= before;
  });
}

async function runSeed(t: Test, seed: number): Promise<void> {
  const folder = t.testdir({});
  const random = createRandom(seed).below;
  const writer = createWriter(folder, random);
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
    const unread = unreadOf(text);
    got.push(
      ...text
        .slice(0, text.length - unread)
        .split('\n')
        .slice(0, -1),
    );
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
  // Every log ends with a whole line, so that all lines can arrive.
  for (const name of ['app.log', 'web.log']) {
    const file = path.join(folder, name);
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    if (text !== '' && !text.endsWith('\n')) fs.appendFileSync(file, 'end\n');
  }
  await reader!.until(writer.lines.length - got.length);
  await stop();
  t.same([...got].sort(), [...writer.lines].sort(), `seed ${seed}: every line once`);
  t.same(outOfOrder(got), [], `seed ${seed}: in order within each file`);
}

for (const seed of seeds) t.test(`seed ${seed}`, (t) => runSeed(t, seed));
