/**
 * A meeting of branches that is under way: the union of their rows, in a join what comes of them, the intake of what goes on
 * from there, and its chain. Rows that are certain are handed to the intake as lines; nothing of them stays in it.
 */
import {
  createUnion,
  type Operator,
  type Output,
  type Services,
  type Union,
  type UnionInput,
  type UnionRun,
} from '../../../operators/index.js';
import { type LatePolicy, latePolicyOf } from '../../../plan/index.js';
import {
  type ByteWriter,
  createByteWriter,
  createIntake,
  createScanner,
  type Intake,
  writeBytes,
} from '../../../record/index.js';
import type { Uid } from '../../../state/index.js';
import type { Accounts } from '../accounts.js';
import type { AskedField } from '../asked-fields.js';
import type { BatchWatch } from '../unseen-fields.js';
import { type Joint, originOf } from './branches.js';
import { type BuiltBranch, meetingUid, type Named, waitingUid } from './chains.js';
import { createJoinOf, type JoinOf } from './join-of.js';

export interface Meeting {
  readonly union: Union;
  /** What each branch gives its rows to. */
  readonly sides: readonly Output[];
  readonly intake: Intake;
  /** The chain behind the union. */
  readonly head: Operator;
  readonly chain: readonly Operator[];
  /** The union and the operators behind it, with the names of their states. */
  readonly named: readonly Named[];
  /** Gives on what is certain, through the chain. */
  settle(): void;
  /** No more rows come. */
  finish(): void;
}

export interface MeetingOptions {
  readonly inputs: readonly UnionInput[];
  readonly accounts: Accounts;
  readonly clock: () => number;
  services(late: LatePolicy, uid: Uid): Services;
  /** What is to see the batches of what leaves the meeting. */
  watch(asked: readonly AskedField[]): BatchWatch | undefined;
}

/** Hands the rows of a union on, with their times beside them. */
function passOn({ given, inputs }: BuiltBranch, lines: ByteWriter) {
  return ({ side, from, to, bytes, start, ends, times }: UnionRun): void => {
    writeBytes(lines, bytes, start, ends[to - 1]!);
    if (given === undefined) return;
    given.add(times, from, to);
    // Times are spelled as in the first record.
    given.time.cell.form ??= inputs[side]!.chain.place.time?.cell.form;
  };
}

/** Puts a meeting together; what leaves its chain goes to `end`. */
export function createMeeting(built: BuiltBranch, end: Output, options: MeetingOptions): Meeting {
  const { accounts, clock, inputs, services, watch } = options;
  const { chain } = built;
  const joint = built.branch as Joint;
  const created = chain.create(end, services, watch);
  const lines = createByteWriter();
  const { meeting } = joint;
  const late = latePolicyOf(meeting) ?? { kind: 'drop' };
  const join: JoinOf | undefined =
    meeting.kind === 'join'
      ? createJoinOf(meeting, built, services(late, meetingUid(joint)), lines)
      : undefined;
  const union = createUnion({
    inputs,
    timed: built.timed,
    clock,
    ...(join === undefined ? {} : { keyOf: join.keyOf }),
    deliver: join?.deliver ?? passOn(built, lines),
  });
  const scanner = createScanner(chain.layout);
  scanner.controlLines = false;
  // What is too long was refused where it was read, and no row may be missing beside its time.
  const maxLineBytes = Number.MAX_SAFE_INTEGER;
  const intake = createIntake(scanner, { batch: chain.batch, source: originOf(joint), maxLineBytes });

  const work = (): void => {
    for (let found = intake.next(); found === 'batch'; found = intake.next()) {
      const { batch } = intake;
      if (batch.rejected.length > 0) {
        accounts.takeRejected(batch.source, batch.rejected);
        batch.rejected = [];
      }
      if (batch.count > 0) created.head.onBatch(batch);
    }
  };
  /** Sends the lines that were written through the chain. */
  const sendLines = (): void => {
    for (let from = 0; from < lines.length; ) {
      const space = intake.space();
      const count = Math.min(space.length, lines.length - from);
      space.set(lines.bytes.subarray(from, from + count));
      from += count;
      intake.filled(count);
      work();
    }
    lines.length = 0;
  };
  const waiting = { uid: waitingUid(joint), operator: union.operator };
  const own = join === undefined ? [waiting] : [waiting, { uid: meetingUid(joint), operator: join.operator }];
  work();
  return {
    union,
    sides: union.sides.map((side, index) => join?.prepared(index, side) ?? side),
    intake,
    head: created.head,
    chain: created.operators,
    named: [...own, ...created.named],
    settle() {
      union.settle();
      sendLines();
      if (join !== undefined && Number.isFinite(join.watermark)) created.head.onWatermark(join.watermark);
    },
    finish() {
      join?.finish();
      sendLines();
      intake.finish();
      work();
    },
  };
}
