/**
 * What groups keep for their emission, as parts of their state like all others, so that snapshots, shown entries and the disk
 * know of it: what was said of a group last and whether it has changed since; how many records it has since its last row.
 */
import { problem } from '../../../diagnostics/index.js';
import { decodeValue, encodeValue, type Value } from '../../../expression/index.js';
import type { Emission } from '../../../plan/index.js';
import { putCount, takeCount } from '../../../record/index.js';
import { arrayOfPlain, plainValue, type ThingCodec, valueOfPlain } from '../../keyed-cells/plain-things.js';
import type { PartList, Site } from '../part.js';

const saidCodec: ThingCodec<readonly Value[]> = {
  write(out, values) {
    putCount(out, values.length);
    for (const value of values) encodeValue(out, value);
  },
  read: (from) => Array.from({ length: takeCount(from) }, () => decodeValue(from)),
  toPlain: (values) => values.map(plainValue),
  fromPlain: (plain) => arrayOfPlain(plain).map(valueOfPlain),
};

const saidName = 'said';
const countName = 'records of the row';

/** Adds the parts that an emission needs. */
export function addEmissionParts(list: PartList, emission: Emission | undefined): void {
  if (emission?.emit?.kind === 'early') {
    list.part(saidName, [0], saidCodec, ({ offset }) => ({
      update({ numbers, stride }, { slots, count }) {
        for (let k = 0; k < count; k++) numbers[slots[k]! * stride + offset] = 1;
      },
      merge() {},
    }));
  }
  if (emission?.atMost === undefined) return;
  list.part(countName, [0], undefined, ({ offset }) => ({
    update({ numbers, stride }, { slots, count }) {
      for (let k = 0; k < count; k++) numbers[slots[k]! * stride + offset]!++;
    },
    merge({ numbers, stride }, into, from) {
      numbers[into * stride + offset]! += numbers[from * stride + offset]!;
    },
  }));
}

function siteOf(sites: readonly (Site & { readonly name: string })[], name: string): Site {
  const site = sites.find((one) => one.name === name);
  if (site === undefined) throw problem({ code: 'state', message: `there is no part ${name}` });
  return site;
}

/** Where it stands what was said of a group; its number is 1 when the group has changed since. */
export const saidSite = (sites: Parameters<typeof siteOf>[0]): Site => siteOf(sites, saidName);

/** Where the records of a row are counted. */
export const countSite = (sites: Parameters<typeof siteOf>[0]): Site => siteOf(sites, countName);
