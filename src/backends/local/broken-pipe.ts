/** What a stage says when the one before it or behind it has died: which one, and what that means. */
import { problem } from '../../diagnostics/index.js';
import type { JobStage } from './checkpoints/job-stage.js';

export function failUpstream(stage: JobStage | undefined): never {
  const which =
    stage === undefined ? 'the stage upstream' : `stage ${stage.number - 1} of the job, upstream,`;
  const left =
    stage === undefined ? 'windows still open were not fired' : 'nothing since the last checkpoint counts';
  throw problem({
    code: 'upstream',
    message: `${which} ended without saying so: it failed or was killed, and ${left}`,
    hint: 'its own message says why',
  });
}

export function failDownstream(stage: JobStage): never {
  throw problem({
    code: 'output',
    message: `stage ${stage.number + 1} of the job, downstream, ended: it failed or was killed, and nothing since the last checkpoint counts`,
    hint: 'its own message says why; typed again, the pipe goes on from the last checkpoint',
  });
}
