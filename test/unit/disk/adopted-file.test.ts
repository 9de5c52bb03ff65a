/** Descriptors as a shell hands them over: behind >> and behind >, with something in front and something that follows. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openStdoutInEpochs } from '../../../src/connectors/index.js';
import { adoptDescriptor, realDisk } from '../../../src/disk/index.js';
import { temporaryFolder } from '../../harness/shell.js';

for (const [redirect, flags] of [
  ['>>', 'a'],
  ['>', 'w'],
] as const) {
  t.test(`stdout behind ${redirect} in epochs`, async (t) => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'out');
    if (flags === 'a') fs.writeFileSync(file, 'kept\n');
    const descriptor = fs.openSync(file, flags);
    fs.writeSync(descriptor, 'head\n');
    const sink = await openStdoutInEpochs('sink', 'exactly-once', {
      disk: realDisk,
      job: 'job',
      epochFolder: () => Promise.resolve(folder),
      say: () => {},
      stdout: adoptDescriptor('stdout', descriptor),
    });
    await sink.recover(undefined);
    for (const epoch of [1, 2]) {
      sink.write(Buffer.from(`epoch ${epoch}\n`), 8);
      await sink.commit(epoch, await sink.prepare(epoch));
    }
    await sink.close();
    fs.writeSync(descriptor, 'tail\n');
    fs.closeSync(descriptor);
    const before = flags === 'a' ? 'kept\n' : '';
    t.equal(fs.readFileSync(file, 'utf8'), `${before}head\nepoch 1\nepoch 2\ntail\n`);
  });

  t.test(`a file behind ${redirect} can be read and cut`, async (t) => {
    const name = path.join(temporaryFolder(), 'out');
    const descriptor = fs.openSync(name, flags);
    const file = adoptDescriptor('stdout', descriptor);
    await file.write(Buffer.from('0123456789'), 0);
    await file.truncate(4);
    await file.write(Buffer.from('abc'), 4);
    const bytes = Buffer.alloc(16);
    t.equal(await file.read(bytes, 2), 5);
    t.equal(bytes.toString('utf8', 0, 5), '23abc');
    t.equal(await file.lengthBytes(), 7);
    await file.sync();
    await file.close();
    fs.closeSync(descriptor);
    t.equal(fs.readFileSync(name, 'utf8'), '0123abc');
  });
}
