/**
 * The end of a chain towards topics of Kafka: records as lines, each behind its key, topic, time and headers where it
 * has some. The topic of a record may come from its values; one that no topic can be called is refused.
 */

import { type ByteSink, type RecordHead, spellHead } from '../../connectors/index.js';
import { isProblem } from '../../diagnostics/index.js';
import { buildPartitionValues, type Place, type Reports } from '../../operators/index.js';
import { readPartition, type ToNode } from '../../plan/index.js';
import {
  type Batch,
  createByteWriter,
  createEncoders,
  encodeBatch,
  writeBytes,
  writeText,
} from '../../record/index.js';
import { leave } from './leave.js';
import type { ChainEnd } from './ndjson-output.js';

/** Heads of the rows of a batch. */
export interface Heads {
  compute(batch: Batch): void;
  /** The head of a row; '' when the record has nothing but its value. */
  headOf(batch: Batch, row: number): string;
}

const topicName = /^[a-zA-Z0-9._-]{1,249}$/;
const newline = 10;

/** The name of the topic in a URI, and what of it is expressions. */
function topicPieces(uri: string) {
  const path = /^kafka:\/\/[^/]*\/([^?]*)/i.exec(uri)?.[1] ?? '';
  const pattern = decodeURIComponent(path);
  return pattern.includes('{') ? readPartition(pattern) : undefined;
}

const noHeaders: RecordHead[3] = [];

/** Builds the heads of records at a place; before the scanner is made. */
export function buildHeads(to: ToNode, place: Place): (reports: Reports) => Heads | undefined {
  const { key = [], headers = [] } = to.topic ?? {};
  const pieces = topicPieces(to.uri);
  const topic = (pieces ?? []).flatMap((piece) => (piece.kind === 'expression' ? piece.expression : []));
  const timed = place.time !== undefined;
  if (key.length === 0 && headers.length === 0 && pieces === undefined && !timed) return () => undefined;
  const build = buildPartitionValues(
    [...key, ...headers.map(({ expression }) => expression), ...topic],
    place,
  );
  return (reports) => {
    const values = build(reports);
    const take = (batch: Batch, row: number, from: number, count: number): (string | undefined)[] =>
      Array.from({ length: count }, (_, index) => values.valueOf(batch, from + index, row));
    const topicOf = (batch: Batch, row: number): string | null => {
      if (pieces === undefined) return null;
      let next = key.length + headers.length;
      return pieces
        .map((piece) =>
          piece.kind === 'expression'
            ? (values.valueOf(batch, next++, row) ?? 'null')
            : piece.kind === 'text'
              ? piece.text
              : '',
        )
        .join('');
    };
    const keyOf = (batch: Batch, row: number): string | null => {
      if (key.length === 0) return null;
      if (key.length === 1) return values.valueOf(batch, 0, row) ?? null;
      return JSON.stringify(take(batch, row, 0, key.length).map((value) => value ?? null));
    };
    const headersOf = (batch: Batch, row: number): RecordHead[3] =>
      headers.flatMap(({ name }, index) => {
        const said = values.valueOf(batch, key.length + index, row);
        return said === undefined ? [] : [[name, said] as const];
      });
    return {
      compute(batch) {
        values.compute(batch);
        if (pieces !== undefined) refuseWrongTopics(batch, topicOf, reports);
      },
      headOf(batch, row) {
        const time = timed ? batch.times[row]! : Number.NaN;
        return spellHead([
          keyOf(batch, row),
          topicOf(batch, row),
          Number.isFinite(time) && time >= 0 ? time : null,
          headers.length === 0 ? noHeaders : headersOf(batch, row),
        ]);
      },
    };
  };
}

function refuseWrongTopics(
  batch: Batch,
  topicOf: (batch: Batch, row: number) => string | null,
  reports: Reports,
): void {
  let kept = 0;
  for (let k = 0; k < batch.selected; k++) {
    const row = batch.selection[k]!;
    const name = topicOf(batch, row)!;
    if (topicName.test(name) && name !== '.' && name !== '..') batch.selection[kept++] = row;
    else reports.reject(batch, row, `no topic can be called ${JSON.stringify(name.slice(0, 60))}`);
  }
  batch.selected = kept;
}

/** How values are written that are not JSON. */
export interface WrittenValues {
  encode(record: Uint8Array): Uint8Array;
}

const bareHead: RecordHead = [null, null, null, []];

/** A head in front of a value that stands there as base64. */
function encodedHead(head: string): string {
  const [key, topic, timestamp, headers] = head === '' ? bareHead : (JSON.parse(head) as RecordHead);
  return spellHead([key, topic, timestamp, headers, 'base64']);
}

/** The end towards topics; without heads and values of another format records are lines as they are. */
export function createTopicOutput(
  sink: ByteSink,
  heads: Heads | undefined,
  values: WrittenValues | undefined,
  reports: Reports,
): ChainEnd {
  const encoded = createByteWriter();
  const out = createByteWriter();
  const encoderFor = createEncoders();
  /** The value of a record; undefined when it does not fit, and is refused. */
  const encodedValue = (batch: Batch, row: number, line: Uint8Array): string | undefined => {
    try {
      return Buffer.from(values!.encode(line)).toString('base64');
    } catch (error) {
      if (!isProblem(error) || error.details.code !== 'bad-record') throw error;
      reports.reject(batch, row, error.message);
      return undefined;
    }
  };
  const addHeads = (batch: Batch): void => {
    const { bytes, length } = encoded;
    for (let at = 0, k = 0; at < length; k++) {
      const end = bytes.indexOf(newline, at) + 1;
      const row = batch.selection[k]!;
      const head = heads?.headOf(batch, row) ?? '';
      if (values === undefined) {
        writeText(out, head);
        writeBytes(out, bytes, at, end);
      } else {
        const value = encodedValue(batch, row, bytes.subarray(at, end - 1));
        if (value !== undefined) writeText(out, `${encodedHead(head)}${value}\n`);
      }
      at = end;
    }
    encoded.length = 0;
  };
  return {
    batch(batch) {
      if (batch.selected === 0) return;
      heads?.compute(batch);
      if (batch.selected === 0) return;
      const isPlain = heads === undefined && values === undefined;
      encodeBatch(encoderFor(batch.image), batch, isPlain ? out : encoded);
      if (!isPlain) addHeads(batch);
      if (out.length > 1 << 20) leave(out, sink);
    },
    watermark() {},
    flush: () => leave(out, sink),
    barrier() {},
    end() {},
    passControlLine() {},
    facts: () => ({}),
    restore() {},
  };
}
