/**
 * The checkpoints of one stage. At a barrier everything that belongs to it is taken at once: the pages of the operators,
 * the position of the input, the end of the sinks' epoch. Writing goes on behind, in order, while the next records are
 * worked on. The last stage completes the checkpoint and only then commits; the others commit their side outputs when
 * they see that it exists. A checkpoint that fails ends the run: what it would have committed stays uncommitted.
 * After Carbone et al., "Lightweight asynchronous snapshots for distributed dataflows" (2015).
 */
import type { Committable, EpochSink } from '../../../connectors/index.js';
import { type Problem, problem } from '../../../diagnostics/index.js';
import { together } from '../../../disk/index.js';
import { type JobStore, lastMember, type PartFacts, pauseAfter, type StageId } from '../../../state/index.js';
import type { SpillRun } from '../spill-run.js';
import type { NamedOperator } from './operator-name.js';
import { withSinkFailure } from './sink-failure.js';

/** A stage as its checkpoints see it. */
export interface StageParts {
  readonly id: StageId;
  /** The stages in front of this one. */
  readonly before: readonly StageId[];
  /** Whether this stage completes the checkpoints. */
  readonly isLast: boolean;
  readonly operators: readonly NamedOperator[];
  readonly sinks: ReadonlyMap<string, EpochSink>;
  /** Keeps state of the operators on disk. */
  readonly spill: SpillRun | undefined;
  /** Small facts to keep besides; what they say is of the moment of the call. */
  facts(): PartFacts | Promise<PartFacts>;
}

export interface CoordinatorOptions {
  readonly timeoutMs: number;
  readonly keep: number;
  /** Resolves after so many ms; rejects when waiting has become useless. */
  pause(ms: number): Promise<void>;
  /** Whether a checkpoint counts as done only when it exists, also where another stage completes it. */
  readonly awaitsCompletion: boolean;
  /** A checkpoint is done. */
  onDone(): void;
  /** A checkpoint failed; the next call of this coordinator throws why. */
  onFailure(): void;
}

/** What is special about a checkpoint. */
export interface TakenAs {
  /** The input has ended. */
  readonly finished: boolean;
  /** One of many in a short time: what older ones left is deleted with the next that is not. */
  readonly hurried: boolean;
  /** Said to the heads of other pipes: no barrier follows, because the run was stopped or all inputs have ended. */
  readonly last?: 'stop' | 'end' | undefined;
}

export interface Coordinator {
  /** Checkpoints whose writing is not done. */
  readonly pending: number;
  /** Takes the stage's part of a checkpoint. Returns at once; throws when an earlier one has failed. */
  take(epoch: number, as: TakenAs): void;
  /** Finds out, where there is nothing to take, whether the job is still that of this run. Returns at once. */
  look(): void;
  /** Throws the failure of an earlier checkpoint, if there was one. */
  assertHealthy(): void;
  /** Waits for everything taken so far. */
  settled(): Promise<void>;
  /** Waits until a checkpoint exists and commits what is prepared up to it; for stages that are not the last one. */
  awaitComplete(epoch: number): Promise<void>;
}

interface Prepared {
  readonly epoch: number;
  readonly committables: ReadonlyMap<string, Committable>;
}

function notCompleted(epoch: number, waitedMs: number): Problem {
  return problem({
    code: 'state',
    message: `checkpoint ${epoch} was not completed within ${waitedMs} ms by the last stage of the pipe`,
    hint: 'its own message says why; a longer --timeout waits longer',
  });
}

async function prepareAll(sinks: ReadonlyMap<string, EpochSink>, epoch: number): Promise<Prepared> {
  const names = [...sinks.keys()];
  const made = await Promise.all(
    names.map((name) => withSinkFailure(name, () => sinks.get(name)!.prepare(epoch))),
  );
  return { epoch, committables: new Map(names.map((name, index) => [name, made[index]!])) };
}

/** The coordinator of a stage. */
export function createCoordinator(
  store: JobStore,
  stage: StageParts,
  options: CoordinatorOptions,
): Coordinator {
  let queue: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  let pending = 0;
  /** Prepared and not committed, oldest first. */
  const prepared: Prepared[] = [];

  const untilComplete = async (epoch: number): Promise<void> => {
    let waitedMs = 0;
    while (!(await store.isComplete(epoch))) {
      await store.assertHeld();
      if (waitedMs > options.timeoutMs) throw notCompleted(epoch, waitedMs);
      const pauseMs = pauseAfter(waitedMs);
      await options.pause(pauseMs).catch(async (error: unknown) => {
        // The last stage may have ended because it was done.
        if (!(await store.isComplete(epoch))) throw error;
      });
      waitedMs += pauseMs;
    }
  };

  const commitUpTo = async (epoch: number): Promise<void> => {
    while (prepared[0] !== undefined && prepared[0].epoch <= epoch) {
      await store.assertHeld();
      for (const [name, committable] of prepared[0].committables) {
        const sink = stage.sinks.get(name)!;
        await withSinkFailure(name, () => sink.commit(prepared[0]!.epoch, committable));
      }
      prepared.shift();
    }
  };

  const finishPart = async (
    epoch: number,
    { finished, hurried, last }: TakenAs,
    write: (facts: PartFacts) => Promise<void>,
    taken: Promise<readonly [PartFacts, Prepared]>,
  ): Promise<void> => {
    const [facts, epochs] = await taken;
    // A barrier comes after the checkpoint before it was completed, unless that was given up.
    const before = prepared.at(-1)?.epoch;
    if (!stage.isLast && before !== undefined && (await store.isComplete(before))) await commitUpTo(before);
    const said = last === undefined ? {} : { [lastMember]: last };
    await write({ ...facts, ...said, sinks: Object.fromEntries(epochs.committables) });
    prepared.push(epochs);
    if (stage.isLast) {
      const { timeoutMs, keep } = options;
      await store.complete(epoch, { stages: [...stage.before, stage.id], finished, timeoutMs });
      // What is deleted is older than what is committed here.
      await together([commitUpTo(epoch), ...(hurried ? [] : [store.tidy(keep)])]);
    } else if (options.awaitsCompletion) {
      await untilComplete(epoch);
      await commitUpTo(epoch);
    }
  };

  const assertHealthy = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    options.onFailure();
  };

  return {
    get pending() {
      return pending;
    },
    assertHealthy,
    take(epoch, as) {
      assertHealthy();
      const part = store.beginPart(epoch, stage.id);
      for (const { uid, operator } of stage.operators) {
        if (operator.stateShape === undefined) continue;
        operator.snapshot(part.operator(uid, operator.stateShape));
        const { spill } = stage;
        if (spill !== undefined) part.files(uid, (folder) => spill.capture(uid, folder));
      }
      const taken = Promise.all([stage.facts(), prepareAll(stage.sinks, epoch)]);
      // It is awaited in its turn; until then a failure must not count as unhandled.
      taken.catch(() => {});
      pending++;
      queue = queue
        .then(() =>
          failure === undefined ? finishPart(epoch, as, (facts) => part.write(facts), taken) : undefined,
        )
        .then(
          () => {
            pending--;
            options.onDone();
          },
          (error: unknown) => {
            pending--;
            fail(error);
          },
        );
    },
    look() {
      queue = queue.then(() => (failure === undefined ? store.assertHeld() : undefined)).catch(fail);
    },
    async settled() {
      await queue;
      assertHealthy();
    },
    async awaitComplete(epoch) {
      await queue;
      assertHealthy();
      await untilComplete(epoch);
      await commitUpTo(epoch);
    },
  };
}
