/**
 * Runs of records made of fields alone, in WebAssembly: those that begin with the same instants (the bounds of a
 * window), whose other values need nothing but copying and plain numbers. In profiles of a million results of two
 * bounds, a key and two numbers, writing them was a fifth of the whole run in TypeScript, and is 2 % so.
 */
import type { Batch } from './batch.js';
import type { ByteWriter } from './byte-writer.js';
import { type FieldPlan, type Lead, leadHolds } from './encode-fields.js';
import { type ComposedField, type Composition, composeRecords, prepareFields } from './wasm-writer.js';

/** What of an encoder is needed here. */
export interface Composer {
  readonly fields: readonly FieldPlan[];
  readonly lead: Lead;
  readonly escapes: boolean;
}

/** Fewer rows than this are left to TypeScript: setting up costs what some rows do. */
const shortestRun = 16;
const noLead = new Uint8Array(0);

/** Whether records of these fields could be taken for control lines, and must be looked at one by one. */
function mayBeControlKin({ fields, escapes }: Composer): boolean {
  return escapes && Buffer.from(fields[0]!.key).toString() === '"$leat":';
}

/** The fields behind the lead. The lead ends in the key of the first of them. */
function fieldsBehind({ fields, lead }: Composer, batch: Batch): ComposedField[] {
  const first = lead.epochs.length;
  return fields.slice(first).map(({ column, key }, index) => {
    const before = index > 0 ? ',' : '{';
    const bytes = first > 0 && index === 0 ? noLead : Buffer.concat([Buffer.from(before), key]);
    return { column: batch.columns[column]!, key: bytes };
  });
}

/** The end of the rows from selection[from] on that have the lead as it is. */
function leadEnd({ fields, lead }: Composer, batch: Batch, from: number): number {
  const { selection, selected } = batch;
  if (lead.epochs.length === 0) return selected;
  let k = from;
  while (k < selected && leadHolds(lead, fields, batch, selection[k]!)) k++;
  return k;
}

/**
 * Appends the selected rows, with their newlines; `other` writes those that are left to it, one at a time,
 * and finds the lead.
 */
export function composeRows(
  composer: Composer,
  batch: Batch,
  out: ByteWriter,
  other: (row: number) => void,
): void {
  const { fields, lead } = composer;
  const { selection, selected } = batch;
  let worth = selected >= shortestRun && fields.length > 0 && !mayBeControlKin(composer);
  let ready: Composition | undefined;
  let readyFor = -1;
  let end = 0;
  for (let k = 0; k < selected; ) {
    other(selection[k++]!);
    if (!worth) continue;
    // Rows that are left to TypeScript one by one do not change the lead, so its end is looked for once.
    if (k >= end) end = leadEnd(composer, batch, k);
    if (end - k < shortestRun) continue;
    if (readyFor !== lead.epochs.length) {
      readyFor = lead.epochs.length;
      ready = prepareFields(fieldsBehind(composer, batch), batch.count, selection, selected);
      worth = ready !== undefined;
    }
    if (ready !== undefined) {
      k += composeRecords(ready, readyFor > 0 ? lead.bytes : noLead, k, end, out);
    }
  }
}
