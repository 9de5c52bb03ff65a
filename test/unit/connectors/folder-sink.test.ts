/**
 * A folder of part files in epochs: whatever operation is the last before a crash, the files, their names and their marks are
 * those of the undisturbed run, and nobody else's file is touched. Names made of data stay inside the folder.
 */
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import {
  encodeValue,
  type FolderSink,
  folderName,
  openFolderInEpochs,
} from '../../../src/connectors/index.js';
import type { Disk } from '../../../src/disk/index.js';
import {
  aftermaths,
  diskWith,
  type EpochJob,
  epochsPath,
  operationsOf,
  outputsOf,
  runJob,
} from './epoch-job.js';

const others = {
  '/out/part-0-00000.ndjson': 'of an earlier job\n',
  '/out/.part-0-00001.ndjson.inprogress': 'of an earlier job that died\n',
  '/out/notes.txt': 'of a person\n',
};

function open(disk: Disk, clock: () => number = () => 0): Promise<FolderSink> {
  return openFolderInEpochs({ path: '/out/', rollBytes: 30, rollMs: 1000, clock }, 'sink', {
    disk,
    job: 'job',
    epochFolder: () => Promise.resolve(epochsPath),
    say: () => {},
  });
}

/** A text is `partition:record`, or `@time` for a watermark, or `end`. Partitions are hours: their end is in their name. */
function write(sink: FolderSink, text: string): void {
  if (text === 'end') sink.complete();
  else if (text.startsWith('@')) sink.advance(Number(text.slice(1)));
  else {
    const [partition, record] = text.split(':') as [string, string];
    sink.writeTo(partition, Number(partition.slice(-1)) * 100, Buffer.from(`${record}\n`));
  }
}

const job: EpochJob<FolderSink> = {
  before: others,
  open,
  write,
  epochs: [
    ['a/1:one', 'a/1:two', 'b/2:three'],
    ['@99', 'b/2:a record that is longer than a part', 'b/2:next part'],
    [],
    ['@150', 'b/3:four', 'b/2:five', '@199'],
    ['b/2:late for its partition', 'b/4:six', 'end'],
  ],
};

const expected = {
  ...others,
  '/out/a/1/_SUCCESS': '',
  '/out/a/1/part-1-00000.ndjson': 'one\ntwo\n',
  '/out/b/2/_SUCCESS': '',
  '/out/b/2/part-1-00001.ndjson': 'three\na record that is longer than a part\n',
  '/out/b/2/part-1-00002.ndjson': 'next part\nfive\n',
  '/out/b/3/_SUCCESS': '',
  '/out/b/3/part-1-00003.ndjson': 'four\n',
  '/out/b/2/part-1-00004.ndjson': 'late for its partition\n',
  '/out/b/4/_SUCCESS': '',
  '/out/b/4/part-1-00005.ndjson': 'six\n',
};

t.test('a crash at any operation leaves no trace in the folder', async (t) => {
  const jobs = { whole: job, subsumed: { ...job, failing: new Set([0, 2, 3]) } };
  for (const [name, job] of Object.entries(jobs)) {
    t.same(outputsOf(await runJob(job, [])), expected, `${name}: undisturbed`);
    const count = await operationsOf(job);
    const wrong: unknown[] = [];
    for (const aftermath of aftermaths) {
      for (let at = 1; at <= count; at++) {
        const found = outputsOf(await runJob(job, [{ at, aftermath }]));
        if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected)))
          wrong.push({ aftermath, at, found });
      }
    }
    t.same(wrong.slice(0, 2), [], `${name}: ${count} operations`);
    t.ok(count > 60, 'and there was something to crash at');
  }
});

function sorted(files: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
}

t.test('crashes of the runs that recover leave no trace either', async (t) => {
  const wrong: unknown[] = [];
  const count = await operationsOf(job);
  for (let at = 5; at <= count; at += 7) {
    for (let then = 1; then <= 40; then++) {
      const crashes = [
        { at, aftermath: aftermaths[then % 3]! },
        { at: then, aftermath: 'torn' as const },
      ];
      const found = outputsOf(await runJob(job, crashes));
      if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected))) wrong.push({ crashes, found });
    }
  }
  t.same(wrong.slice(0, 2), []);
});

t.test('going back to an older checkpoint takes back what the newer one published', async (t) => {
  const double = await diskWith();
  const sink = await open(double.disk);
  await sink.recover(undefined);
  write(sink, 'a/1:one');
  const first = JSON.parse(JSON.stringify(await sink.prepare(1)));
  await sink.commit(1, first);
  for (const text of ['a/1:two', 'a/2:three', 'end']) write(sink, text);
  await sink.commit(2, await sink.prepare(2));
  await sink.close();
  t.same(Object.keys(outputsOf(double)).length, 4, 'two parts and two marks');
  const again = await open(double.disk);
  await again.recover({ epoch: 1, committable: first });
  t.same(outputsOf(double), {
    '/out/a/1/.part-0-00000.ndjson.inprogress': 'one\n',
    '/out/a/2/_SUCCESS': '',
  });
});

t.test('names that a run gave and did not sync are synced by the run that finds them', async (t) => {
  const double = await diskWith();
  const sink = await open(double.disk);
  await sink.recover(undefined);
  for (const text of ['a/1:one', 'a/2:two', 'end']) write(sink, text);
  const committable = JSON.parse(JSON.stringify(await sink.prepare(1)));
  await sink.commit(1, committable);
  const published = outputsOf(double);
  double.crash();
  double.restart('process');
  const again = await open(double.disk);
  await again.recover({ epoch: 1, committable });
  double.crash();
  double.restart('power', 'nothing');
  t.same(outputsOf(double), published);
});

t.test('parts are finished by their age, and hidden until their checkpoint exists', async (t) => {
  const double = await diskWith();
  let now = 0;
  const sink = await open(double.disk, () => now);
  await sink.recover(undefined);
  write(sink, 'a/9:one');
  await sink.commit(1, await sink.prepare(1));
  now = 999;
  sink.advance(0);
  await sink.commit(2, await sink.prepare(2));
  t.same(Object.keys(outputsOf(double)), ['/out/a/9/.part-0-00000.ndjson.inprogress']);
  now = 1000;
  const committable = await sink.prepare(3);
  t.same(Object.keys(outputsOf(double)), ['/out/a/9/.part-0-00000.ndjson.inprogress']);
  await sink.commit(3, committable);
  t.same(Object.keys(outputsOf(double)), ['/out/a/9/part-0-00000.ndjson']);
});

t.test('a part that was cut or removed is refused', async (t) => {
  for (const change of ['cut', 'removed'] as const) {
    const double = await diskWith();
    const sink = await open(double.disk);
    await sink.recover(undefined);
    write(sink, 'a/1:one');
    const committable = await sink.prepare(1);
    await sink.commit(1, committable);
    const name = '/out/a/1/.part-0-00000.ndjson.inprogress';
    if (change === 'cut') double.put(name, 'o');
    else await double.disk.remove(name);
    const again = await open(double.disk);
    await t.rejects(again.recover({ epoch: 1, committable }), /does not have the 4 bytes of the checkpoint/);
  }
});

t.test('more partitions than files may be open', async (t) => {
  const double = await diskWith();
  const sink = await open(double.disk);
  await sink.recover(undefined);
  let opened = 0;
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 150; index++) {
      sink.writeTo(`p${index}`, Number.POSITIVE_INFINITY, Buffer.from(`${round}\n`));
      opened++;
    }
  }
  sink.complete();
  await sink.commit(1, await sink.prepare(1));
  await sink.close();
  const parts = Object.entries(outputsOf(double)).filter(([name]) => !name.endsWith('_SUCCESS'));
  t.equal(opened, 300);
  t.equal(parts.length, 150);
  t.ok(parts.every(([, text]) => text === '0\n1\n'));
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('.', '/', '\\', '_', '%', '~', '-', ' ', '\0', '\n', 'é'),
    maxLength: 6,
  }),
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '../..',
    '_SUCCESS',
    '.hidden',
    '%null',
    '%empty',
    '%2E',
    'part-0-00000.ndjson',
  ),
);

t.test('names made of data stay inside, are not hidden, fit, and differ when the data do', (t) => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (values) => {
      const names = values.map((value) => folderName([encodeValue(value)]));
      const joined = path.posix.join('/root', ...names);
      return (
        joined === `/root/${names.join('/')}` &&
        names.every((name) => name !== '' && !/^[._]/.test(name) && !/[/\\\0-\x1f]/.test(name)) &&
        names.every((name) => Buffer.byteLength(name) <= 255)
      );
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const same = folderName([encodeValue(a)]) === folderName([encodeValue(b)]);
      return same === Buffer.from(a).equals(Buffer.from(b));
    }),
    { numRuns: 2000 },
  );
  t.not(encodeValue(undefined), encodeValue('null'));
  t.not(encodeValue(''), encodeValue(undefined));
  t.end();
});

t.test('the sink itself refuses a partition that leads out', async (t) => {
  const sink = await open((await diskWith()).disk);
  await sink.recover(undefined);
  for (const name of ['..', 'a/../..', '/a', 'a//b', '.a', 'a/_b', 'a/']) {
    t.throws(() => sink.writeTo(name, 0, Buffer.from('x')), /not a name of sub-folders/, name);
  }
});

t.test(
  'the name of a part that is made while names are synced is synced by the next checkpoint',
  async (t) => {
    const double = await diskWith();
    const { disk } = double;
    let hold: Promise<void> | undefined;
    const slow: Disk = {
      ...disk,
      async open(path, mode, permissions) {
        if (mode === 'new') await hold;
        return disk.open(path, mode, permissions);
      },
    };
    const sink = await open(slow);
    await sink.recover(undefined);
    write(sink, 'a/1:one');
    await sink.flushed();
    let letGo = (): void => {};
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
    // The part of another partition is about to be created, and the checkpoint before it syncs the folders.
    const first = sink.prepare(1);
    write(sink, 'a/1:two is longer than a part may be');
    write(sink, 'a/1:three');
    await first;
    letGo();
    await sink.flushed();
    await sink.prepare(2);
    double.restart('power', 'nothing');
    t.match(Object.values(outputsOf(double)), ['one\ntwo is longer than a part may be\n', 'three\n']);
  },
);
