/** Positions of inputs that are read one source after another: kept at any byte, gone on with in another feed. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import t from 'tap';
import { type Feed, type FeedPosition, openFeed, openListFeed } from '../../../src/connectors/index.js';
import { memorySource } from '../../harness/run-plan.js';

/** Reads up to `mostBytes`, then asks for the position; sources are told apart by `|`. */
async function readSome(feed: Feed, mostBytes: number, pieceBytes = 10) {
  let text = '';
  let count = 0;
  let ended = false;
  while (count < mostBytes) {
    const target = new Uint8Array(Math.min(pieceBytes, mostBytes - count));
    const piece = await feed.read(target);
    if (piece === 'end') {
      ended = true;
      break;
    }
    if (piece === 'next') text += '|';
    else {
      text += Buffer.from(target.subarray(0, piece)).toString();
      count += piece;
    }
  }
  return { text, count, ended };
}

/** As a checkpoint keeps it. */
async function positionOf(feed: Feed, consumedBytes: number): Promise<FeedPosition> {
  return JSON.parse(JSON.stringify(await feed.position(consumedBytes))) as FeedPosition;
}

const everything = Number.MAX_SAFE_INTEGER;
const withoutBorders = (text: string): string => text.replaceAll('|', '');

t.test('an input is gone on with from every byte, and bytes read ahead are given again', async (t) => {
  const folder = t.testdir({ a: 'one\ntwo\n', b: '', c: 'three', d: 'four\n' });
  fs.writeFileSync(path.join(folder, 'e.gz'), zlib.gzipSync('five\nsix\n'));
  const uris = [path.join(folder, '*')];
  const whole = await readSome(await openFeed({ uris }), everything);
  t.equal(whole.text, 'one\ntwo\n||three|four\n|five\nsix\n');
  const bytes = withoutBorders(whole.text);
  for (let given = 0; given <= bytes.length; given++) {
    for (const ahead of [0, 1, 3]) {
      const feed = await openFeed({ uris });
      const { text } = await readSome(feed, given, 4);
      // Bytes behind the last border: only of these can some be unread.
      const unread = Math.min(ahead, text.length - 1 - text.lastIndexOf('|'));
      const position = await positionOf(feed, given - unread);
      feed.close();
      const rest = await readSome(await openFeed({ uris, position }), everything);
      if (withoutBorders(rest.text) !== bytes.slice(given - unread)) {
        t.equal(withoutBorders(rest.text), bytes.slice(given - unread), `${given} given, ${unread} unread`);
      }
    }
  }
});

t.test('files are found again when they were renamed and when new ones have come', async (t) => {
  const folder = t.testdir({ 'a.log': 'a1\na2\n', 'b.log': 'b1\nb2\n', 'c.log': 'c1\n' });
  const at = (name: string): string => path.join(folder, name);
  const uris = [at('*.log')];
  const feed = await openFeed({ uris });
  await readSome(feed, 9);
  const position = await positionOf(feed, 9);
  feed.close();
  fs.renameSync(at('b.log'), at('z.log'));
  fs.renameSync(at('a.log'), at('y.log'));
  fs.writeFileSync(at('d.log'), 'd1\n');
  const rest = await readSome(await openFeed({ uris, position }), everything);
  t.equal(rest.text, 'b2\n|c1\n|d1\n');
});

t.test('a file that was compressed since is the same file', async (t) => {
  const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}\n`).join('');
  const folder = t.testdir({ 'a.log': lines });
  const file = path.join(folder, 'a.log');
  const uris = [path.join(folder, 'a.log*')];
  const feed = await openFeed({ uris });
  await readSome(feed, 10_000, 512);
  const position = await positionOf(feed, 9990);
  feed.close();
  fs.writeFileSync(`${file}.1.gz`, zlib.gzipSync(lines));
  fs.rmSync(file);
  const rest = await readSome(await openFeed({ uris, position }), everything, 4096);
  t.equal(rest.text, lines.slice(9990));
});

t.test('a path that is named twice is read twice, also from a position', async (t) => {
  const folder = t.testdir({ a: 'one\n' });
  const uris = [path.join(folder, 'a'), path.join(folder, 'a')];
  const feed = await openFeed({ uris });
  await readSome(feed, 4);
  const first = await positionOf(feed, 4);
  await readSome(feed, 2, 2);
  const second = await positionOf(feed, 6);
  feed.close();
  t.equal((await readSome(await openFeed({ uris, position: first }), everything)).text, '|one\n');
  t.equal((await readSome(await openFeed({ uris, position: second }), everything)).text, 'e\n');
});

t.test('a file that is gone, cut or another one is refused by name', async (t) => {
  const folder = t.testdir({ a: 'one\ntwo\nthree\n' });
  const file = path.join(folder, 'a');
  const uris = [file];
  const feed = await openFeed({ uris });
  await readSome(feed, 8);
  const position = await positionOf(feed, 8);
  feed.close();
  const refused = (message: RegExp) =>
    t.rejects(openFeed({ uris, position }), {
      details: { code: 'input', message, place: { path: file }, hint: /begin anew/ },
    } as unknown as Error);
  fs.writeFileSync(file, 'one\n');
  await refused(/shorter than the 8 bytes/);
  fs.writeFileSync(file, 'one\nTWO\nthree\n');
  await refused(/other bytes/);
  fs.rmSync(file);
  await refused(/is gone/);
});

t.test('a finished input asks for nothing of it any more', async (t) => {
  const folder = t.testdir({ a: 'one\n' });
  const file = path.join(folder, 'a');
  const feed = await openFeed({ uris: [file] });
  t.ok((await readSome(feed, everything)).ended);
  const position = await positionOf(feed, 4);
  fs.rmSync(file);
  const again = await openFeed({ uris: [file], position });
  t.same(await readSome(again, everything), { text: '', count: 0, ended: true });
});

t.test('a position of another kind of input is refused', async (t) => {
  const folder = t.testdir({ a: 'one\n' });
  const position = { version: 1, kind: 'follow' };
  await t.rejects(openFeed({ uris: [path.join(folder, 'a')], position }), {
    details: { code: 'state' },
  } as unknown as Error);
});

t.test('a source that cannot seek is read again, and compared on the way', async (t) => {
  const text = 'x'.repeat(300_000);
  const open = (content: string) => (name: string) =>
    Promise.resolve(memorySource(name, Buffer.from(content), 1000));
  const feed = await openListFeed({ paths: ['-'], open: open(text) });
  await readSome(feed, 200_000, 1000);
  const position = await positionOf(feed, 150_000);
  const rest = await readSome(
    await openListFeed({ paths: ['-'], open: open(text), position }),
    everything,
    9999,
  );
  t.equal(rest.text.length, 150_000);
  const changed = `${text.slice(0, 149_999)}y${text.slice(150_000)}`;
  await t.rejects(openListFeed({ paths: ['-'], open: open(changed), position }), {
    details: { message: /stdin begins with other bytes/, hint: /tail -n \+1 -F/ },
  } as unknown as Error);
  await t.rejects(openListFeed({ paths: ['-'], open: open(text.slice(0, 149_999)), position }), {
    details: { message: /stdin ends before the 150000 bytes/ },
  } as unknown as Error);
});

t.test('a FIFO says what is at risk, and goes on when its bytes are given again', async (t) => {
  const folder = t.testdir({ a: 'one\ntwo\nthree\n' });
  const fifo = path.join(folder, 'f');
  const write = () =>
    spawn('bash', ['-c', `[ -p '${fifo}' ] || mkfifo '${fifo}'; cat '${folder}/a' > '${fifo}'`]);
  await new Promise((resolve) => spawn('mkfifo', [fifo]).on('exit', resolve));
  const writer = write();
  const feed = await openFeed({ uris: [fifo] });
  t.match(feed.risk, /a pipe: what was in flight/);
  t.equal((await readSome(feed, 8)).count, 8);
  const position = await positionOf(feed, 4);
  await readSome(feed, everything);
  feed.close();
  await new Promise((resolve) => (writer.exitCode === null ? writer.on('exit', resolve) : resolve(0)));
  write();
  const again = await openFeed({ uris: [fifo], position });
  t.equal((await readSome(again, everything)).text, 'two\nthree\n');
  again.close();
});
