/** What a running aggregation has to remember besides its tables, as facts of its snapshot. */
import { readFacts, type SnapshotReader, type SnapshotWriter, writeFacts } from '../../state/index.js';
import { readSpill, writeSpill } from '../keyed-cells/table-spill.js';
import type { Running } from './running.js';

export function writeRunning(into: SnapshotWriter, { arrival, groups, result, spill }: Running): void {
  writeSpill(into, spill);
  writeFacts(into, { arrival, groups, watermark: result.watermark });
}

export function readRunning(from: SnapshotReader, running: Running): void {
  const { arrival, groups, watermark } = readFacts(from, { arrival: 0, groups: 0, watermark: 0 });
  readSpill(from, running.spill);
  running.arrival = arrival;
  running.groups = groups;
  running.result.watermark = watermark;
}
