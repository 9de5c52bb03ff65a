/**
 * Frames that begin with the first record of a key: what they hold is accumulated, and no record is kept. A record is late
 * when the watermark has reached its time, as in Flink. Every key is remembered for ever.
 */
import type { ByteReader } from '../../record/index.js';
import { readerUnder, readSlots, writerUnder, writeSlots } from '../../state/index.js';
import { readCells, writeCells } from '../aggregate/group-pages.js';
import { plainCells, takePlainCells } from '../aggregate/plain-cells.js';
import { isPlainObject } from '../entry.js';
import { createCells, openCells } from '../keyed-cells/cells.js';
import { notPlain } from '../keyed-cells/plain-things.js';
import { putRowKey, takeRowKey } from '../row-key.js';
import type { Folding } from './folding.js';
import { type Frames, resultsOfEach } from './frames.js';

const keyCodec = { write: putRowKey, read: (from: ByteReader) => takeRowKey(from)! };

/** `together`: records of one time count together. */
export function createGrowing(folding: Folding, together: boolean): Frames {
  const slots = new Map<string, number>();
  let cells = createCells(folding.cellPlan);
  const slotOf = (key: string): number => {
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = slots.size;
      slots.set(key, slot);
      openCells(cells, slot, slot + 1);
    }
    return slot;
  };
  return {
    isLate: (_key, time, mark) => time <= mark,
    take(key, _time, due) {
      const slot = slotOf(key);
      return resultsOfEach(
        due,
        together,
        ({ values, turn }) => folding.take(cells, slot, [values], 0, 1, turn),
        () => folding.results(cells, slot),
      );
    },
    pass() {},
    keys: () => slots.size,
    members: ['so_far'],
    *shown() {
      for (const [key, slot] of slots) {
        const state = () => ({ so_far: plainCells(folding, cells, slot) });
        yield { key, value: folding.results(cells, slot), state };
      }
    },
    edit({ turns }) {
      slots.clear();
      cells = createCells(folding.cellPlan);
      return {
        add(key, { so_far: parts }) {
          if (parts === undefined) return undefined;
          if (!isPlainObject(parts)) throw notPlain('what is accumulated so far, by part', parts);
          const slot = slotOf(key);
          takePlainCells(folding, cells, slot, parts, turns, []);
          return { value: folding.results(cells, slot) };
        },
        lastTime: () => Number.NEGATIVE_INFINITY,
        finish() {},
      };
    },
    snapshot(into) {
      writeSlots(into, 'keys', [...slots.keys()], slots.size, keyCodec);
      writeCells(writerUnder(into, 'cells/'), cells, folding.cellPlan, slots.size);
    },
    restore(from) {
      const keys: (string | undefined)[] = [];
      readSlots(from, 'keys', keyCodec, keys);
      for (const key of keys) slots.set(key!, slots.size);
      cells = readCells(readerUnder(from, 'cells/'), folding.cellPlan, slots.size);
    },
  };
}
