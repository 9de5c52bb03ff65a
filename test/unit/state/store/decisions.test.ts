/** The decisions of the store, which are pure: what is the past, what to restore, what to delete, what to move; and names. */
import fc from 'fast-check';
import t from 'tap';
import {
  type CheckpointId,
  decodeName,
  encodeName,
  idName,
  parseEpochName,
  parseId,
} from '../../../../src/state/paths.js';
import { pagesToMove } from '../../../../src/state/store/compaction.js';
import { lineageOf } from '../../../../src/state/store/lineage.js';
import type { KeptPage, SegmentInfo } from '../../../../src/state/store/page-index.js';
import { decideRestore } from '../../../../src/state/store/restore-decision.js';
import { decideTidy, type Removal, type TidyListing } from '../../../../src/state/store/tidy-decision.js';

const id = (name: string): CheckpointId => {
  const [epoch, generation] = name.split('-').map(Number);
  return { epoch: epoch!, generation: generation! };
};
const ids = (names: string): CheckpointId[] => names.split(' ').filter(Boolean).map(id);
const namesOf = (list: readonly CheckpointId[]): string =>
  list.map(({ epoch, generation }) => `${epoch}-${generation}`).join(' ');

t.test('the past follows each run to where it went on from', (t) => {
  const past = (runs: Readonly<Record<number, string | undefined>>, checkpoints: string): string =>
    namesOf(
      lineageOf(
        Object.entries(runs).map(([generation, from]) => ({
          generation: Number(generation),
          from: from === undefined ? undefined : from === 'nothing' ? from : id(from),
        })),
        ids(checkpoints),
      ),
    );
  t.equal(past({}, ''), '');
  t.equal(past({ 1: 'nothing' }, '1-1 2-1'), '2-1 1-1');
  t.equal(past({ 1: 'nothing', 2: '1-1' }, '1-1 2-1'), '1-1', 'what the first run did after is not');
  t.equal(past({ 1: 'nothing', 2: '1-1' }, '1-1 2-1 2-2 3-2'), '3-2 2-2 1-1');
  t.equal(
    past({ 1: 'nothing', 2: undefined }, '1-1 2-1'),
    '2-1 1-1',
    'a run that settled nothing changes nothing',
  );
  t.equal(past({ 1: 'nothing', 2: '2-1', 3: '2-1' }, '1-1 2-1 3-2'), '2-1 1-1');
  t.equal(past({ 1: 'nothing', 2: '2-1', 3: '3-2' }, '1-1 2-1 3-2 3-1 4-3'), '4-3 3-2 2-1 1-1');
  t.equal(past({ 1: 'nothing', 2: '5-2' }, '9-1 5-2 6-2'), '6-2 5-2', 'a line that began with a savepoint');
  t.equal(
    past({ 1: 'nothing' }, '4-1 5-2'),
    '5-2',
    'of a run that nothing is known of, nothing else is known',
  );
  t.end();
});

t.test('the newest whole checkpoint is restored, and what was passed over is said', (t) => {
  t.same(decideRestore([], undefined), { kind: 'begin' });
  t.same(decideRestore([], 'nothing'), { kind: 'begin' });
  t.match(decideRestore([], id('4-1')), { kind: 'refuse', message: /^checkpoint 4, which/ });
  t.same(decideRestore([{ epoch: 4, damage: undefined }], 'nothing'), {
    kind: 'restore',
    at: 0,
    findings: [],
  });
  const damaged = { epoch: 5, damage: 'its checksum does not fit' };
  t.same(decideRestore([damaged, { epoch: 4, damage: undefined }], 'nothing'), {
    kind: 'restore',
    at: 1,
    findings: ['checkpoint 5 is damaged and was passed over for 4: its checksum does not fit'],
  });
  t.match(decideRestore([damaged], 'nothing'), {
    kind: 'refuse',
    message: /^the only checkpoint is damaged/,
  });
  t.match(decideRestore([damaged, damaged], 'nothing'), {
    kind: 'refuse',
    message: /^all 2 checkpoints are/,
  });
  t.end();
});

t.test('what may be deleted', (t) => {
  const listing: TidyListing = {
    generation: 3,
    generations: [1, 2, 3, 4],
    checkpoints: ids('3-1 4-2 5-2 5-3 6-3 7-3 8-3 8-2 9-4'),
    past: ids('7-3 6-3 4-2 3-1'),
    segments: ids('3-1 4-2 5-3 6-3 7-3 8-3 9-4').map((one) => ({ operator: 'count', id: one })),
    needed: ids('4-2 7-3 6-3').map((one) => ({ operator: 'count', id: one })),
    epochs: [4, 5, 6, 7, 8].map((epoch) => ({ sink: 'out', name: String(epoch), epoch })),
  };
  const said = (removal: Removal): string => {
    switch (removal.kind) {
      case 'checkpoint':
        return `${removal.why} ${namesOf([removal.id])}`;
      case 'segment':
        return `segment ${namesOf([removal.segment.id])}`;
      case 'epoch':
        return `epoch ${removal.found.name}`;
      case 'generation':
        return `run ${removal.generation}`;
    }
  };
  t.same(decideTidy(listing, 2).map(said), [
    'old 3-1',
    'old 4-2',
    'orphan 5-2',
    'orphan 5-3',
    'orphan 8-2',
    'segment 3-1',
    'segment 5-3',
    'epoch 4',
    'epoch 5',
    'run 1',
    'run 2',
  ]);
  const one = decideTidy(listing, 0).map(said);
  t.ok(one.includes('old 6-3'), 'one is kept at least');
  t.notOk(one.includes('old 7-3'));
  t.ok(one.includes('epoch 6'));
  t.notOk(one.includes('epoch 7'));
  t.same(
    decideTidy({ ...listing, past: [], checkpoints: ids('1-3 2-3'), segments: [], needed: [] }, 1).map(said),
    ['run 1', 'run 2'],
    'without any complete checkpoint, all of this run is in progress and no epoch is applied',
  );
  t.end();
});

t.test('pages leave segments that are mostly dead, or too many', (t) => {
  const page = (segment: SegmentInfo, lengthBytes: number): KeptPage => ({
    checksum: new Uint8Array(16),
    lengthBytes,
    bytes: undefined,
    place: { segment, offsetBytes: 16 },
  });
  const segment = (epoch: number, pagesLengthBytes: number): SegmentInfo => ({
    id: { epoch, generation: 1 },
    pagesLengthBytes,
  });
  const half = page(segment(1, 200), 100);
  const dead = page(segment(2, 1000), 496);
  const fresh: KeptPage = { ...half, bytes: new Uint8Array(1), place: undefined };
  const moved = pagesToMove(new Map([['a', [half, dead, fresh]]]));
  t.ok(moved.includes(dead));
  t.notOk(moved.includes(fresh));
  t.equal(pagesToMove(new Map([['a', [page(segment(1, 208), 104), fresh]]])).length, 0);
  const many = Array.from({ length: 60 }, (_, number) =>
    page(segment(number, 8 * (number + 1)), 8 * (number + 1)),
  );
  const gone = pagesToMove(new Map([['a', many]]));
  t.equal(60 - gone.length, 24, 'the largest stay');
  t.ok(gone.includes(many[0]!));
  t.end();
});

t.test('names become file names and come back', (t) => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), (name) => {
      if (Buffer.from(name).toString() !== name) return true;
      let encoded: string;
      try {
        encoded = encodeName(name);
      } catch {
        return name.length > 0;
      }
      return /^[A-Za-z0-9_%-][A-Za-z0-9_.%-]*$/.test(encoded) && decodeName(encoded) === name;
    }),
  );
  for (const odd of ['', '.', '..', 'a/b', '%', '%zz', '%41', 'ä', '.new'])
    t.equal(decodeName(odd), undefined, odd);
  for (const name of ['1-1', '000001-01', '000001', '000001-1.segment', '0000001-1', 'x000001-1']) {
    t.equal(parseId(name), undefined, name);
  }
  for (const one of ids('1-1 999999-3 1000000-12')) t.same(parseId(idName(one)), one);
  t.equal(parseEpochName('000000000042'), 42);
  t.equal(parseEpochName('000042.part'), 42);
  t.equal(parseEpochName('x42'), undefined);
  t.end();
});
