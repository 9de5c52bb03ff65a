/** What a stage says when the one before it or behind it has died: which one, and what that means. */
import { problem } from '../../diagnostics/index.js';
import type { JobStage } from './checkpoints/job-stage.js';

/** What a person calls the pipe of a stage. */
const pipeOf = ({ branch }: JobStage): string => (branch === undefined ? 'the job' : `the branch ${branch}`);

/** A branch ends in another pipe, of which its stages know nothing. */
const downstreamOf = (stage: JobStage): string =>
  stage.branch === undefined
    ? `stage ${stage.number + 1} of the job, downstream,`
    : `what reads stage ${stage.number} of the branch ${stage.branch}, downstream,`;

/** `joined`: what the stage is to the one before it, where several pipes flow in; undefined when that is of no job. */
export function failUpstream(stage: JobStage | undefined, joined: JobStage | undefined): never {
  const which =
    joined === undefined
      ? `the stage upstream${stage === undefined ? '' : ' in another pipe that flows in'}`
      : `stage ${joined.number - 1} of ${pipeOf(joined)}, upstream,`;
  const left =
    stage === undefined ? 'windows still open were not fired' : 'nothing since the last checkpoint counts';
  throw problem({
    code: 'upstream',
    message: `${which} ended without saying so: it failed or was killed, and ${left}`,
    hint: 'its own message says why',
  });
}

/** The stage upstream has said so in its stream line. */
export function failUnbegun(): never {
  throw problem({
    code: 'upstream',
    message: 'the stage upstream could not begin its job, and nothing came of it',
    hint: 'its own message says why',
  });
}

export function failDownstream(stage: JobStage): never {
  throw problem({
    code: 'output',
    message: `${downstreamOf(stage)} ended: it failed or was killed, and nothing since the last checkpoint counts`,
    hint: 'its own message says why; typed again, the pipe goes on from the last checkpoint',
  });
}
