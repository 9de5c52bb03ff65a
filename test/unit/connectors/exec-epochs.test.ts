/** Commands as outputs: once for each epoch, the same key for the same epoch, again after a failure. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { type EpochSink, openExecInEpochs, openExecSink } from '../../../src/connectors/index.js';
import { realDisk } from '../../../src/disk/index.js';
import { temporaryFolder } from '../../harness/shell.js';

/** A command that appends its key and its input to a file, and fails while a file `fail` is there. */
function place() {
  const folder = temporaryFolder();
  const log = path.join(folder, 'log');
  const fail = path.join(folder, 'fail');
  fs.writeFileSync(log, '');
  const command = `test ! -e ${fail} || exit 7; echo "$LEAT_IDEMPOTENCY_KEY $LEAT_EPOCH" >> ${log}; cat >> ${log}`;
  const open = (retries = 0, line = command): Promise<EpochSink> =>
    openExecInEpochs(line, retries, 'sink', {
      disk: realDisk,
      job: 'job',
      epochFolder: async () => {
        await realDisk.makeFolder(`${folder}/epochs`);
        return `${folder}/epochs`;
      },
      say: () => {},
    });
  return { folder, fail, command, open, text: () => fs.readFileSync(log, 'utf8') };
}

function write(sink: EpochSink, text: string): void {
  sink.write(Buffer.from(text), Buffer.byteLength(text));
}

t.test('each epoch that is not empty is given once, also when it is committed twice', async (t) => {
  const { open, text, folder } = place();
  const sink = await open();
  await sink.recover(undefined);
  write(sink, 'one\n');
  const first = await sink.prepare(1);
  const mode = fs.statSync(path.join(folder, 'epochs/000000000001')).mode & 0o777;
  t.equal(mode, 0o600, 'epochs are their owner’s alone');
  t.equal(text(), '', 'nothing before the checkpoint exists');
  await sink.commit(1, first);
  await sink.commit(1, first);
  await sink.commit(2, await sink.prepare(2));
  write(sink, 'three\n');
  await sink.commit(3, await sink.prepare(3));
  await sink.close();
  t.equal(text(), 'job/sink/1 1\none\njob/sink/3 3\nthree\n');
  t.same(fs.readdirSync(path.join(folder, 'epochs')), []);
});

t.test('a command that failed is run again on resume with the same key', async (t) => {
  const { open, text, fail } = place();
  const sink = await open(1);
  await sink.recover(undefined);
  write(sink, 'one\n');
  const committable = await sink.prepare(1);
  fs.writeFileSync(fail, '');
  await t.rejects(sink.commit(1, committable), /the command failed: it ended with status 7/);
  await sink.close();
  fs.rmSync(fail);
  const again = await open();
  await again.recover({ epoch: 1, committable: JSON.parse(JSON.stringify(committable)) });
  t.equal(text(), 'job/sink/1 1\none\n');
  await again.recover({ epoch: 1, committable });
  t.equal(text(), 'job/sink/1 1\none\n', 'and not again');
  await again.close();
});

t.test('a command that does not read its input has only its status', async (t) => {
  const { open } = place();
  const sink = await open(0, 'exit 0');
  await sink.recover(undefined);
  for (let piece = 0; piece < 32; piece++) write(sink, 'x'.repeat(65_536));
  await sink.commit(1, await sink.prepare(1));
  await sink.close();
  t.pass('a closed stdin is no failure');
});

t.test('without checkpoints it is run when the input is complete, and not when it is not', async (t) => {
  const { command, text } = place();
  const stopped = openExecSink(command, 0, 'sink');
  write(stopped as EpochSink, 'half\n');
  await stopped.close();
  t.equal(text(), '');
  const sink = openExecSink(command, 0, 'sink');
  write(sink as EpochSink, 'whole\n');
  sink.complete?.();
  await sink.close();
  t.match(text(), /^run-[0-9a-f-]+\/sink\/1 1\nwhole\n$/);
});
