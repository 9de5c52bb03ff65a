/**
 * Opens the store for a stage that is not the first: it holds what the first stage claimed, and goes on from the
 * checkpoint that was settled there. Creates nothing: a path from a stream line is not to be trusted before the token
 * fits.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { JobStore } from '../checkpoint.js';
import { checkpointFolder } from '../paths.js';
import { onDisk } from './damage.js';
import { createDurableFolders } from './durable-folders.js';
import { isTokenOf } from './generation.js';
import type { StoreClock } from './holder.js';
import { requireStore } from './job-file.js';
import { jobStoreOf } from './job-store.js';
import { listGenerations, readRun } from './listing.js';
import { type OpenedCheckpoint, openCheckpoint, storedCheckpoint } from './stored-checkpoint.js';

export interface AttachOptions {
  /** The token that the first stage was given. */
  readonly token: string;
  readonly clock: StoreClock;
}

function wrongToken(path: string): Error {
  return problem({
    code: 'state',
    message: 'the state that the stream names is not held by the run that the stream comes from',
    place: { kind: 'file', path },
    hint: 'another run may have taken it over; start the whole pipe again',
  });
}

/** Opens the store of the present run. `path` is absolute. */
export function attachJobStore(disk: Disk, path: string, options: AttachOptions): Promise<JobStore> {
  const { token, clock } = options;
  return onDisk(path, async () => {
    const job = await requireStore(disk, path);
    const last = (await listGenerations(disk, path)).at(-1);
    const run = last === undefined ? undefined : (await readRun(disk, path, last)).facts;
    if (run === undefined || !isTokenOf(token, run)) throw wrongToken(path);
    const { from } = run;
    if (from === undefined) throw wrongToken(path);
    let opened: OpenedCheckpoint | undefined;
    if (from !== 'nothing') {
      opened = await openCheckpoint(disk, { folder: checkpointFolder(path, from), base: path }, from);
    }
    return jobStoreOf({
      disk,
      path,
      job,
      clock,
      folders: createDurableFolders(disk, path),
      run: { ...run, from },
      token,
      origin: opened?.manifest.origin ?? null,
      restored: opened === undefined ? undefined : storedCheckpoint(disk, opened),
      indexes: opened?.indexes ?? new Map(),
      findings: [],
    });
  });
}
