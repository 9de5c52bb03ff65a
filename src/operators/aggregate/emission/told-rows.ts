/**
 * What was told of a session, as a part of its accumulators, so that snapshots and shown entries know of it: the rows that
 * stand downstream and are to be taken back before anything else is told of it. There are several when sessions that had
 * been told have become one that has not been told yet.
 */
import { problem } from '../../../diagnostics/index.js';
import { decodeValue, encodeValue, type Value } from '../../../expression/index.js';
import { putCount, putDouble, takeCount, takeDouble } from '../../../record/index.js';
import { isPlainObject } from '../../entry.js';
import { type Cells, keep } from '../../keyed-cells/cells.js';
import {
  arrayOfPlain,
  notPlain,
  numberOfPlain,
  plainNumber,
  plainValue,
  type ThingCodec,
  valueOfPlain,
} from '../../keyed-cells/plain-things.js';
import type { PartList, Site } from '../part.js';

/** A row as it was told: the bounds of the session at that time (epoch ms), and its results. */
export interface ToldRow {
  readonly start: number;
  readonly end: number;
  readonly values: readonly Value[];
}

const toldCodec: ThingCodec<readonly ToldRow[]> = {
  write(out, rows) {
    putCount(out, rows.length);
    for (const { start, end, values } of rows) {
      putDouble(out, start);
      putDouble(out, end);
      putCount(out, values.length);
      for (const value of values) encodeValue(out, value);
    }
  },
  read(from) {
    return Array.from({ length: takeCount(from) }, () => {
      const start = takeDouble(from);
      const end = takeDouble(from);
      return { start, end, values: Array.from({ length: takeCount(from) }, () => decodeValue(from)) };
    });
  },
  toPlain: (rows) =>
    rows.map(({ start, end, values }) => ({
      start: plainNumber(start),
      end: plainNumber(end),
      values: values.map(plainValue),
    })),
  fromPlain(plain) {
    return arrayOfPlain(plain).map((row) => {
      if (!isPlainObject(row)) throw notPlain('a row: {"start", "end", "values"}', row);
      const values = arrayOfPlain(row['values']).map(valueOfPlain);
      return { start: numberOfPlain(row['start']), end: numberOfPlain(row['end']), values };
    });
  },
};

const toldName = 'told';

/** Adds the part of what was told. Rows of sessions that become one are in the order of their starts. */
export function addToldPart(list: PartList): void {
  list.part(toldName, [], toldCodec, (site) => ({
    update() {},
    merge(cells, into, from) {
      const rows = [...toldOf(cells, site, into), ...toldOf(cells, site, from)];
      if (rows.length > 0)
        keep(
          cells.kept[site.list]!,
          into,
          rows.sort((a, b) => a.start - b.start),
        );
    },
  }));
}

/** Where it stands what was told. */
export function toldSite(sites: readonly (Site & { readonly name: string })[]): Site {
  const site = sites.find(({ name }) => name === toldName);
  if (site === undefined) throw problem({ code: 'state', message: `there is no part ${toldName}` });
  return site;
}

/** What was told of a session and not taken back. */
export function toldOf(cells: Cells, { list }: Site, slot: number): readonly ToldRow[] {
  return (cells.kept[list]![slot] as readonly ToldRow[] | undefined) ?? [];
}
