/**
 * The pipes of a job that flow together, as a stage finds them: those that meet in it are of one run, and the last stage is
 * reached by all of them.
 */
import { problem } from '../../../diagnostics/index.js';
import { branchOf } from '../../../state/index.js';
import { type JobStage, stageOf } from './job-stage.js';

/** The stage at which streams of one job meet: that of the first of them. Throws when they are of different runs. */
export function meetAt(joined: readonly JobStage[]): JobStage {
  const [first, ...others] = joined as readonly [JobStage, ...JobStage[]];
  const other = others.find(
    ({ store }) => store.path !== first.store.path || store.generation !== first.store.generation,
  );
  if (other !== undefined) {
    throw problem({
      code: 'usage',
      message: `the streams that meet belong to two jobs, ${first.store.job} and ${other.store.job}, each with its own checkpoints`,
      hint: 'give the heads of all pipes one --state: --branches b at one of them, and --branch b at the other',
    });
  }
  const before = joined.flatMap((stage) => stage.before);
  const twice = before.find((stage, index) => before.indexOf(stage) !== index);
  if (twice !== undefined) {
    throw problem({ code: 'usage', message: `the stream of stage ${twice} of the job comes in twice` });
  }
  const { store, number, branch, timeoutMs, keep, allowDroppedState, spillBytes } = first;
  return stageOf(store, { number, branch, before }, { timeoutMs, keep, allowDroppedState, spillBytes });
}

/** Throws when the last stage of a job is not reached by all of its pipes: no checkpoint would ever be whole. */
export function assertAllMet({ store, id, before, branch }: JobStage): void {
  const here = new Set([...before, id].map((stage) => branchOf(stage)));
  if (here.has(undefined)) {
    const missing = store.branches.filter((name) => !here.has(name));
    if (missing.length === 0) return;
    const names = missing.join(', ');
    throw problem({
      code: 'usage',
      message: `the job expects the branch ${names}, and no stream of it has come into this pipe`,
      hint: `its head may have failed, and says why; or name the stream at union or join, as in leat union <(leat from FILE --state ${store.path} --branch ${names})`,
    });
  }
  throw problem({
    code: 'usage',
    message: `the branch ${branch} ends here, and the pipe that it belongs to is not reached`,
    hint: 'a branch flows into another pipe, as in leat union <(leat from FILE --branch b ...)',
  });
}
