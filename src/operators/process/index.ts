/**
 * process: a program of the user as a stage. Before each record the event-time timers fire that the watermark before it has
 * reached, so that the answer does not depend on how the input is cut. What it emits are plain records without event
 * time, key and window, in one process as between two. Without the program, where nothing is run, its state is still read.
 */
import { isProblem, problem } from '../../diagnostics/index.js';
import type { ProcessNode } from '../../plan/index.js';
import { type Batch, recordText } from '../../record/index.js';
import { readFacts, writeFacts } from '../../state/index.js';
import { type Builder, rejectOf } from '../builder.js';
import { type KeyColumns, keyColumns } from '../chosen/key-columns.js';
import { timerDuesOf } from '../due.js';
import type { Operator, Output } from '../operator.js';
import type { PlaceTime, Services } from '../place.js';
import { createRescan, type Rescan } from '../rescan.js';
import { createKeeper, spellKeys } from '../window/kept.js';
import { createKeptKeys } from '../window/kept-entries.js';
import { type AtHand, createContext, type Given } from './context.js';
import type { ProcessDefinition } from './definition.js';
import { createKeyStates, type TimerKind } from './key-states.js';
import { editProgram, showProgram } from './program-entries.js';

interface Parts {
  readonly node: ProcessNode;
  readonly program: ProcessDefinition | undefined;
  readonly keys: KeyColumns;
  readonly time: PlaceTime | undefined;
}

/** Calls the program; what it throws ends the run and says where. */
function call(file: string, name: string, run: () => unknown): void {
  let given: unknown;
  try {
    given = run();
  } catch (error) {
    const hint = isProblem(error) ? error.details.hint : undefined;
    const message = `${file}: ${name} failed: ${error instanceof Error ? error.message : String(error)}`;
    throw problem({ code: 'command', message, cause: error, ...(hint === undefined ? {} : { hint }) });
  }
  if (given instanceof Promise) {
    given.catch(() => {});
    const hint = 'what waits stands in a stage of its own: leat exec or leat via';
    throw problem({
      code: 'command',
      message: `${file}: ${name} gave a promise, and nobody waits for it`,
      hint,
    });
  }
}

/** Where what the program gives goes. */
function givenTo({ node }: Parts, rescan: Rescan, services: Services): Given {
  const files = new Map(node.sides.map(({ name, path }) => [name, services.copy?.(path)]));
  return {
    emit: (text) => rescan.addBytes(Buffer.from(text), Number.NaN, Number.NEGATIVE_INFINITY, node.file),
    side(name, text) {
      if (!files.has(name)) {
        const hint = `give it a file: --side ${name}=FILE`;
        throw problem({ code: 'command', message: `there is no output ${name}`, hint });
      }
      files.get(name)?.append(Buffer.from(`${text}\n`));
    },
  };
}

function createProcess(
  parts: Parts,
  startRescan: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const { node, program, keys, time } = parts;
  const timed = time !== undefined;
  const dues = time === undefined ? undefined : timerDuesOf(time);
  const states = createKeyStates();
  const keeper = createKeeper(keys.key);
  const entries = { kept: createKeptKeys(keys.key), time };
  const rescan = startRescan((batch) => output.batch(batch));
  const hand: AtHand = { state: states.of(''), time: undefined, watermark: Number.NEGATIVE_INFINITY };
  states.release(hand.state);
  const { clock } = services;
  const context = createContext(hand, states, givenTo(parts, rescan, services), { clock, timed });
  const reject = rejectOf(services);
  let isOpen = false;

  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    call(node.file, 'open', () => program?.open?.());
  };
  const fire = (kind: TimerKind, until: number): void => {
    for (let due = states.takeDue(kind, until); due !== undefined; due = states.takeDue(kind, until)) {
      const { time, state } = due;
      hand.state = state;
      hand.time = time;
      open();
      call(node.file, 'onTimer', () => program?.onTimer?.({ kind, time }, context));
      states.release(state);
    }
  };
  const advance = (watermark: number): void => {
    hand.watermark = Math.max(hand.watermark, watermark);
    fire('event', hand.watermark);
  };
  return {
    stateShape: `the state of a program${spellKeys(keys.key)}`,
    staysInMemory: true,
    snapshot(into) {
      writeFacts(into, { watermark: hand.watermark });
      states.snapshot(into);
    },
    restore(from) {
      ({ watermark: hand.watermark } = readFacts(from, { watermark: hand.watermark }));
      states.restore(from);
    },
    entries: () => showProgram(entries, states),
    edit: () => editProgram(entries, states),
    onBatch(batch) {
      if (program === undefined) throw new Error('a process runs that was given no program');
      keys.project(batch, reject);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        if (dues !== undefined) advance(dues.before(batch.times[row]!, batch.marks[row]!));
        open();
        hand.state = states.of(keeper.keyOf(batch, row));
        hand.time = timed ? batch.times[row] : undefined;
        const record = JSON.parse(recordText(batch, row)) as Record<string, unknown>;
        call(node.file, 'onRecord', () => program?.onRecord(record, context));
        states.release(hand.state);
      }
      rescan.flush();
    },
    onWatermark(watermark) {
      if (dues !== undefined) advance(dues.said(watermark));
      rescan.flush();
      if (watermark === Number.POSITIVE_INFINITY) output.watermark(watermark);
    },
    onEnd() {},
    nextTimer: () => states.next('processing'),
    onTimer(nowMs) {
      fire('processing', nowMs);
      rescan.flush();
    },
  };
}

export const buildProcess: Builder<ProcessNode> = (node, place) => {
  const rescan = createRescan();
  const rows = { fields: new Map(), open: true, dropped: new Set<string>(), layout: rescan.layout };
  const parts: Parts = {
    node,
    program: place.programs?.(node.file),
    keys: keyColumns(node.by, place),
    time: place.time,
  };
  return {
    place: { ...place, rows, time: undefined, key: [], window: undefined, isPlain: true },
    create: (output, services) => createProcess(parts, rescan.start, output, services),
  };
};
