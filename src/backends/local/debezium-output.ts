/**
 * The end of a chain towards Debezium's envelopes: {"before":...,"after":...,"op":"c"}. A row that is new is `c`, one that is
 * gone `d`. An update is `u` with both images where they are known to stand next to each other, else `d` and `c`, as Flink's
 * format debezium-json writes it. A record without a row kind is refused.
 */

import type { ByteSink } from '../../connectors/index.js';
import type { Reports } from '../../operators/index.js';
import { type Changes, changeField, type RowKind, rowKinds } from '../../plan/index.js';
import { createByteWriter, type Member, membersOf, recordText, writeText } from '../../record/index.js';
import { leave } from './leave.js';
import type { ChainEnd } from './ndjson-output.js';

interface Change {
  readonly kind: RowKind;
  /** The record without its kind, as JSON. */
  readonly image: string;
}

function changeOf(members: readonly Member[]): Change | undefined {
  const said = members.find(([name]) => name === changeField)?.[1];
  const kind = rowKinds.find((one) => said === `"${one}"`);
  if (kind === undefined) return undefined;
  const others = members.filter(([name]) => name !== changeField);
  return { kind, image: `{${others.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}` };
}

/** Bytes above which a buffer leaves in the middle of a chunk. */
const leaveAtBytes = 1 << 18;

/** An output of envelopes into a sink. */
export function createDebeziumOutput(sink: ByteSink, changes: Changes, reports: Reports): ChainEnd {
  const out = createByteWriter();
  /** A row as it was, whose update comes next. */
  let before: string | undefined;
  const put = (was: string, is: string, op: 'c' | 'u' | 'd'): void => {
    writeText(out, `{"before":${was},"after":${is},"op":"${op}"}\n`);
  };
  const take = ({ kind, image }: Change): void => {
    switch (kind) {
      case '-U':
        if (changes === 'pairs') before = image;
        else put(image, 'null', 'd');
        break;
      case '-D':
        put(image, 'null', 'd');
        break;
      case '+U':
        if (before === undefined) put('null', image, 'c');
        else put(before, image, 'u');
        before = undefined;
        break;
      case '+I':
        put('null', image, 'c');
    }
  };
  return {
    batch(batch) {
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        const change = changeOf(membersOf(recordText(batch, row)));
        if (change === undefined)
          reports.reject(batch, row, `it is no change: ${changeField} is none of ${rowKinds.join(', ')}`);
        else take(change);
      }
      if (out.length > leaveAtBytes) leave(out, sink);
    },
    watermark() {},
    flush: () => leave(out, sink),
    barrier() {},
    end: () => leave(out, sink),
    passControlLine() {},
    // Both rows of a pair come before the input rests, so none waits here at a barrier.
    facts: () => ({}),
    restore() {},
  };
}
