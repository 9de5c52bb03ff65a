/**
 * What is said of the groups of a window, and when: at its records, early, or when it fires. One speaker serves one operator;
 * what it must know again of a group stands in the group's own cells.
 */
import type { Value } from '../../../expression/index.js';
import type { Batch } from '../../../record/index.js';
import { batchCapacity } from '../../../record/index.js';
import { keep, openCells } from '../../keyed-cells/cells.js';
import type { Groups } from '../groups.js';
import { emitGroups, emitTable } from '../result.js';
import type { Running } from '../running.js';
import { type ChangeImage, createChangeRows } from './change-rows.js';
import { createChanger } from './changer.js';
import { countSite, saidSite } from './extra-parts.js';
import { areSame, createValueReader, valuesNow } from './result-values.js';

/** A window [start, end) and its groups. */
export interface SpokenWindow {
  readonly start: number;
  readonly end: number;
  readonly table: Groups;
}

export interface Speaker {
  /** Takes a row in. `hasFired`: what it changes is said at once. */
  take(window: SpokenWindow, batch: Batch, row: number, hasFired: boolean): void;
  /** Says what has changed since it was last said. */
  early(window: SpokenWindow): void;
  /** Says the results. The groups from slot `filled` on have no records. */
  fire(window: SpokenWindow, filled: number): void;
  /** Passes on what is still here: before a table is emptied, and when a batch is done. */
  send(): void;
}

type Plain = Pick<Speaker, 'take' | 'fire'>;

/** Rows that leave once: when the window fires, or before when they are full. */
function plainSpeaker(running: Running, take: (groups: Groups, batch: Batch, row: number) => number): Plain {
  const { result, emission } = running;
  const atMost = emission?.atMost;
  const slots = new Int32Array(batchCapacity);
  if (atMost === undefined) {
    return {
      take: ({ table }, batch, row) => void take(table, batch, row),
      fire: ({ table, start, end }) => emitTable(result, table, start, end),
    };
  }
  const { offset } = countSite(running.sites);
  const countAt = ({ cells }: Groups, slot: number): number => cells.numbers[slot * cells.stride + offset]!;
  return {
    take({ table, start, end }, batch, row) {
      const slot = take(table, batch, row);
      if (countAt(table, slot) < atMost) return;
      slots[0] = slot;
      emitGroups(result, table, slots, 1, start, end);
      openCells(table.cells, slot, slot + 1);
    },
    fire({ table, start, end }) {
      let count = 0;
      for (let slot = 0; slot < table.keys.table.count; slot++) {
        if (countAt(table, slot) === 0) continue;
        if (count === batchCapacity) {
          emitGroups(result, table, slots, count, start, end);
          count = 0;
        }
        slots[count++] = slot;
      }
      if (count > 0) emitGroups(result, table, slots, count, start, end);
    },
  };
}

/** The speaker of an operator; with an image of changes it says changes. */
export function createSpeaker(running: Running, image: ChangeImage | undefined): Speaker {
  if (image === undefined) {
    const changer = createChanger(running, undefined);
    return { ...plainSpeaker(running, changer.take), early() {}, send() {} };
  }
  const rows = createChangeRows(running.result, image);
  const changer = createChanger(running, rows);
  const reader = createValueReader(running.result.fills);
  const { emit } = running.emission ?? {};
  const said = emit?.kind === 'early' ? saidSite(running.sites) : undefined;

  /** Says what a group is, if that is not what was said of it. */
  const sayChanged = ({ table, start, end }: SpokenWindow, slot: number): void => {
    const { cells } = table;
    const list = cells.kept[said!.list]!;
    const before = list[slot] as readonly Value[] | undefined;
    const at = slot * cells.stride + said!.offset;
    if (before !== undefined && cells.numbers[at] === 0) return;
    cells.numbers[at] = 0;
    const after = valuesNow(reader, cells, slot, start, end);
    keep(list, slot, after);
    if (before === undefined) rows.put('+I', table, slot, after, start, end);
    else if (!areSame(before, after)) {
      rows.put('-U', table, slot, before, start, end);
      rows.put('+U', table, slot, after, start, end);
    }
  };
  const early = (window: SpokenWindow): void => {
    for (let slot = 0; slot < window.table.keys.table.count; slot++) sayChanged(window, slot);
  };
  return {
    take(window, batch, row, hasFired) {
      const { table, start, end } = window;
      if (hasFired || emit?.kind === 'changes') changer.change(table, batch, row, start, end);
      else changer.take(table, batch, row);
    },
    early,
    fire(window, filled) {
      if (emit?.kind === 'early') {
        early(window);
        return;
      }
      const { table, start, end } = window;
      const first = emit?.kind === 'changes' ? filled : 0;
      for (let slot = first; slot < table.keys.table.count; slot++) {
        rows.put('+I', table, slot, valuesNow(reader, table.cells, slot, start, end), start, end);
      }
    },
    send: rows.send,
  };
}
