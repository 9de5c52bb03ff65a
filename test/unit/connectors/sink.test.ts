/** Sinks on descriptors: what is written at once, and in which order the rest follows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openFileSink } from '../../../src/connectors/index.js';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${from + index}\n`).join('');

t.test('the first bytes are written at once, the others behind them', async (t) => {
  const file = path.join(t.testdir({}), 'out');
  const sink = openFileSink(file);
  const first = Buffer.from(lines(0, 10));
  t.equal(sink.write(first, first.length), first, 'the buffer is free again');
  t.equal(fs.readFileSync(file, 'utf8'), lines(0, 10));
  const large = Buffer.from(lines(10, 5000));
  t.not(sink.write(large, large.length), large, 'a large buffer is kept until it is written');
  const small = Buffer.from(lines(5000, 5010));
  sink.write(small, small.length);
  await sink.close();
  t.equal(fs.readFileSync(file, 'utf8'), lines(0, 5010));
});

t.test('no more than fits into a pipe is written at once', async (t) => {
  const file = path.join(t.testdir({}), 'out');
  const sink = openFileSink(file);
  let atOnceBytes = 0;
  for (let line = 0; line < 2000; line++) {
    const bytes = Buffer.from(lines(line, line + 1));
    if (sink.write(bytes, bytes.length) === bytes) atOnceBytes += bytes.length;
  }
  t.ok(atOnceBytes > 0 && atOnceBytes <= 4096, `${atOnceBytes} bytes`);
  await sink.close();
  t.equal(fs.readFileSync(file, 'utf8'), lines(0, 2000));
});

t.test('a reader that has gone is found with the first byte', async (t) => {
  const pipe = path.join(t.testdir({}), 'pipe');
  await once(spawn('mkfifo', [pipe]), 'close');
  const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const sink = openFileSink(pipe);
  fs.closeSync(reader);
  sink.write(Buffer.from('1\n'), 2);
  t.ok(sink.closedByReader);
  await sink.close();
});

t.test('a full disk is found with the first byte', { skip: !fs.existsSync('/dev/full') }, async (t) => {
  const sink = openFileSink('/dev/full');
  sink.write(Buffer.from('1\n'), 2);
  await t.rejects(sink.flushed(), /no space is left/);
});
