/**
 * The end of a chain towards NDJSON: encodes what arrives and, on a stream with control lines, says what
 * the next stage could not work out for itself. The next stage derives the watermark from the records it
 * sees; so a watermark line is written before a record that is older than something that was dropped
 * before it, or hardly younger, and when a chunk is done while the watermark is ahead of what was passed
 * on. The answer downstream is then the same wherever a chain is cut.
 */

import type { ByteSink } from '../../connectors/index.js';
import type { Output } from '../../operators/index.js';
import {
  type Batch,
  type ByteWriter,
  createByteWriter,
  createEncoders,
  type Encoder,
  encodeBatch,
  writeText,
} from '../../record/index.js';
import { type StreamLine, spellControlLine } from '../../stream/index.js';
import { heldInOrderMs } from '../../time/index.js';
import { leave } from './leave.js';

/** The end of a chain: takes what flows and hands bytes to a sink. */
export interface ChainEnd extends Output {
  /** Called when a chunk is done: what it produced leaves now. */
  flush(): void;
  /**
   * A checkpoint is cut here: said to the next stage behind everything before it. `stop` says that the run ends though the
   * input did not. Nothing happens on an output without control lines.
   */
  barrier(checkpoint: number, stop: boolean): void;
  /**
   * The input is complete; `complete` is false when the run was stopped. In a job it is the last barrier, of that
   * checkpoint.
   */
  end(complete: boolean, checkpoint?: number): void;
  /** A control line that this stage does not know and passes on. */
  passControlLine(text: string): void;
  /** What it must know again after a crash, as plain data (JSON) for a checkpoint. */
  facts(): EndFacts;
  /** Takes back what `facts` gave, before the first batch. */
  restore(facts: EndFacts): void;
}

/** Plain data that an end of a chain keeps with a checkpoint. */
export type EndFacts = Readonly<Record<string, unknown>>;

/**
 * What an output with control lines knows of its stream. The line is asked for when the first byte is
 * written.
 */
export interface OutputStream {
  line(): StreamLine;
  /** Delay of the watermark in ms when records carry event time, else undefined. */
  readonly delayMs: number | undefined;
  /** Whether the next stage can read the times from the records; else every watermark is said. */
  readonly timesInRecords: boolean;
  /** The watermark does not follow from the times: each that a record is judged by is said in front of it. */
  readonly saysAll: boolean;
}

/**
 * Bytes above which a buffer leaves in the middle of a chunk, so that a firing window is not held in memory
 * twice.
 */
const leaveAtBytes = 1 << 18;

interface Progress {
  /** Highest event time written so far, as the next stage has seen it. */
  highest: number;
  /** The chain's watermark. */
  watermark: number;
  announced: boolean;
  /** Records written since the last barrier. */
  records: number;
}

function encodeRange(encoder: Encoder, batch: Batch, from: number, to: number, out: ByteWriter): void {
  if (from === to) return;
  const { selection, selected } = batch;
  batch.selection = selection.subarray(from, to);
  batch.selected = to - from;
  encodeBatch(encoder, batch, out);
  batch.selection = selection;
  batch.selected = selected;
}

function encodeWithMarks(
  encoder: Encoder,
  batch: Batch,
  out: ByteWriter,
  progress: Progress,
  { delayMs, saysAll }: { readonly delayMs: number; readonly saysAll: boolean },
): void {
  const { selection, selected, times, marks } = batch;
  // A record that is older than what was dropped; or one that touches a session which that has closed.
  const shownMs = Math.max(delayMs, heldInOrderMs);
  let highest = progress.highest;
  let from = 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    const time = times[row]!;
    const dropped = marks[row]! + delayMs;
    if (dropped > highest && (saysAll || time < marks[row]! + shownMs)) {
      encodeRange(encoder, batch, from, k, out);
      from = k;
      writeText(out, `${spellControlLine({ kind: 'watermark', time: marks[row]! })}\n`);
      highest = dropped;
    }
    if (time > highest && !saysAll) highest = time;
  }
  encodeRange(encoder, batch, from, selected, out);
  progress.highest = highest;
}

/** An NDJSON output into a sink; with a stream it carries control lines. */
export function createNdjsonOutput(sink: ByteSink, stream: OutputStream | undefined): ChainEnd {
  const out = createByteWriter();
  const encoderFor = createEncoders({ escapeControlLines: stream !== undefined });
  const progress: Progress = { highest: -Infinity, watermark: -Infinity, announced: false, records: 0 };

  const announce = (): void => {
    if (stream === undefined || progress.announced) return;
    progress.announced = true;
    writeText(out, `${spellControlLine(stream.line())}\n`);
  };

  return {
    batch(batch) {
      if (batch.selected === 0) return;
      announce();
      progress.records += batch.selected;
      const encoder = encoderFor(batch.image);
      if (stream?.delayMs === undefined || !stream.timesInRecords) encodeBatch(encoder, batch, out);
      else {
        const { delayMs, saysAll } = stream;
        encodeWithMarks(encoder, batch, out, progress, { delayMs, saysAll });
      }
      if (out.length > leaveAtBytes) leave(out, sink);
    },
    watermark(time) {
      progress.watermark = time;
    },
    flush() {
      const delayMs = stream?.delayMs;
      if (delayMs !== undefined && Number.isFinite(progress.watermark)) {
        if (progress.watermark > progress.highest - delayMs) {
          announce();
          writeText(out, `${spellControlLine({ kind: 'watermark', time: progress.watermark })}\n`);
          progress.highest = progress.watermark + delayMs;
        }
      }
      leave(out, sink);
    },
    barrier(checkpoint, stop) {
      if (stream === undefined) return;
      announce();
      const { records } = progress;
      writeText(out, `${spellControlLine({ kind: 'barrier', checkpoint, records, stop })}\n`);
      progress.records = 0;
      leave(out, sink);
    },
    end(complete, checkpoint) {
      if (stream !== undefined && complete) {
        announce();
        const { records } = progress;
        const last = checkpoint === undefined ? {} : { checkpoint, records };
        writeText(out, `${spellControlLine({ kind: 'end', ...last })}\n`);
      }
      leave(out, sink);
    },
    passControlLine(text) {
      if (stream === undefined) return;
      announce();
      writeText(out, `${text}\n`);
    },
    // Only towards another stage: what that stage has seen of the stream.
    facts: () => (Number.isFinite(progress.highest) ? { highest: progress.highest } : {}),
    restore({ highest }) {
      if (typeof highest === 'number') progress.highest = highest;
    },
  };
}
