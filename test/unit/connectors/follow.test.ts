/** Following files: every kind of rotation, also while nobody follows, with each line given once and in order. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import t, { type Test } from 'tap';
import { type FeedPosition, openFeed } from '../../../src/connectors/index.js';
import { type Reader, readFeed } from '../../harness/feed-reader.js';

interface Followed {
  readonly uris: readonly string[];
  readonly position?: FeedPosition;
  readonly onLost?: 'report';
  readonly said?: string[];
}

async function follow({ uris, position, onLost, said }: Followed, pieceBytes?: number): Promise<Reader> {
  const feed = await openFeed({
    uris,
    position,
    follow: { lingerMs: 0, onLost, say: (line) => said?.push(line) },
  });
  return readFeed(feed, pieceBytes);
}

function workplace(t: Test): { at(name: string): string; write(name: string, text: string): void } {
  const folder = t.testdir({});
  const at = (name: string): string => path.join(folder, name);
  return { at, write: (name, text) => fs.appendFileSync(at(name), text) };
}

t.test('lines are given as they are written; an unfinished one waits', async (t) => {
  const { at, write } = workplace(t);
  const reader = await follow({ uris: [at('a.log')] });
  write('a.log', '1\n2');
  await reader.until('1\n');
  write('a.log', '2\n3');
  await reader.until('1\n22\n');
  const position = await reader.stop();
  write('a.log', '3\n');
  const again = await follow({ uris: [at('a.log')], position });
  await again.until('33\n');
  await again.stop();
});

t.test('a line longer than a read is given in pieces, and not mixed with others', async (t) => {
  const { at, write } = workplace(t);
  const long = `${'x'.repeat(200_000)}\n`;
  write('a.log', long.slice(0, 150_000));
  write('b.log', 'b1\n');
  const reader = await follow({ uris: [at('*.log')] }, 1000);
  await reader.until('b1\n');
  write('a.log', long.slice(150_000));
  await reader.until(`b1\n${long}`);
  await reader.stop();
});

t.test('bytes that were given and not worked on are given again', async (t) => {
  const { at, write } = workplace(t);
  write('a.log', '1\n2\n3\n');
  const reader = await follow({ uris: [at('a.log')] });
  await reader.until('1\n2\n3\n');
  const position = await reader.stop(() => 3);
  const again = await follow({ uris: [at('a.log')], position });
  await again.until('\n3\n');
  await again.stop();
});

t.test('a folder is all its files, also those that come later, but none with a dot', async (t) => {
  const { at, write } = workplace(t);
  write('a', 'a1\n');
  write('.hidden', 'no\n');
  const reader = await follow({ uris: [path.dirname(at('a'))] });
  await reader.until('a1\n');
  write('b', 'b1\n');
  await reader.until('a1\nb1\n');
  fs.rmSync(at('a'));
  write('c', 'c1\n');
  await reader.until('a1\nb1\nc1\n');
  await reader.stop();
});

t.test('rotation by rename: the old file is read to its end, then the new one', async (t) => {
  for (const uri of ['app.log', 'app.log*']) {
    const { at, write } = workplace(t);
    write('app.log', '1\n');
    const reader = await follow({ uris: [at(uri)] });
    await reader.until('1\n');
    write('app.log', '2\n');
    fs.renameSync(at('app.log'), at('app.log.1'));
    write('app.log', '3\n');
    await reader.until('1\n2\n3\n');
    const position = await reader.stop();
    write('app.log', '4\n');
    fs.renameSync(at('app.log.1'), at('app.log.2'));
    fs.renameSync(at('app.log'), at('app.log.1'));
    write('app.log', '5\n');
    const again = await follow({ uris: [at(uri)], position });
    await again.until('4\n5\n');
    await again.stop();
  }
});

t.test('the last line of a file that was rotated away is one without newline, too', async (t) => {
  const { at, write } = workplace(t);
  write('app.log', '1\n2');
  const reader = await follow({ uris: [at('app.log')] });
  await reader.until('1\n');
  fs.renameSync(at('app.log'), at('app.log.1'));
  await reader.until('1\n2|\n');
  write('app.log', '3\n');
  await reader.until('1\n2|\n3\n');
  await reader.stop();
});

t.test('copy and truncate: what was not read yet comes from the copy', async (t) => {
  for (const uri of ['app.log', 'app.log*']) {
    for (const isDown of [false, true]) {
      const { at, write } = workplace(t);
      write('app.log', '1\n2\n');
      let reader = await follow({ uris: [at(uri)] });
      await reader.until('1\n2\n');
      const position = isDown ? await reader.stop() : undefined;
      write('app.log', '3\n');
      fs.copyFileSync(at('app.log'), at('app.log.1'));
      fs.truncateSync(at('app.log'), 0);
      write('app.log', '4\n5\n6\n7\n');
      if (position !== undefined) reader = await follow({ uris: [at(uri)], position });
      await reader.until(`${isDown ? '' : '1\n2\n'}3\n4\n5\n6\n7\n`);
      await reader.stop();
    }
  }
});

t.test('a rotated file that is compressed is not read again, and goes on where it was left', async (t) => {
  for (const uri of ['app.log', 'app.log*']) {
    const { at, write } = workplace(t);
    const compress = (name: string): void => {
      fs.writeFileSync(at(`${name}.gz`), zlib.gzipSync(fs.readFileSync(at(name))));
      fs.rmSync(at(name));
    };
    write('app.log', '1\n2\n');
    const reader = await follow({ uris: [at(uri)] });
    await reader.until('1\n2\n');
    fs.renameSync(at('app.log'), at('app.log.1'));
    write('app.log', '3\n');
    await reader.until('1\n2\n3\n');
    compress('app.log.1');
    write('app.log', '4\n');
    await reader.until('1\n2\n3\n4\n');
    const position = await reader.stop();
    write('app.log', '5\n');
    fs.renameSync(at('app.log.1.gz'), at('app.log.2.gz'));
    fs.renameSync(at('app.log'), at('app.log.1'));
    compress('app.log.1');
    write('app.log', '6\n');
    const again = await follow({ uris: [at(uri)], position });
    await again.until('5\n6\n');
    await again.stop();
  }
});

t.test('compressed files that are new are read once', async (t) => {
  const { at, write } = workplace(t);
  fs.writeFileSync(at('app.log.1.gz'), zlib.gzipSync('1\n2'));
  const reader = await follow({ uris: [at('app.log*')] });
  await reader.until('1\n2|\n');
  write('app.log', '3\n');
  await reader.until('1\n2|\n3\n');
  const position = await reader.stop();
  write('app.log', '4\n');
  const again = await follow({ uris: [at('app.log*')], position });
  await again.until('4\n');
  await again.stop();
});

t.test('an inode used again for a copy is not taken for the file of which nothing was read', async (t) => {
  const { at, write } = workplace(t);
  write('app.log', '1\n');
  write('app.log.1', '0\n');
  const reader = await follow({ uris: [at('*')] });
  await reader.until(2);
  fs.renameSync(at('app.log.1'), at('app.log.2'));
  fs.renameSync(at('app.log'), at('app.log.1'));
  write('app.log', '2');
  const before = reader.text();
  const position = await reader.stop();
  const files = position.files as { path: string; countBytes: number; file: object; names: string[] }[];
  // As if it had been seen while it was still empty, and its inode were by now that of the copy of another.
  const copy = zlib.gzipSync('0\n');
  fs.writeFileSync(at('app.log.2.gz'), copy);
  fs.rmSync(at('app.log.2'));
  const { dev, ino } = fs.statSync(at('app.log.2.gz'));
  const untouched = { ...files[0], key: '99', countBytes: 0 };
  const reused = { ...untouched, mode: 'lines', atEnd: false, file: { device: dev, inode: ino } };
  const again = await follow({ uris: [at('*')], position: { ...position, files: [reused, ...files] } });
  write('app.log', '\n');
  await again.until('2\n');
  write('app.log', '3\n');
  await again.until('2\n3\n');
  await again.stop();
  t.match(before, /^[01]\n[01]\n$/);
});

t.test('another file in the place of one is read from its beginning', async (t) => {
  const { at, write } = workplace(t);
  write('a.log', '1\n2\n');
  const reader = await follow({ uris: [at('a.log')] });
  await reader.until('1\n2\n');
  fs.writeFileSync(at('new'), '1\n2\n3\n');
  fs.renameSync(at('new'), at('a.log'));
  await reader.until('1\n2\n1\n2\n3\n');
  await reader.stop();
});

t.test('a file that is gone with lines in it is a problem, or said', async (t) => {
  const { at, write } = workplace(t);
  write('a.log', '1\n2\nunfinished');
  const reader = await follow({ uris: [at('a.log')] });
  await reader.until('1\n2\n');
  const position = await reader.stop();
  fs.rmSync(at('a.log'));
  await t.rejects(follow({ uris: [at('a.log')], position }), {
    details: {
      code: 'input',
      message: /up to byte 4/,
      place: { path: at('a.log') },
      hint: /--on-lost report/,
    },
  } as unknown as Error);
  const said: string[] = [];
  const again = await follow({ uris: [at('a.log')], position, onLost: 'report', said });
  t.match(said, [/a\.log: it is gone .* byte 4; lines of it are lost/]);
  write('a.log', '3\n');
  await again.until('3\n');
  await again.stop();
});

t.test('a copy that somebody makes of a file is not read', async (t) => {
  const { at, write } = workplace(t);
  write('a.log', '1\n2\n');
  const reader = await follow({ uris: [at('*')] });
  await reader.until('1\n2\n');
  fs.copyFileSync(at('a.log'), at('a.log.bak'));
  write('a.log', '3\n');
  await reader.until('1\n2\n3\n');
  write('b.log', 'b\n');
  await reader.until('1\n2\n3\nb\n');
  await reader.stop();
});

t.test('stdin cannot be followed', async (t) => {
  await t.rejects(follow({ uris: ['-'] }), {
    details: { code: 'input', hint: /--follow/ },
  } as unknown as Error);
});
