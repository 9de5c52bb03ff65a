/** Damage: every byte of every file of a small store is changed once. It is found, or it does no harm; never a wrong answer. */
import t, { type Test } from 'tap';
import { createDiskDouble, type DiskDouble } from '../../../harness/disk/index.js';
import { messageOf } from '../../../harness/state/message.js';
import { checkpoint, openStore, storePath, textsOf } from '../../../harness/state/store.js';

const one = { count: { keys: ['a', 'b'] } };
const two = { count: { keys: ['a', 'B'], sums: ['12'] } };

/** A store with the checkpoints 1 and 2, or with 2 alone. */
async function storeFiles(keep: number): Promise<ReadonlyMap<string, Uint8Array>> {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  await checkpoint(store, 1, one);
  await checkpoint(store, 2, two);
  await store.tidy(keep);
  await store.release();
  return new Map(double.paths().map((path) => [path, double.contents(path)!]));
}

function diskWith(files: ReadonlyMap<string, Uint8Array>): DiskDouble {
  const double = createDiskDouble();
  for (const [path, bytes] of files) double.put(path, bytes);
  return double;
}

interface Outcome {
  /** The checkpoint that was restored; 0 for none, or the message of a problem. */
  readonly restored: number | string;
  readonly findings: number;
}

async function open(t: Test, files: ReadonlyMap<string, Uint8Array>, what: string): Promise<Outcome> {
  const { disk } = diskWith(files);
  let outcome: Outcome | undefined;
  const message = await messageOf(
    (async () => {
      const { restored, findings } = await openStore(disk);
      if (restored !== undefined) {
        const found = JSON.stringify(await textsOf(restored));
        const expected = JSON.stringify(restored.epoch === 2 ? two : one);
        if (found !== expected) t.fail(`${what}: checkpoint ${restored.epoch} has ${found}`);
      }
      outcome = { restored: restored?.epoch ?? 0, findings: findings.length };
    })(),
  );
  return outcome ?? { restored: message, findings: 0 };
}

function changed(
  files: ReadonlyMap<string, Uint8Array>,
  path: string,
  change: (bytes: Uint8Array) => Uint8Array,
): ReadonlyMap<string, Uint8Array> {
  return new Map([...files].map(([name, bytes]) => [name, name === path ? change(bytes.slice()) : bytes]));
}

// One after the other in the small store; without an older checkpoint to go back to, every third.
for (const [keep, step] of [
  [2, 1],
  [1, 3],
] as const) {
  t.test(`each byte changed, ${keep} kept`, async (t) => {
    const files = await storeFiles(keep);
    const seen = new Map<string, number>();
    for (const [path, { length }] of files) {
      const name = path.split('/').at(-1)!;
      // Pages that did not change lie in the segment of the first checkpoint, for both.
      const mayEndTheJob = keep === 1 || name === 'job.json' || name === '000001-1.segment';
      for (let at = 0; at < length; at += step) {
        const what = `${path} byte ${at}`;
        const damaged = changed(files, path, (bytes) => {
          bytes[at]! ^= [1, 32, 128][(at / step) % 3]!;
          return bytes;
        });
        const { restored, findings } = await open(t, damaged, what);
        if (typeof restored === 'string') {
          if (!mayEndTheJob || !/damaged/.test(restored)) t.fail(`${what}: ${restored}`);
        } else if (restored === 0) t.fail(`${what}: began at zero`);
        else if (restored === 1 && findings !== 1) t.fail(`${what}: passed over in silence`);
        const kind = `${name} ${typeof restored === 'string' ? 'problem' : restored}`;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }
    const fewest = 100 / step;
    const lost = keep === 2 ? '1' : 'problem';
    t.equal(seen.get(`manifest.json ${lost}`)! > fewest, true, 'manifests');
    t.equal(seen.get(`part-0.json ${lost}`)! > fewest, true, 'parts');
    t.equal(seen.get(`000002-1.segment ${lost}`)! > fewest, true, 'segments');
    t.equal(
      [...seen.keys()].some((key) => key.startsWith('job.json') && !key.endsWith('problem')),
      false,
    );
  });
}

t.test('each file cut off, emptied, lengthened or removed', async (t) => {
  for (const keep of [2, 1]) {
    const files = await storeFiles(keep);
    for (const [path, { length }] of files) {
      for (let left = 0; left < length; left += 7) {
        const { restored } = await open(
          t,
          changed(files, path, (bytes) => bytes.subarray(0, left)),
          path,
        );
        if (restored === 0) t.fail(`${path} cut to ${left}: began at zero`);
      }
      await open(
        t,
        changed(files, path, (bytes) => Buffer.concat([bytes, Buffer.from('x')])),
        path,
      );
      const removed = new Map([...files].filter(([name]) => name !== path));
      const { restored } = await open(t, removed, `${path} removed`);
      const isManifest = path.endsWith('manifest.json');
      if (restored === 0 && !(isManifest && keep === 1)) t.fail(`${path} removed: began at zero`);
    }
  }
  t.pass('nothing was wrong');
});

t.test('a job that had a checkpoint does not begin at zero because it was removed', async (t) => {
  const double = diskWith(await storeFiles(1));
  await openStore(double.disk);
  await double.disk.removeFolder(`${storePath}/checkpoints`);
  t.match(await messageOf(openStore(double.disk)), /checkpoint 2, which the job went on from, is not there/);
});

t.test('a page that is found damaged when it is to be moved is written again from memory', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  const first = ['x'.repeat(100), 'y'.repeat(300)];
  await checkpoint(store, 1, { count: { keys: first } });
  const path = `${storePath}/operators/count/000001-1.segment`;
  const bytes = double.contents(path)!;
  bytes[20]! ^= 1;
  double.put(path, bytes);
  const second = [first[0]!, 'changed'];
  t.match(
    await messageOf(checkpoint(store, 2, { count: { keys: second } })),
    /damaged: the checksum of a page/,
  );
  await checkpoint(store, 3, { count: { keys: second } });
  const again = await openStore(double.disk);
  t.equal(again.restored?.epoch, 3);
  t.same(await textsOf(again.restored!), { count: { keys: second } });
});
