/** The spill of an aggregation: its tables, and the answers that leave piece by piece. */
import type { Spill } from '../../../state/index.js';
import { createTableSpill, type TableSpill } from '../../keyed-cells/table-spill.js';
import type { Groups } from '../groups.js';
import type { Emission } from './emission.js';

export interface RunningSpill extends TableSpill<Groups> {
  /** What has fired at the end of the input and has not left yet, in order. */
  readonly emissions: Emission[];
}

export function createRunningSpill(spill: Spill): RunningSpill {
  return Object.assign(createTableSpill<Groups>(spill), { emissions: [] });
}
