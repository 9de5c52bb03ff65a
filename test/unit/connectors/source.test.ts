import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import t from 'tap';
import { type ByteSource, locate, openSource } from '../../../src/connectors/index.js';

async function readAll(source: ByteSource, pieceBytes = 10): Promise<string> {
  const pieces: Buffer[] = [];
  const piece = new Uint8Array(pieceBytes);
  for (;;) {
    const count = await source.read(piece);
    if (count === 0) return Buffer.concat(pieces).toString();
    pieces.push(Buffer.from(piece.subarray(0, count)));
  }
}

/** What a rejected promise is to be matched with. */
function problemWith(details: object): Error {
  return { details } as unknown as Error;
}

const text = 'a line\n'.repeat(5000);

t.test('files are read whole, plain or compressed, whatever their names say', async (t) => {
  const folder = t.testdir({});
  fs.writeFileSync(path.join(folder, 'plain'), text);
  fs.writeFileSync(path.join(folder, 'g'), Buffer.concat([zlib.gzipSync(text), zlib.gzipSync('more\n')]));
  t.equal(await readAll(await openSource(path.join(folder, 'plain')), 1000), text);
  t.equal(
    await readAll(await openSource(path.join(folder, 'g')), 1000),
    `${text}more\n`,
    'gzip members are joined',
  );
  fs.writeFileSync(path.join(folder, 'empty'), '');
  t.equal(await readAll(await openSource(path.join(folder, 'empty'))), '');
  const early = await openSource(path.join(folder, 'empty'));
  fs.writeFileSync(path.join(folder, 'empty'), zlib.gzipSync(text));
  t.equal(await readAll(early), '', 'what is written to it afterwards is not given raw');
  fs.writeFileSync(path.join(folder, 'one'), '(');
  t.equal(
    await readAll(await openSource(path.join(folder, 'one'))),
    '(',
    'a byte that could begin zstd data',
  );
});

t.test('zstd files are read', async (t) => {
  const folder = t.testdir({ plain: text });
  try {
    execFileSync('zstd', ['-q', path.join(folder, 'plain'), '-o', path.join(folder, 'z')]);
  } catch {
    t.pass('the zstd program is not installed');
    return;
  }
  t.equal(await readAll(await openSource(path.join(folder, 'z')), 1000), text);
});

t.test('damaged compressed data is an error that names the file', async (t) => {
  const folder = t.testdir({});
  const file = path.join(folder, 'cut.gz');
  fs.writeFileSync(file, zlib.gzipSync(text).subarray(0, 40));
  const source = await openSource(file);
  await t.rejects(readAll(source), problemWith({ code: 'input', place: { kind: 'file', path: file } }));
});

t.test('zstd data that is cut off is an error, on every Node', async (t) => {
  const folder = t.testdir({});
  const file = path.join(folder, 'cut.zst');
  // {"a":1}, {"a":2} and {"a":3}, a line each
  const whole = Buffer.from('KLUv/QRYwQAAeyJhIjoxfQp7ImEiOjJ9CnsiYSI6M30KHxJIMg==', 'base64');
  fs.writeFileSync(file, whole);
  t.equal(await readAll(await openSource(file)), '{"a":1}\n{"a":2}\n{"a":3}\n');
  for (const lengthBytes of [5, 8, 20, whole.length - 5, whole.length - 1]) {
    fs.writeFileSync(file, whole.subarray(0, lengthBytes));
    const source = await openSource(file);
    await t.rejects(
      readAll(source),
      problemWith({ code: 'input', place: { kind: 'file', path: file } }),
      `${lengthBytes} bytes`,
    );
  }
});

t.test('what cannot be opened is an error that names the file', async (t) => {
  const folder = t.testdir({});
  await t.rejects(
    openSource(path.join(folder, 'missing')),
    problemWith({ code: 'input', message: /no such file/ }),
  );
  await t.rejects(openSource(folder), problemWith({ code: 'input', hint: /\/\*/ }));
});

t.test('globs are matched in the order of names', async (t) => {
  const folder = t.testdir({ 'b.log': '', 'a.log': '', 'c.txt': '', sub: { 'd.log': '' } });
  const names = async (pattern: string) =>
    (await locate([path.join(folder, pattern)])).map((found) => path.relative(folder, found));
  t.same(await names('*.log'), ['a.log', 'b.log']);
  t.same(await names('**/*.log'), ['a.log', 'b.log', 'sub/d.log']);
  t.same(await locate(['-', 'not-there.log']), ['-', 'not-there.log']);
  await t.rejects(
    locate([path.join(folder, '*.none')]),
    problemWith({ code: 'input', message: /no file matches/ }),
  );
  await t.rejects(locate(['ftp://host/file']), problemWith({ message: /ftp/ }));
});

t.test('a FIFO is read as it is written, and a pending read ends when it is closed', async (t) => {
  const folder = t.testdir({});
  const fifo = path.join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn(
    'sh',
    ['-c', `exec 3>"${fifo}"; printf 'one\\n' >&3; read x; printf 'two\\n' >&3; read y`],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  const source = await openSource(fifo);
  const piece = new Uint8Array(100);
  let got = '';
  while (got.length < 4) got += Buffer.from(piece.subarray(0, await source.read(piece))).toString();
  t.equal(got, 'one\n', 'the first line arrives before the second is written');
  writer.stdin.write('\n');
  t.equal(Buffer.from(piece.subarray(0, await source.read(piece))).toString(), 'two\n');
  const pending = source.read(piece);
  source.close();
  t.equal(await pending, 0);
  writer.stdin.end();
  writer.kill();
});

t.test('a pipe that says nothing is opened all the same, and can be closed', async (t) => {
  const fifo = path.join(t.testdir({}), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', `exec 3>"${fifo}"; read x`], { stdio: ['pipe', 'ignore', 'inherit'] });
  const source = await openSource(fifo);
  const pending = source.read(new Uint8Array(100));
  source.close();
  t.equal(await pending, 0);
  writer.stdin.end();
});
