/**
 * What a running aggregation has besides its tables: how rows are read, what is accumulated, where results
 * and refusals go.
 */
import { problem } from '../../diagnostics/index.js';
import type { Emission } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import type { CellPlan } from '../keyed-cells/cells.js';
import { createKeyReader, type KeyReader } from '../keyed-cells/group-keys.js';
import type { Output } from '../operator.js';
import type { PlaceTime, Services } from '../place.js';
import { makeCall } from './calls.js';
import { addEmissionParts } from './emission/extra-parts.js';
import { addToldPart } from './emission/told-rows.js';
import { createInputs, type Inputs, prepareInputs } from './inputs.js';
import { createPartList, type NamedSite, type Part } from './part.js';
import type { PlannedAggregate } from './planned.js';
import { createResult, type Result } from './result.js';
import { createRunningSpill, type RunningSpill } from './spill/running-spill.js';

export interface Running {
  /** What the state looks like, but for the windows. */
  readonly shape: string;
  readonly reader: KeyReader;
  readonly inputs: Inputs;
  readonly parts: readonly Part[];
  /** The parts by their names. */
  readonly sites: readonly NamedSite[];
  readonly cellPlan: CellPlan;
  readonly result: Result;
  readonly services: Services;
  readonly maxGroups: number;
  /** What is given besides results once. */
  readonly emission: Emission | undefined;
  /** Where groups go that memory cannot hold; undefined when they are not to go anywhere. */
  readonly spill: RunningSpill | undefined;
  /** Open groups, over all windows. */
  groups: number;
  /** Number of row 0 of the batch at hand among all rows so far. */
  arrival: number;
}

/** Makes what a planned aggregate needs to run. */
export function startRunning(
  planned: PlannedAggregate,
  time: PlaceTime | undefined,
  output: Output,
  services: Services,
): Running {
  const inputs = createInputs(planned.sources);
  const list = createPartList();
  const fills = planned.calls.map((call) => makeCall(call, list, inputs));
  if (planned.merging) addToldPart(list);
  else addEmissionParts(list, planned.emission);
  return {
    shape: planned.shape,
    reader: createKeyReader(
      planned.keys.map(({ column }) => column),
      planned.hashed,
    ),
    inputs,
    parts: list.parts,
    sites: list.sites,
    cellPlan: { initial: list.initial, lists: list.lists },
    result: createResult(planned, fills, time, output),
    services,
    maxGroups: planned.maxGroups,
    emission: planned.emission,
    spill: services.spill === undefined ? undefined : createRunningSpill(services.spill),
    groups: 0,
    arrival: 0,
  };
}

/** To be called for each batch before its rows are looked at. */
export function beginBatch(running: Running, batch: Batch): void {
  prepareInputs(running.inputs, batch);
}

/** To be called when all rows of a batch have been taken in. */
export function endBatch(running: Running, batch: Batch): void {
  running.arrival += batch.count;
}

/** Whether a row is refused because one of its values cannot be computed; says so. */
export function refuses(running: Running, batch: Batch, row: number): boolean {
  const { errors } = running.inputs;
  if (errors.size === 0) return false;
  const reason = errors.get(row);
  if (reason === undefined) return false;
  running.services.reports.reject(batch, row, reason);
  return true;
}

/** Counts groups that were opened. Throws a problem of the code limit when they are too many. */
export function countGroups(running: Running, opened: number): void {
  running.groups += opened;
  if (running.groups > running.maxGroups) {
    throw problem({
      code: 'limit',
      message: `more than ${running.maxGroups} groups are open at once`,
      hint: 'raise --max-groups, or use shorter windows or fewer keys',
    });
  }
}
