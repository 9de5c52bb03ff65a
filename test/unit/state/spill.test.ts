/**
 * Spill spaces, the one on disk and the strict one of the tests, by one suite against a plain map: random puts, reads and
 * forgetting, captured and restored in between. And what a checkpoint of files on disk finds when they are damaged.
 */
import fs from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { realDisk } from '../../../src/disk/index.js';
import { type CapturedFile, createDiskSpace, type SpillSpace } from '../../../src/state/index.js';
import { createMemorySpill, type MemorySpill } from '../../harness/memory-spill.js';
import { temporaryFolder } from '../../harness/shell.js';

/** A space, and a way to go on from what a checkpoint keeps of it. */
interface Backend {
  readonly space: SpillSpace;
  flush(): Promise<void>;
  /** The space as a run finds it that goes on from the last flush. */
  resumed(): Promise<Backend>;
  close(): Promise<void>;
}

function memoryBackend(spill: MemorySpill = createMemorySpill()): Backend {
  spill.atRest = true;
  return {
    space: spill,
    flush: async () => spill.flush(),
    resumed: async () => memoryBackend(createMemorySpill(spill.capture())),
    close: async () => {},
  };
}

async function diskBackend(
  folder: string,
  number = 0,
  from?: { readonly folder: string; readonly files: readonly CapturedFile[] },
): Promise<Backend> {
  const space = createDiskSpace(realDisk, `${folder}/working-${number}`);
  if (from !== undefined) await space.restore(from.folder, from.files);
  return {
    space,
    flush: () => space.flush(),
    async resumed() {
      const captured = `${folder}/captured-${number}`;
      const files = await space.capture(captured);
      const again = await space.capture(`${captured}-again`);
      if (JSON.stringify(files) !== JSON.stringify(again)) throw new Error('captured twice, other files');
      // What comes after a checkpoint is not in it.
      space.put(Buffer.from('\0\0late'), Buffer.from('late'));
      await space.flush();
      await space.close();
      return diskBackend(folder, number + 1, { folder: captured, files });
    },
    close: () => space.close(),
  };
}

const key = fc.tuple(fc.constantFrom(0, 1, 254, 255), fc.integer({ min: 0, max: 40 }));
const operation = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ do: fc.constant('put'), key, length: fc.integer({ min: 0, max: 3000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget'), prefix: fc.constantFrom(0, 1, 254, 255) }) },
  { weight: 5, arbitrary: fc.constant({ do: 'flush' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'resume' }) },
);

/** Keys begin with a prefix of two bytes, which forgetting makes invalid for good: the next one gets a new name. */
function keyBytes(names: Map<number, number>, [prefix, rest]: readonly [number, number]): Buffer {
  return Buffer.from([names.get(prefix) ?? 0, prefix, rest]);
}

async function check(backend: Backend, operations: readonly unknown[]): Promise<void> {
  const values = new Map<string, Buffer>();
  const waiting = new Map<string, Buffer | undefined>();
  const names = new Map<number, number>();
  const flushed = (): void => {
    for (const [name, value] of waiting) {
      if (value === undefined) values.delete(name);
      else values.set(name, value);
    }
    waiting.clear();
  };
  let puts = 0;
  let now = backend;
  for (const one of operations as readonly {
    do: string;
    key: [number, number];
    length: number;
    prefix: number;
  }[]) {
    if (one.do === 'put') {
      const bytes = keyBytes(names, one.key);
      const value = Buffer.alloc(one.length, ++puts);
      waiting.set(bytes.toString('hex'), value);
      now.space.put(bytes, value);
      // The bytes were copied.
      bytes.fill(7);
    } else if (one.do === 'forget') {
      const name = names.get(one.prefix) ?? 0;
      now.space.forget(Buffer.from([name, one.prefix]));
      for (const each of [...values.keys(), ...waiting.keys()]) {
        if (each.startsWith(Buffer.from([name, one.prefix]).toString('hex'))) waiting.set(each, undefined);
      }
      names.set(one.prefix, name + 1);
    } else {
      await now.flush();
      flushed();
      if (one.do === 'resume') now = await now.resumed();
    }
  }
  await now.flush();
  flushed();
  for (const [name, value] of values) {
    const found = now.space.get(Buffer.from(name, 'hex'));
    if (found === undefined || !value.equals(found)) throw new Error(`another value at ${name}`);
  }
  for (let prefix = 0; prefix < 256; prefix++) {
    const bytes = Buffer.from([0, prefix, 3]);
    if (!values.has(bytes.toString('hex')) && now.space.get(bytes) !== undefined) {
      throw new Error(`a value at ${bytes.toString('hex')}`);
    }
  }
  await now.close();
}

t.test('a space says what a map says', async (t) => {
  const operations = fc.array(operation, { minLength: 10, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(operations, (list) => check(memoryBackend(), list)),
    { numRuns: 100 },
  );
  t.pass('in memory');
  await fc.assert(
    fc.asyncProperty(operations, async (list) => check(await diskBackend(temporaryFolder()), list)),
    { numRuns: 40 },
  );
  t.pass('on disk');
});

async function captured(): Promise<{ folder: string; files: readonly CapturedFile[] }> {
  const folder = temporaryFolder();
  const space = createDiskSpace(realDisk, `${folder}/working`);
  for (let n = 0; n < 400; n++) space.put(Buffer.from(`key ${n}`), Buffer.alloc(100, n));
  await space.flush();
  const files = await space.capture(`${folder}/captured`);
  await space.close();
  return { folder: `${folder}/captured`, files };
}

t.test('a space that was never used leaves nothing', async (t) => {
  const folder = temporaryFolder();
  const space = createDiskSpace(realDisk, `${folder}/working`);
  t.equal(space.get(Buffer.from('key')), undefined);
  space.forget(Buffer.from('k'));
  t.notOk(space.isWaiting);
  t.same(await space.capture(`${folder}/captured`), []);
  await space.close();
  t.same(fs.readdirSync(folder), []);
});

t.test('a byte that is not as it was is found', async (t) => {
  const { folder, files } = await captured();
  t.ok(files.some(({ name }) => name.endsWith('.log')) && files.some(({ name }) => name === 'CURRENT'));
  for (const { name, lengthBytes } of files) {
    for (const at of new Set([0, lengthBytes >> 1, lengthBytes - 1])) {
      const path = `${folder}/${name}`;
      const bytes = fs.readFileSync(path);
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 4;
      fs.writeFileSync(path, flipped);
      const space = createDiskSpace(realDisk, `${folder}-working`);
      await t.rejects(space.restore(folder, files), { message: /damaged/ }, `byte ${at} of ${name}`);
      fs.writeFileSync(path, bytes);
    }
  }
  fs.rmSync(`${folder}/CURRENT`);
  const space = createDiskSpace(realDisk, `${folder}-working`);
  try {
    await space.restore(folder, files);
    t.fail('a file is missing');
  } catch (error) {
    t.ok(isProblem(error) && /not there/.test(error.message));
  }
});

t.test('captured files are those of their moment, whatever comes after', async (t) => {
  const folder = temporaryFolder();
  const space = createDiskSpace(realDisk, `${folder}/working`);
  const fill = async (byte: number): Promise<void> => {
    // More than LevelDB holds in memory, so that tables are there also where its own thread gets little of the processor.
    for (let round = 0; round < 8; round++) {
      for (let n = 0; n < 3000; n++) space.put(Buffer.from(`${round} ${n}`), Buffer.alloc(1000, byte));
      await space.flush();
    }
  };
  await fill(1);
  const first = await space.capture(`${folder}/1`);
  await fill(2);
  const second = await space.capture(`${folder}/2`);
  await fill(3);
  await space.close();
  const tables = (files: readonly CapturedFile[]) => files.filter(({ name }) => name.endsWith('.ldb'));
  t.ok(tables(first).length > 0 && tables(second).length > 0, 'there are sorted tables');
  for (const [name, files, byte] of [
    ['1', first, 1],
    ['2', second, 2],
  ] as const) {
    const again = createDiskSpace(realDisk, `${folder}/again`);
    await again.restore(`${folder}/${name}`, files);
    t.ok(Buffer.alloc(1000, byte).equals(again.get(Buffer.from('3 2999'))!), `checkpoint ${name}`);
    await again.close();
  }
});
