/**
 * The end of a chain towards a folder of part files: the rows of a batch are grouped by partition and encoded
 * group by group, in the order in which they came. The folder learns of the watermark when a chunk is done.
 */
import type { FolderSink } from '../../connectors/index.js';
import { type Batch, createByteWriter, createEncoders, encodeBatch } from '../../record/index.js';
import type { ChainEnd } from './ndjson-output.js';
import type { Route, Router } from './partition.js';

interface Group {
  readonly route: Route;
  rows: Int32Array;
  count: number;
}

function addRow(group: Group, row: number): void {
  if (group.count === group.rows.length) {
    const rows = new Int32Array(group.rows.length * 2);
    rows.set(group.rows);
    group.rows = rows;
  }
  group.rows[group.count++] = row;
}

const everything: Route = { partition: '', endMs: Number.POSITIVE_INFINITY };

function groupRows(batch: Batch, router: Router): Iterable<Group> {
  const groups = new Map<Route, Group>();
  let last: Group | undefined;
  for (let k = 0; k < batch.selected; k++) {
    const row = batch.selection[k]!;
    const route = router.routeOf(batch, row);
    if (last?.route !== route) {
      last = groups.get(route) ?? { route, rows: new Int32Array(16), count: 0 };
      groups.set(route, last);
    }
    addRow(last, row);
  }
  return groups.values();
}

/** The end towards a folder; without a router everything is in the folder itself. */
export function createFolderOutput(sink: FolderSink, router: Router | undefined): ChainEnd {
  const out = createByteWriter();
  const encoderFor = createEncoders();
  let watermark = -Infinity;
  const leave = (batch: Batch, route: Route): void => {
    encodeBatch(encoderFor(batch.image), batch, out);
    // A copy of just the size: with many partitions the pieces are small, and many of them wait.
    sink.writeTo(route.partition, route.endMs, Buffer.from(out.bytes.subarray(0, out.length)));
    out.length = 0;
  };

  return {
    batch(batch) {
      if (batch.selected === 0) return;
      if (router === undefined) return leave(batch, everything);
      router.compute(batch);
      const { selection, selected } = batch;
      for (const { route, rows, count } of groupRows(batch, router)) {
        batch.selection = rows;
        batch.selected = count;
        leave(batch, route);
      }
      batch.selection = selection;
      batch.selected = selected;
    },
    watermark(time) {
      watermark = time;
    },
    flush() {
      if (watermark !== Number.POSITIVE_INFINITY) sink.advance(watermark);
    },
    barrier() {},
    end() {},
    passControlLine() {},
    facts: () => ({}),
    restore() {},
  };
}
