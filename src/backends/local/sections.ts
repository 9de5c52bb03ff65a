/**
 * A plan with programs of others in it, run as several sections side by side in this process. Each is a run of its own, like
 * the stages of a pipe that somebody typed: its output is a stream with control lines, and in a job the next one learns
 * from it which job that is. The first failure is the one that is reported.
 */
import { type Feed, openExec, openVia, type Passage } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { type ForeignNode, type Plan, sectionsOf } from '../../plan/index.js';
import { type KeptFile, openKeptFile } from './accounts.js';
import type { JobStage } from './checkpoints/job-stage.js';
import type { RunOptions, RunResult } from './run-options.js';

type RunSection = (plan: Plan, options: RunOptions, begun: JobStage | undefined) => Promise<RunResult>;

/** Files of refused and late records that sections have in common: opened once, closed with the last. */
function shareFiles() {
  const files = new Map<string, KeptFile>();
  return {
    keep(path: string): KeptFile {
      const file = files.get(path) ?? openKeptFile(path);
      files.set(path, file);
      return { append: file.append, close() {} };
    },
    close(): void {
      for (const file of files.values()) file.close();
    },
  };
}

/** The paths of late records that a plan names. */
const latePaths = ({ nodes }: Plan): readonly string[] =>
  nodes.flatMap((node) => {
    const policy = 'late' in node ? node.late : undefined;
    return policy?.kind === 'file' ? [policy.path] : [];
  });

/** In a job each section commits its own files, and two that append to one would not agree about its length. */
function refuseSharedFiles(plans: readonly Plan[], { bad, job }: RunOptions): void {
  if (job === undefined) return;
  const paths = plans.flatMap((plan) => [...new Set(latePaths(plan))]);
  const shared = bad?.kind === 'file' ? bad.path : paths.find((path, index) => paths.indexOf(path) !== index);
  if (shared === undefined) return;
  throw problem({
    code: 'plan',
    message: `the parts of the pipeline before and behind a command would both write ${shared}`,
    hint:
      bad?.kind === 'file'
        ? 'leave --bad out: a job keeps refused records in rejected.ndjson of its store'
        : 'give each --late a file of its own',
  });
}

function openPassage(
  node: ForeignNode,
  say: RunOptions['say'],
  onFailure: (error: unknown) => void,
): Passage {
  if (node.kind === 'exec') return openExec({ ...node, as: node.as, onFailure });
  const { command, ok, settle, untimed } = node;
  return openVia({ command, ok, settle, untimed, say, onFailure });
}

interface SectionParts {
  readonly index: number;
  readonly before: Passage | undefined;
  readonly behind: Passage | undefined;
  readonly signal: AbortSignal | undefined;
  keep(path: string): KeptFile;
}

/** What one section is run with. */
function optionsFor(options: RunOptions, { index, before, behind, signal, keep }: SectionParts): RunOptions {
  const { signal: _, onProgress, verbose, marks, ...rest } = options;
  return {
    ...rest,
    ...(signal === undefined ? {} : { signal }),
    ...(index > 0 || onProgress === undefined ? {} : { onProgress }),
    ...(index > 0 || verbose === undefined ? {} : { verbose }),
    ...(behind === undefined ? (marks === undefined ? {} : { marks }) : { marks: 'always' }),
    between: {
      input: before?.feed,
      output: behind?.sink,
      keep,
    },
  };
}

/** What several sections came to. */
function together(results: readonly RunResult[]): RunResult {
  const [first, last] = [results[0]!, results.at(-1)!];
  const sum = (name: 'rejected' | 'late'): number =>
    results.reduce((total, { totals }) => total + totals[name], 0);
  return {
    outcome: first.outcome === 'stopped' ? 'stopped' : last.outcome,
    totals: { recordsIn: first.totals.recordsIn, rejected: sum('rejected'), late: sum('late') },
  };
}

/** Runs the sections of a plan to their end. `run` runs one of them. */
export async function runSections(
  plan: Plan,
  options: RunOptions,
  begun: JobStage | undefined,
  run: RunSection,
): Promise<RunResult> {
  const { plans, between } = sectionsOf(plan);
  refuseSharedFiles(plans, options);
  let first: { readonly error: unknown } | undefined;
  // An input that waits for its next bytes does not look at what has become of its output. In a job that is left to the
  // end of a checkpoint, which the parts of a job wait for.
  const halt = new AbortController();
  const fail = (error: unknown): void => {
    first ??= { error };
    if (begun === undefined) halt.abort();
  };
  const files = shareFiles();
  const passages = between.map((node) => openPassage(node, options.say, fail));
  const stops = passages.map(() => new AbortController());
  const runs = plans.map(async (section, index): Promise<RunResult | undefined> => {
    const [before, behind] = [passages[index - 1], passages[index]];
    const asked = options.signal === undefined ? [halt.signal] : [options.signal, halt.signal];
    const signal = index === 0 ? AbortSignal.any(asked) : stops[index - 1]!.signal;
    const own = optionsFor(options, { index, before, behind, signal, keep: files.keep });
    try {
      const result = await run(section, own, index === 0 ? begun : undefined);
      const stopped = (): void => stops[index]!.abort();
      behind?.upstreamEnded(result.outcome === 'stopped' ? { kind: 'stopped', stopped } : { kind: 'done' });
      return result;
    } catch (error) {
      fail(error);
      before?.abandon();
      behind?.upstreamEnded({ kind: 'failed', error });
      return undefined;
    }
  });
  const results = await Promise.all(runs);
  files.close();
  if (first !== undefined) throw first.error;
  return together(results as readonly RunResult[]);
}

/** What a section has in place of stdin and stdout. */
export interface Between {
  readonly input: Feed | undefined;
  readonly output: Passage['sink'] | undefined;
  /** Opens a file of refused or late records. */
  keep(path: string): KeptFile;
}
