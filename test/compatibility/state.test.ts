/** Stores that earlier versions wrote are read, byte for byte, and gone on with. */
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { type Disk, realDisk } from '../../src/disk/index.js';
import { listCheckpoints, readSavepoint, readStore, type StoredCheckpoint } from '../../src/state/index.js';
import { root, temporaryFolder } from '../harness/shell.js';
import {
  firstStage,
  newestEpoch,
  savepointEpoch,
  secondStage,
  writeSampleStore,
} from '../harness/state/sample-store.js';
import { checkpoint, holdersOf, openStore, textsOf } from '../harness/state/store.js';

const samples = path.join(root, 'test/compatibility');
const versions = [1];

if (process.env['LEAT_WRITE_SAMPLE'] !== undefined) {
  const sample = path.join(samples, `state-${versions.at(-1)}`);
  fs.rmSync(sample, { recursive: true, force: true });
  await writeSampleStore(realDisk, sample);
}

async function holds(t: Test, found: StoredCheckpoint, epoch: number): Promise<void> {
  t.equal(found.epoch, epoch);
  t.same(await textsOf(found), { ...firstStage(epoch), ...secondStage(epoch) });
  t.same(
    found.parts.map(({ facts }) => facts),
    [{ position: epoch * 100 }, { lengthBytes: epoch * 7 }],
  );
}

/** A copy, since reading a store may be followed by writing to it. */
function copyOf(version: number): string {
  const copy = path.join(temporaryFolder(), 'state');
  fs.cpSync(path.join(samples, `state-${version}`), copy, { recursive: true });
  return copy;
}

for (const version of versions) {
  t.test(`a store of version ${version} is read and gone on with`, async (t) => {
    const disk: Disk = realDisk;
    const store = copyOf(version);
    const status = await readStore(disk, store, holdersOf(1));
    t.equal(status.job, 'clicks');
    t.equal(status.generation, 2);
    t.equal(status.life, 'released');
    await holds(t, status.newest!, newestEpoch);
    t.same(
      (await listCheckpoints(disk, store)).map(({ epoch, generation, state }) => [epoch, generation, state]),
      [
        [3, 2, 'complete'],
        [4, 2, 'complete'],
      ],
    );
    await holds(t, (await readSavepoint(disk, `${store}/savepoints/before`)).checkpoint, savepointEpoch);

    const next = await openStore(disk, {}, store);
    t.same(next.findings, []);
    t.equal(next.restored?.finished, true);
    await holds(t, next.restored!, newestEpoch);
    await checkpoint(next, 5, firstStage(5));
    await next.tidy(1);
    await next.release();
    const back = await openStore(disk, { savepoint: 'before' }, store);
    await holds(t, back.restored!, savepointEpoch);
  });
}

t.test(
  'the present version writes what the newest sample has, but for what differs from run to run',
  async (t) => {
    const store = path.join(temporaryFolder(), 'state');
    await writeSampleStore(realDisk, store);
    const filesOf = (folder: string): string[] =>
      (fs.readdirSync(folder, { recursive: true }) as string[])
        .filter((name) => fs.statSync(path.join(folder, name)).isFile())
        .sort();
    const sample = path.join(samples, `state-${versions.at(-1)}`);
    t.same(filesOf(store), filesOf(sample));
    for (const name of filesOf(sample).filter((file) => !file.startsWith('generations'))) {
      const same = fs.readFileSync(path.join(store, name)).equals(fs.readFileSync(path.join(sample, name)));
      t.ok(same, name);
    }
  },
);
