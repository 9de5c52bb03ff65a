/**
 * The sinks of a stage of a job: which output is committed with the checkpoints, and where a run that goes on finds it. A
 * pipe to the next stage is no such sink: what is in it is part of the stream between two barriers.
 */
import {
  type ByteSink,
  type Committable,
  type EpochSink,
  openStdout,
  sinkKindOf,
} from '../../../connectors/index.js';
import type { ToNode } from '../../../plan/index.js';
import { nameOfStage } from '../../../state/index.js';
import { emptiedFile, outputName } from '../ends.js';
import { type EpochEndsContext, openEpochSink } from '../epoch-ends.js';
import type { JobStage } from './job-stage.js';
import { markOutput } from './output-mark.js';
import { withSinkFailure } from './sink-failure.js';

/** The output of a stage: a sink in epochs, or the pipe to the next stage. */
export type JobOutput =
  | { readonly kind: 'epochs'; readonly sink: EpochSink }
  | { readonly kind: 'pipe'; readonly sink: ByteSink };

/** Sinks of a stage have names of their own in the job. */
function sinkName(stage: JobStage, name: string): string {
  return nameOfStage(stage.id, name);
}

/** What the sinks of a stage are opened with. */
export function epochContext(
  stage: JobStage,
  surroundings: Pick<EpochEndsContext, 'disk' | 'say' | 'clock' | 'repeats'>,
): EpochEndsContext {
  return {
    ...surroundings,
    job: stage.store.job,
    assertHeld: () => stage.store.assertHeld(),
    epochFolder: (name) => stage.store.epochFolder(sinkName(stage, name)),
  };
}

/** Opens the output of a stage. `endsPipe`: stdout is not for another stage, whatever it is. */
export async function openJobOutput(
  to: ToNode | undefined,
  endsPipe: boolean,
  context: EpochEndsContext,
  stage: JobStage,
): Promise<JobOutput> {
  const path = emptiedFile(to);
  if (path !== undefined && stage.number > 0) await markOutput(context.disk, path, stage.store.job);
  const isPipe = to === undefined && !endsPipe && context.stdout === undefined && sinkKindOf(1) === 'pipe';
  if (isPipe) return { kind: 'pipe', sink: openStdout() };
  return { kind: 'epochs', sink: await openEpochSink(to, context) };
}

type Committables = Readonly<Record<string, Committable>>;

/**
 * What a sink committed when the state was kept. A pipeline that has changed since a savepoint may end in a stage of another
 * number, whose output goes on with that of the stage that was the last one, and have other side outputs.
 */
function committedBy(stage: JobStage, name: string, path: string): Committable | undefined {
  const { restored, savepoint, store } = stage;
  const own = restored?.facts['sinks'] as Committables | undefined;
  if (savepoint === undefined) return own?.[name];
  if (name !== outputName)
    return Object.values(own ?? {}).find((committable) => committable['path'] === path);
  const others = (store.restored?.parts ?? []).map((part) => part.facts['sinks'] as Committables | undefined);
  return own?.[name] ?? others.findLast((sinks) => sinks?.[name] !== undefined)?.[name];
}

/**
 * Brings the sinks to where the checkpoint has them; those that it does not know begin. Resolves to whether the main output
 * goes on.
 */
export async function recoverSinks(
  stage: JobStage,
  sinks: ReadonlyMap<string, EpochSink>,
  say: (line: string) => void,
): Promise<boolean> {
  const { restored, restoredEpoch, savepoint } = stage;
  let goesOn = restored !== undefined;
  for (const [name, sink] of sinks) {
    const committable = committedBy(stage, name, sink.name);
    const begins = (): void => {
      if (name === outputName) goesOn = false;
    };
    if (committable === undefined) begins();
    const start = savepoint === undefined ? {} : { savepoint: { say, begins } };
    const last = committable === undefined ? undefined : { epoch: restoredEpoch, committable, ...start };
    await withSinkFailure(name, () => sink.recover(last));
  }
  return goesOn;
}
