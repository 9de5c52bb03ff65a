/**
 * Files as sinks in epochs: whatever operation is the last before a crash, the output is that of the undisturbed run; a target
 * that is not what the checkpoint left is refused; nothing is synced without need.
 */
import t from 'tap';
import { createFileEpochs } from '../../../src/connectors/epochs/file-epochs.js';
import { pathTarget } from '../../../src/connectors/epochs/target.js';
import { type EpochSink, openFileInEpochs, openStdoutInEpochs } from '../../../src/connectors/index.js';
import { isProblem } from '../../../src/diagnostics/index.js';
import type { Disk } from '../../../src/disk/index.js';
import {
  aftermaths,
  diskWith,
  type EpochJob,
  epochsPath,
  leftOver,
  numberOf,
  operationsOf,
  outputPath,
  outputsOf,
  runJob,
} from './epoch-job.js';

const out = outputPath;
const context = (disk: Disk) => ({
  disk,
  epochFolder: () => Promise.resolve(epochsPath),
  job: 'job',
  say: () => {},
});

const epochs = [['one\n', 'two\n'], [], ['three\n'.repeat(50)], ['four\n'], ['five\n', 'six\n'], []];
const whole = epochs.flat().join('');
const before = { [out]: 'before\n' };

const toFile: EpochJob = {
  epochs,
  open: (disk) => openFileInEpochs(out, 'sink', 'exactly-once', context(disk)),
};
const overFile: EpochJob = { ...toFile, before };
const toStdout: EpochJob = {
  epochs,
  before,
  open: async (disk) => {
    const stdout = await disk.open(out, 'write');
    return await openStdoutInEpochs('sink', 'exactly-once', { ...context(disk), stdout });
  },
};
const atLeastOnce: EpochJob = {
  epochs,
  open: (disk) => openFileInEpochs(out, 'sink', 'at-least-once', context(disk)),
};
/** Output that comes again is written at once; what follows a hold is not. */
const holding = 'HOLD';
const repeated: EpochJob = {
  epochs: [
    ['zero\n', 'and\n'],
    ...epochs,
    ['seven\n', holding, 'eight\n'],
    ['nine\n'],
    [holding, 'ten\n'.repeat(20), holding],
    [],
    ['eleven\n', 'twelve\n'],
  ],
  open: (disk) => openFileInEpochs(out, 'sink', 'exactly-once', { ...context(disk), repeats: true }),
  write(sink, text) {
    if (text === holding) sink.hold!();
    else sink.write(Buffer.from(text), text.length);
  },
};
const repeatedBehind: EpochJob = {
  ...repeated,
  before,
  async open(disk) {
    const stdout = await disk.open(out, 'write');
    return await openStdoutInEpochs('sink', 'exactly-once', { ...context(disk), stdout, repeats: true });
  },
};
const repeatedSubsumed: EpochJob = { ...repeated, failing: new Set([0, 3, 4, 7]) };
const subsumed: EpochJob = { ...toFile, failing: new Set([0, 2, 3]) };
/** Its write-ahead files are written over, by longer and by shorter epochs. */
const spared: EpochJob = {
  epochs: [...epochs, ['seven\n'], ['eight\n'.repeat(9)], ['nine\n']],
  async open(disk) {
    const limits = { leastBytes: 5, mostBytes: 200 };
    return createFileEpochs(disk, epochsPath, pathTarget(disk, out), {
      appears: 'checkpoint',
      say() {},
      limits,
    });
  },
};

const textOf = (job: EpochJob): string =>
  job.epochs
    .flat()
    .filter((text) => text !== holding)
    .join('');

t.test('a crash at any operation leaves no trace in the output', async (t) => {
  const jobs = { toFile, overFile, toStdout, atLeastOnce, subsumed, spared };
  const repeating = { repeated, repeatedOver: { ...repeated, before }, repeatedBehind, repeatedSubsumed };
  const behind = new Set(['toStdout', 'repeatedBehind']);
  for (const [name, job] of Object.entries({ ...jobs, ...repeating })) {
    const text = textOf(job);
    const expected = { [out]: behind.has(name) ? `before\n${text}` : text };
    t.same(outputsOf(await runJob(job, [])), expected, `${name}: undisturbed`);
    const wrong: string[] = [];
    const count = await operationsOf(job);
    for (const aftermath of aftermaths) {
      for (let at = 1; at <= count; at++) {
        const double = await runJob(job, [{ at, aftermath }]);
        if (double.text(out) !== expected[out]) wrong.push(`${aftermath} at ${at}: ${double.text(out)}`);
        if (leftOver(double).length > 0) wrong.push(`${aftermath} at ${at}: ${leftOver(double)} left over`);
      }
    }
    t.same(wrong, [], `${name}: ${count} operations`);
    t.ok(count > 20, 'and there was something to crash at');
  }
});

t.test('crashes of the runs that recover leave no trace either', async (t) => {
  const wrong: string[] = [];
  const count = await operationsOf(subsumed);
  for (const first of aftermaths) {
    for (let at = 1; at <= count; at += 3) {
      for (let then = 1; then <= 36; then++) {
        const crashes = [
          { at, aftermath: first },
          { at: Math.ceil(then / 2), aftermath: aftermaths[1 + (then % 2)]! },
        ];
        const double = await runJob(subsumed, crashes);
        if (double.text(out) !== whole) wrong.push(JSON.stringify(crashes));
      }
    }
  }
  t.same(wrong, []);
});

t.test('readers of output that is written at once lose nothing that they have seen', async (t) => {
  const said: string[] = [];
  for (const job of [repeated, repeatedBehind, repeatedSubsumed]) {
    const expected = `${job.before === undefined ? '' : before[out]}${textOf(job)}`;
    const seen = new Set<number>();
    const wrong: string[] = [];
    const watched: EpochJob = {
      ...job,
      open: (disk) => job.open({ ...disk, open: (...asked) => watch(disk, asked) }),
    };
    const watch = async (disk: Disk, asked: Parameters<Disk['open']>) => {
      const file = await disk.open(...asked);
      if (asked[0] !== out) return file;
      const truncate = async (lengthBytes: number): Promise<void> => {
        said.push(`cut to ${lengthBytes}`);
        await file.truncate(lengthBytes);
      };
      return { ...file, truncate };
    };
    const count = await operationsOf(job);
    for (let at = 1; at <= count; at++) {
      said.length = 0;
      const double = await runJob(watched, [{ at, aftermath: 'killed' }], (text) => {
        seen.add(text?.length ?? 0);
        if (text !== undefined && !expected.startsWith(text)) wrong.push(`at ${at}: ${text}`);
      });
      if (double.text(out) !== expected) wrong.push(`in the end, at ${at}: ${double.text(out)}`);
      if (said.length > 1) wrong.push(`at ${at}: ${said.join(', ')}`);
    }
    t.same(wrong, []);
    t.ok(seen.size > 12, `died with ${seen.size} lengths of output`);
  }
});

t.test(
  'what was left behind the checkpoint stays when it comes again, and goes when it does not',
  async (t) => {
    const left = async (text: string) => {
      const { double, disk, last } = await halfDone();
      const file = await disk.open(out, 'write');
      await file.write(Buffer.from(text), 10);
      const said: string[] = [];
      const sink = await openFileInEpochs(out, 'sink', 'exactly-once', {
        ...context(disk),
        say: (line) => said.push(line),
        repeats: true,
      });
      await sink.recover(last);
      return { double, sink, said };
    };
    const same = await left('second\nthird\n');
    same.sink.write(Buffer.from('second\n'), 7);
    await same.sink.flushed();
    t.equal(same.double.text(out), 'committed\nsecond\nthird\n', 'not cut before it is known to be other');
    same.sink.write(Buffer.from('third\nfourth\n'), 13);
    await same.sink.flushed();
    t.equal(same.double.text(out), 'committed\nsecond\nthird\nfourth\n');
    t.same(same.said, []);

    const other = await left('second\nthree\nfour\n');
    other.sink.write(Buffer.from('second\nthird\n'), 13);
    await other.sink.flushed();
    t.equal(other.double.text(out), 'committed\nsecond\nthird\n');
    t.match(other.said, [/the last 9 bytes of \/out\/out do not come again, and are written anew/]);

    const held = await left('second\nthird\n');
    held.sink.write(Buffer.from('second\n'), 7);
    held.sink.hold!();
    await held.sink.flushed();
    t.equal(held.double.text(out), 'committed\nsecond\n', 'the input ended there: no more comes again');
  },
);

t.test('a run that is taken over from may still write for a while', async (t) => {
  const { disk, text } = await diskWith();
  let isHeld = true;
  const open = (assertHeld: () => Promise<void>) =>
    openFileInEpochs(out, 'sink', 'exactly-once', { ...context(disk), repeats: true, assertHeld });
  const older = await open(async () => {
    if (!isHeld) throw new Error('taken over');
  });
  await older.recover(undefined);
  const committable = await older.prepare(1);
  await older.commit(1, committable);
  const write = async (sink: EpochSink, lines: string) => {
    sink.write(Buffer.from(lines), lines.length);
    await sink.flushed();
  };
  await write(older, 'one\n');
  const newer = await open(() => Promise.resolve());
  await newer.recover({ epoch: 1, committable });
  await write(older, 'two\n');
  await write(newer, 'one\ntw');
  await write(older, 'three\n');
  await write(newer, 'o\nthree\nfour\n');
  t.equal(text(out), 'one\ntwo\nthree\nfour\n', 'both have written the same');
  await t.rejects(write(older, 'other\n'), /another program changed the output/);
  isHeld = false;
  const late = await open(async () => {
    throw new Error('taken over');
  });
  await late.recover({ epoch: 1, committable });
  await t.rejects(write(late, 'one\n'), /taken over/);
  const foreign = await disk.open(out, 'write');
  await foreign.write(Buffer.from('theirs\n'), (await foreign.lengthBytes()) as number);
  await t.rejects(write(newer, 'five\nsix\n'), /another program changed the output/);
  t.equal(text(out), 'one\ntwo\nthree\nfour\ntheirs\n', 'nothing of another program is cut');
});

t.test('a file of which nothing is known is not cut', async (t) => {
  const double = await diskWith({ [out]: '' });
  const open = async (path: string) =>
    await openStdoutInEpochs('sink', 'exactly-once', {
      ...context(double.disk),
      stdout: await double.disk.open(path, 'write'),
      repeats: true,
    });
  const first = await open(out);
  await first.recover(undefined);
  const committable = await first.prepare(1);
  await first.commit(1, committable);
  await first.close();
  double.put('/out/other', 'of somebody else\n');
  const second = await open('/out/other');
  await second.recover({ epoch: 1, committable });
  second.write(Buffer.from('ours\n'), 5);
  await t.rejects(second.flushed(), /it was changed or is another file/);
  t.equal(double.text('/out/other'), 'of somebody else\n');
  const third = await open('/out/other');
  await third.recover({ epoch: 1, committable });
  third.hold!();
  await t.rejects(third.flushed(), /it was changed or is another file/, 'nor at the end of the input');
  t.equal(double.text('/out/other'), 'of somebody else\n');
});

/** What a run that dies before its first checkpoint leaves behind `text`: `one` and `two`, on the way to its output. */
async function begun(text: string) {
  const double = await diskWith({ [out]: text });
  const said: string[] = [];
  const open = async (repeats: boolean, path = out) =>
    await openStdoutInEpochs('sink', 'exactly-once', {
      ...context(double.disk),
      stdout: await double.disk.open(path, 'write'),
      say: (line) => said.push(line),
      repeats,
    });
  const first = await open(true);
  await first.recover(undefined);
  await put(first, 'one\ntwo\n');
  return { double, said, open };
}

async function put(sink: EpochSink, text: string): Promise<void> {
  sink.write(Buffer.from(text), text.length);
  await sink.flushed();
}

t.test('output is there before the first checkpoint, and the next run finds it', async (t) => {
  const { double, said, open } = await begun('before\n');
  t.equal(double.text(out), 'before\none\ntwo\n');
  const second = await open(true);
  await second.recover(undefined);
  await put(second, 'one\n');
  t.equal(double.text(out), 'before\none\ntwo\n');
  await put(second, 'two\nthree\n');
  t.equal(double.text(out), 'before\none\ntwo\nthree\n');
  t.same(said, []);
  t.same(leftOver(double), [`${epochsPath}/begun`]);
  const committable = await second.prepare(1);
  await second.commit(1, committable);
  t.same(leftOver(double), [], 'the checkpoint knows better');
  await second.close();
});

t.test('what a run left before its first checkpoint goes when it does not come again', async (t) => {
  const other = await begun('before\n');
  const changed = await other.open(true);
  await changed.recover(undefined);
  await put(changed, 'one\nzwei\n');
  t.equal(other.double.text(out), 'before\none\nzwei\n');
  t.match(other.said, [/the last 4 bytes of stdout do not come again/]);

  const later = await begun('before\n');
  const waiting = await later.open(false);
  await waiting.recover(undefined);
  t.equal(
    later.double.text(out),
    'before\n',
    'output that waits for its checkpoint begins where the job began',
  );
  t.match(later.said, [/the last 8 bytes of stdout do not come again/]);

  const named = await diskWith();
  const open = (repeats: boolean) =>
    openFileInEpochs(out, 'sink', 'exactly-once', { ...context(named.disk), repeats });
  const first = await open(true);
  await first.recover(undefined);
  await put(first, 'one\n');
  await (await open(false)).recover(undefined);
  t.equal(named.text(out), '', 'a file that is named is emptied by a run from the beginning');
});

t.test('where nothing tells whose output it is, nothing of it is cut', async (t) => {
  const { double, open } = await begun('');
  double.put(out, 'of somebody else\n');
  const waiting = await open(false);
  await t.rejects(waiting.recover(undefined), /it was changed or is another file/);
  const repeated = await open(true);
  await repeated.recover(undefined);
  await t.rejects(put(repeated, 'one\n'), /it was changed or is another file/);
  t.equal(double.text(out), 'of somebody else\n');

  const shorter = await begun('before\n');
  shorter.double.put(out, 'bef');
  await t.rejects((await shorter.open(true)).recover(undefined), /3 bytes, .* it was cut or replaced/);
  t.equal(shorter.double.text(out), 'bef');
});

t.test('what says where the output begins is refused when a byte of it is another', async (t) => {
  const { double, open } = await begun('before\n');
  const path = `${epochsPath}/begun`;
  const text = double.text(path)!;
  for (let at = 0; at < text.length; at++) {
    const damaged = Buffer.from(text);
    damaged[at]! ^= 1;
    double.put(path, damaged.toString());
    await t.rejects((await open(true)).recover(undefined), /is damaged/, `byte ${at}`);
  }
  t.equal(double.text(out), 'before\none\ntwo\n');
  double.put(path, text);
  const elsewhere = await openFileInEpochs('/out/elsewhere', 'sink', 'exactly-once', {
    ...context(double.disk),
    repeats: true,
  });
  await elsewhere.recover(undefined);
  await put(elsewhere, 'one\n');
  t.equal(double.text('/out/elsewhere'), 'one\n', 'an output of another name begins anew');
});

/** Runs the first epoch, closes, and gives the disk with the checkpoint. */
async function halfDone() {
  const double = await diskWith();
  const sink = await toFile.open(double.disk);
  await sink.recover(undefined);
  sink.write(Buffer.from('committed\n'), 10);
  const committable = await sink.prepare(1);
  await sink.commit(1, committable);
  await sink.close();
  return { double, disk: double.disk, last: { epoch: 1, committable } };
}

t.test('an output that was cut, replaced or emptied by the shell is refused', async (t) => {
  const changes: readonly (readonly [string, RegExp])[] = [
    ['', /0 bytes, and the checkpoint committed 10: it was cut or replaced/],
    ['commi', /5 bytes/],
    ['something else that is longer\n', /does not hold what the checkpoint committed/],
  ];
  for (const [text, message] of changes) {
    const { last } = await halfDone();
    const double = await diskWith({ [out]: text });
    for (const job of [toFile, toStdout, atLeastOnce]) {
      const sink = await job.open(double.disk);
      const error = await sink.recover(last).then(
        () => undefined,
        (error: unknown) => error,
      );
      t.ok(isProblem(error), 'refused with a problem');
      t.match((error as Error).message, message);
      t.equal(double.text(out), text, 'and nothing was changed');
    }
  }
  const emptied = await toStdout.open((await diskWith({ [out]: '' })).disk);
  await emptied.recover((await halfDone()).last).catch((error) => {
    t.match(error.details.hint, /redirect with >>/);
  });
});

t.test('what stands behind the committed length is cut on resume', async (t) => {
  const { double, disk, last } = await halfDone();
  const file = await disk.open(out, 'write');
  await file.write(Buffer.from('torn'), 10);
  for (const job of [toFile, atLeastOnce]) {
    const sink = await job.open(disk);
    await sink.recover(last);
    t.equal(double.text(out), 'committed\n');
  }
});

t.test('an output that another program writes to while the run goes on is refused', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  const sink = await toFile.open(disk);
  await sink.recover(undefined);
  sink.write(Buffer.from('ours\n'), 5);
  const committable = await sink.prepare(1);
  const file = await disk.open(out, 'write');
  await file.write(Buffer.from('theirs\n'), 0);
  await t.rejects(sink.commit(1, committable), /another program changed the output/);
});

t.test('and so it is where output is written at once, before anything of theirs is lost', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  const sink = await atLeastOnce.open(disk);
  await sink.recover(undefined);
  sink.write(Buffer.from('ours\n'), 5);
  await sink.flushed();
  const file = await disk.open(out, 'write');
  await file.write(Buffer.from('theirs\n'), 5);
  sink.write(Buffer.from('ours\n'), 5);
  await t.rejects(sink.flushed(), /another program changed the output/);
  t.equal(double.text(out), 'ours\ntheirs\n');
});

t.test('what is written while an epoch is prepared belongs to the next', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  const sink = await toFile.open(disk);
  await sink.recover(undefined);
  sink.write(Buffer.from('first\n'), 6);
  const preparing = sink.prepare(1);
  sink.write(Buffer.from('second\n'), 7);
  const committable = await preparing;
  t.equal(double.text(out), '', 'nothing is to be seen before the checkpoint exists');
  await sink.commit(1, committable);
  t.equal(double.text(out), 'first\n');
  await sink.commit(2, await sink.prepare(2));
  t.equal(double.text(out), 'first\nsecond\n');
  await sink.close();
});

t.test('empty epochs touch no disk', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  const sink = await toFile.open(disk);
  await sink.recover(undefined);
  const { operations } = double;
  for (let index = 0; index < 5; index++) {
    const epoch = numberOf(index);
    await sink.commit(epoch, await sink.prepare(epoch));
  }
  t.equal(double.operations, operations);
});

t.test('a needless write-ahead file is written over, and gone at the end', async (t) => {
  const { disk, paths } = await diskWith();
  const opened: string[] = [];
  const watched: Disk = {
    ...disk,
    open(path, mode) {
      opened.push(path);
      return disk.open(path, mode);
    },
  };
  const sink = await spared.open(watched);
  await sink.recover(undefined);
  for (const [index, text] of ['a longer text\n', 'a shorter\n', 'a third one\n'].entries()) {
    sink.write(Buffer.from(text), text.length);
    await sink.commit(index, await sink.prepare(index));
    if (index === 0) await sink.prepare(100);
  }
  t.ok(
    opened.some((path) => path.startsWith(`${epochsPath}/spare-`)),
    opened.join(' '),
  );
  sink.complete!();
  await sink.close();
  t.same(
    paths().filter((path) => path.startsWith(epochsPath)),
    [],
  );
});

t.test('a sync of the output that failed is not forgotten when the next one would not fail', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  let failures = 1;
  const failing: Disk = {
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode);
      const sync = async (): Promise<void> => {
        if (failures-- > 0) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        await file.sync();
      };
      return path === out ? { ...file, sync } : file;
    },
  };
  const sink = await toFile.open(failing);
  await sink.recover(undefined);
  sink.write(Buffer.from('first\n'), 6);
  const first = await sink.prepare(1);
  sink.write(Buffer.from('second\n'), 7);
  const second = await sink.prepare(2);
  await sink.commit(1, first);
  await sink.commit(2, second);
  await t.rejects(sink.prepare(3), /EIO|input\/output/i);
  await t.rejects(sink.close(), /EIO|input\/output/i);
  const kept = leftOver(double).filter((path) => !path.includes('spare'));
  t.equal(kept.length, 2, 'what may not be in the output is still there');
});

t.test('a disk that fills up is a problem that says so, at the write and at the barrier', async (t) => {
  const double = await diskWith();
  const { disk } = double;
  const full: Disk = {
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode);
      const write = () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
      return path.startsWith(epochsPath) ? { ...file, write } : file;
    },
  };
  const sink = await toFile.open(full);
  await sink.recover(undefined);
  sink.write(Buffer.from('much\n'), 5);
  await t.rejects(sink.prepare(1), /no space is left on the device/);
  await t.rejects(sink.drained() ?? Promise.resolve(), /no space is left/);
});
