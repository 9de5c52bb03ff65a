/**
 * The output of a run with checkpoints: which sink in epochs a plan asks for, and the files of refused and
 * late records beside it. Nothing here decides when an epoch ends.
 */
import {
  type EpochContext,
  type EpochSink,
  openExecInEpochs,
  openFileInEpochs,
  openFolderInEpochs,
  openSideFileInEpochs,
  openStdoutInEpochs,
} from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { isTopicUri, latePolicyOf, type PhysicalStep, type ToNode } from '../../plan/index.js';
import type { BadPolicy, KeptFile } from './accounts.js';
import { folderOf, outputName } from './ends.js';

/** What sinks in epochs are opened with; `clock` is that of the run. */
export interface EpochEndsContext extends EpochContext {
  readonly clock: () => number;
}

/** Opens the sink of a run with checkpoints; `recover` is to be called before anything is written. */
export async function openEpochSink(to: ToNode | undefined, context: EpochEndsContext): Promise<EpochSink> {
  const guarantee = to?.guarantee ?? 'exactly-once';
  if (to?.format === 'table') {
    throw problem({
      code: 'plan',
      message:
        'a table needs all records before its first line, and a run with checkpoints writes as it goes',
      hint: 'write csv or json, or leave the checkpoints out',
    });
  }
  if (to?.exec !== undefined) {
    return await openExecInEpochs(to.exec.command, to.exec.retries, outputName, context);
  }
  if (to === undefined || to.uri === '-') return await openStdoutInEpochs(outputName, guarantee, context);
  if (isTopicUri(to.uri)) {
    const { openTopicInEpochs, openTopicSink } = await import('../../connectors/index.js');
    if (guarantee === 'at-least-once') return await openTopicSink(to.uri, context.say);
    return await openTopicInEpochs(to.uri, {
      ...context,
      folder: await context.epochFolder(outputName),
      sink: outputName,
    });
  }
  const folder = folderOf(to);
  if (folder === undefined) return await openFileInEpochs(to.uri, outputName, guarantee, context);
  const { rollBytes, rollMs } = folder;
  return await openFolderInEpochs(
    { path: to.uri, rollBytes, rollMs, clock: context.clock },
    outputName,
    context,
  );
}

/** Files of refused and late records, each a sink in epochs with a name of its own. */
export interface SideOutputs {
  /** By the name that a checkpoint keeps their committables under. */
  readonly sinks: ReadonlyMap<string, EpochSink>;
  /** What the accounts write to, by path. */
  keep(path: string): KeptFile;
  /** A promise to wait for while too much is unwritten, else undefined. */
  drained(): Promise<unknown> | undefined;
  /** When the last epoch is applied. */
  close(): Promise<void>;
}

/** A side output: the name that it has in checkpoints, and its path. */
export interface SidePath {
  readonly name: string;
  readonly path: string;
}

/** The files of records that a step puts aside. */
function pathsOf(step: PhysicalStep): readonly string[] {
  if (step.kind === 'tee') return [step.path];
  return step.kind === 'process' ? step.sides.map(({ path }) => path) : [];
}

/** The side outputs that steps and a policy name, each path once; `rejected` is where a job keeps refused records. */
export function sidePaths(
  steps: readonly PhysicalStep[],
  bad: BadPolicy,
  rejected?: string,
): readonly SidePath[] {
  const late = steps.flatMap((step) => {
    const policy = latePolicyOf(step);
    return policy?.kind === 'file' ? policy.path : [];
  });
  const copies = steps.flatMap((step) => pathsOf(step));
  const all: SidePath[] = [
    ...(rejected === undefined ? [] : [{ name: 'rejected', path: rejected }]),
    ...(bad.kind === 'file' ? [{ name: 'bad', path: bad.path }] : []),
    ...late.map((path, index) => ({ name: `late-${index}`, path })),
    ...copies.map((path, index) => ({ name: `tee-${index}`, path })),
  ];
  return all.filter(({ path }, index) => all.findIndex((other) => other.path === path) === index);
}

/** Opens the side outputs of these paths; each has to be recovered before anything is written. */
export async function openSideOutputs(
  paths: readonly SidePath[],
  context: EpochContext,
): Promise<SideOutputs> {
  const sinks = new Map<string, EpochSink>();
  const byPath = new Map<string, EpochSink>();
  for (const { name, path } of paths) {
    const sink = await openSideFileInEpochs(path, name, context);
    sinks.set(name, sink);
    byPath.set(path, sink);
  }
  return {
    sinks,
    keep(path) {
      const sink = byPath.get(path)!;
      return {
        append(text) {
          const bytes = Buffer.from(text as string);
          sink.write(bytes, bytes.length);
        },
        // The run closes its sinks when the last epoch is applied.
        close() {},
      };
    },
    drained() {
      const waits = [...byPath.values()].flatMap((sink) => sink.drained() ?? []);
      return waits.length === 0 ? undefined : Promise.all(waits);
    },
    async close() {
      for (const sink of byPath.values()) await sink.close();
    },
  };
}
